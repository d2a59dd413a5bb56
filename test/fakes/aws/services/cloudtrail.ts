import type { Event, LookupAttribute, LookupEventsRequest, LookupEventsResponse } from '@aws-sdk/client-cloudtrail';
import { AwsError } from '../errors';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { idOf, newestFirst, stateKey, within } from './support';

const EVENTS = stateKey('events', (): Event[] => []);
const PAGE = 50;

/** Adds an event of the trail; its record in JSON is made from it where it has none. */
export function putTrailEvent(place: Place, event: Event): void {
  const whole = { EventId: idOf(place), ReadOnly: 'false', ...event };
  place.state(EVENTS).push({ CloudTrailEvent: recordOf(place, whole), ...whole });
}

function recordOf(place: Place, { EventId, EventName, EventTime, EventSource, ReadOnly, Username, AccessKeyId, Resources }: Event): string {
  return JSON.stringify({
    eventVersion: '1.11',
    userIdentity: { type: 'IAMUser', accountId: place.account, accessKeyId: AccessKeyId, userName: Username },
    eventTime: EventTime?.toISOString().replace(/\.\d+Z$/, 'Z'),
    eventSource: EventSource,
    eventName: EventName,
    awsRegion: place.region,
    readOnly: ReadOnly === 'true',
    resources: Resources?.map(({ ResourceName, ResourceType }) => ({ ARN: ResourceName, type: ResourceType })),
    eventID: EventId,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: place.account,
    eventCategory: 'Management',
  });
}

function lookupEvents({ LookupAttributes = [], StartTime, EndTime, MaxResults, NextToken }: LookupEventsRequest, call: Call): LookupEventsResponse {
  if (LookupAttributes.length > 1) throw new AwsError('InvalidLookupAttributesException', 'You can only specify one lookup attribute.');
  if (StartTime && EndTime && StartTime > EndTime) throw new AwsError('InvalidTimeRangeException', 'The start time must be before the end time.');
  if (MaxResults !== undefined && (MaxResults < 1 || MaxResults > PAGE))
    throw new AwsError('InvalidMaxResultsException', 'A maximum of 1 to 50 results can be asked for.');
  const asked = (event: Event): boolean =>
    within(event.EventTime, StartTime, EndTime) && LookupAttributes.every((attribute) => matches(event, attribute)) && call.visible(event.EventId ?? '');
  const items = (): Event[] => newestFirst(call.place.state(EVENTS), (event) => event.EventTime).filter(asked);
  const page = call.page({ items, token: NextToken, size: MaxResults, max: PAGE, badToken: 'InvalidNextTokenException' });
  return { Events: page.items, NextToken: page.next };
}

function matches(event: Event, { AttributeKey, AttributeValue }: LookupAttribute): boolean {
  if (AttributeKey === 'ResourceName' || AttributeKey === 'ResourceType') return event.Resources?.some((one) => one[AttributeKey] === AttributeValue) === true;
  return AttributeKey !== undefined && event[AttributeKey] === AttributeValue;
}

/** CloudTrail's event history. */
export const CLOUDTRAIL: FakeService = {
  signedAs: 'cloudtrail',
  target: 'CloudTrail_20131101',
  load: () => import('@aws-sdk/client-cloudtrail'),
  operations: { LookupEvents: lookupEvents },
  facts: { event: { shape: 'Event', put: putTrailEvent } },
};
