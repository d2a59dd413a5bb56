import type {
  AffectedEntity,
  DateTimeRange,
  DescribeAffectedEntitiesRequest,
  DescribeAffectedEntitiesResponse,
  DescribeEventDetailsRequest,
  DescribeEventDetailsResponse,
  DescribeEventsRequest,
  DescribeEventsResponse,
  Event,
  EventDetails,
  EventFilter,
} from '@aws-sdk/client-health';
import { AwsError, invalid } from '../errors';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { newestFirst, stateKey, within } from './support';

interface Health {
  readonly events: Map<string, EventDetails>;
  readonly entities: AffectedEntity[];
  subscribed: boolean;
}

const HEALTH_STATE = stateKey('health', (): Health => ({ events: new Map(), entities: [], subscribed: true }));
const PAGE = 100;
const DETAILS = 10;

/** Health is global: the region of a place does not count. */
function healthOf({ world, account }: Place): Health {
  return world.place(account, 'global').state(HEALTH_STATE);
}

/** Adds an event with its description. */
export function putHealthEvent(place: Place, details: EventDetails): void {
  healthOf(place).events.set(details.event?.arn ?? '', details);
}

/** Adds something that an event affects. */
export function putAffectedEntity(place: Place, entity: AffectedEntity): void {
  healthOf(place).entities.push(entity);
}

/** Whether the account has a support plan that Health's API belongs to; at first it has. */
export function setSupportPlan(place: Place, { has }: { readonly has: boolean }): void {
  healthOf(place).subscribed = has;
}

function subscribed({ place }: Call): Health {
  const health = healthOf(place);
  if (!health.subscribed) throw new AwsError('SubscriptionRequiredException', 'The AWS Access Key Id needs a subscription for the service');
  return health;
}

function describeEvents({ filter = {}, nextToken, maxResults }: DescribeEventsRequest, call: Call): DescribeEventsResponse {
  const { events } = subscribed(call);
  const all = [...events.values()].flatMap(({ event }) => event ?? []);
  const items = (): Event[] =>
    newestFirst(all, (event) => event.lastUpdatedTime ?? event.startTime).filter((event) => fits(event, filter) && call.visible(event.arn ?? ''));
  const page = call.page({ items, token: nextToken, size: maxResults, max: PAGE, badToken: 'InvalidPaginationToken' });
  return { events: page.items, nextToken: page.next };
}

function fits(event: Event, filter: EventFilter): boolean {
  return (
    among(filter.eventArns, event.arn) &&
    among(filter.eventTypeCodes, event.eventTypeCode) &&
    among(filter.services, event.service) &&
    among(filter.regions, event.region) &&
    among(filter.availabilityZones, event.availabilityZone) &&
    among(filter.eventTypeCategories, event.eventTypeCategory) &&
    among(filter.eventStatusCodes, event.statusCode) &&
    inOne(filter.startTimes, event.startTime) &&
    inOne(filter.endTimes, event.endTime) &&
    inOne(filter.lastUpdatedTimes, event.lastUpdatedTime)
  );
}

function among(asked: readonly string[] | undefined, value: string | undefined): boolean {
  return asked === undefined || asked.length === 0 || (value !== undefined && asked.includes(value));
}

function inOne(ranges: readonly DateTimeRange[] | undefined, time: Date | undefined): boolean {
  return ranges === undefined || ranges.length === 0 || (time !== undefined && ranges.some(({ from, to }) => within(time, from, to)));
}

function describeEventDetails({ eventArns = [] }: DescribeEventDetailsRequest, call: Call): DescribeEventDetailsResponse {
  const { events } = subscribed(call);
  if (eventArns.length === 0 || eventArns.length > DETAILS) throw invalid('There must be 1 to 10 event ARNs.');
  const missing = eventArns.filter((arn) => !events.has(arn));
  return {
    successfulSet: eventArns.flatMap((arn) => events.get(arn) ?? []),
    failedSet: missing.map((eventArn) => ({ eventArn, errorName: 'InvalidArn', errorMessage: `There is no event ${eventArn}` })),
  };
}

function describeAffectedEntities({ filter, nextToken, maxResults }: DescribeAffectedEntitiesRequest, call: Call): DescribeAffectedEntitiesResponse {
  const { entities } = subscribed(call);
  const asked = (one: AffectedEntity): boolean =>
    among(filter?.eventArns, one.eventArn) && among(filter?.entityValues, one.entityValue) && among(filter?.statusCodes, one.statusCode);
  const page = call.page({ items: () => entities.filter(asked), token: nextToken, size: maxResults, max: PAGE, badToken: 'InvalidPaginationToken' });
  return { entities: page.items, nextToken: page.next };
}

/** AWS Health. */
export const HEALTH: FakeService = {
  signedAs: 'health',
  target: 'AWSHealth_20160804',
  load: () => import('@aws-sdk/client-health'),
  operations: { DescribeEvents: describeEvents, DescribeEventDetails: describeEventDetails, DescribeAffectedEntities: describeAffectedEntities },
  facts: {
    event: { shape: 'EventDetails', put: putHealthEvent },
    entity: { shape: 'AffectedEntity', put: putAffectedEntity },
    supportPlan: { put: setSupportPlan },
  },
};
