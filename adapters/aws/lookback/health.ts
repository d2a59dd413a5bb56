import type { AffectedEntity, DescribeAffectedEntitiesCommandOutput, DescribeEventsCommandOutput, Event, HealthClient } from '@aws-sdk/client-health';
import { partitionOf } from '../../../domain/aws/place';
import { errorMessage } from '../../../domain/errors';
import { healthChange } from '../../../domain/lookback/aws/changes';
import type { PastChange, PastFact } from '../../../domain/lookback/facts';
import type { Ask } from './ask';
import { pieces, wholeList } from './kind';
import type { KindContext, PastKind } from './kind';

const EVENTS = 'health:DescribeEvents';
const ENTITIES = 'health:DescribeAffectedEntities';
/** https://docs.aws.amazon.com/health/latest/APIReference/API_DescribeAffectedEntities.html */
const ARNS = 10;
const PAGE = 100;
/** Pages of what ten events affect. */
const MOST_PAGES = 10;
/** Trouble that began so long before the span may still have been on in it. */
const BEFORE_MS = 3 * 86_400_000;
/** The endpoint of a partition. https://docs.aws.amazon.com/general/latest/gr/health.html */
export const HEALTH_HOME: Readonly<Record<string, string>> = { aws: 'us-east-1', 'aws-cn': 'cn-northwest-1', 'aws-us-gov': 'us-gov-west-1' };

/** Trouble and maintenance of AWS itself that concerned the account, read once for all of its regions. Without a support plan that has its API there is a note. */
export const health: PastKind = {
  name: 'health',
  async plan(context, ask) {
    if (!context.isFirst) return { parts: [], facts: [], close: () => undefined };
    const { DescribeAffectedEntitiesCommand, DescribeEventsCommand, HealthClient: Client } = await import('@aws-sdk/client-health');
    const client: HealthClient = new Client({ ...context.settings, region: HEALTH_HOME[partitionOf(context.place.region)] ?? context.place.region });
    const close = (): void => client.destroy();
    const { span, regions } = context;
    const filter = {
      ...{ regions: [...regions, 'global'], eventTypeCategories: ['issue' as const, 'scheduledChange' as const] },
      startTimes: [{ from: new Date(span.from - BEFORE_MS), to: new Date(span.to - 1) }],
    };
    let events: Event[];
    try {
      events = await wholeList(async (nextToken) => {
        const command = new DescribeEventsCommand({ filter, nextToken, maxResults: PAGE });
        const answer: DescribeEventsCommandOutput = await ask(EVENTS, (options) => client.send(command, options));
        return { items: answer.events ?? [], next: answer.nextToken };
      });
    } catch (error) {
      close();
      if (!errorMessage(error).includes('SubscriptionRequired')) throw error;
      return { parts: [], facts: [unsubscribed(context)], close };
    }
    const parts = pieces(events, ARNS).map((some, i) => ({
      ...{ name: String(i + 1), calls: { [ENTITIES]: MOST_PAGES } },
      read: async (by: Ask): Promise<PastFact[]> => {
        const eventArns = some.flatMap(({ arn }) => arn ?? []);
        const entities: AffectedEntity[] = [];
        let nextToken: string | undefined;
        for (let page = 0; page < MOST_PAGES && (page === 0 || nextToken !== undefined); page++) {
          const command = new DescribeAffectedEntitiesCommand({ filter: { eventArns }, nextToken, maxResults: PAGE });
          const answer: DescribeAffectedEntitiesCommandOutput = await by(ENTITIES, (options) => client.send(command, options));
          entities.push(...(answer.entities ?? []));
          nextToken = answer.nextToken;
        }
        return some.flatMap((event) => changeOf(event, entities, context.place.account));
      },
    }));
    return { parts, facts: [], close };
  },
};

function changeOf(event: Event, affected: readonly AffectedEntity[], account: string): PastChange[] {
  const { arn, service = '', eventTypeCode = '', eventTypeCategory = '', region = '', startTime, endTime } = event;
  if (arn === undefined || startTime === undefined) return [];
  const entities = affected.filter(({ eventArn }) => eventArn === arn).flatMap(({ entityValue }) => entityValue ?? []);
  const named = entities.filter((entity) => entity !== 'UNKNOWN' && entity !== 'AWS_ACCOUNT' && entity !== account);
  const ended = endTime === undefined ? {} : { endedAt: endTime.getTime() };
  const told = { arn, service, code: eventTypeCode, category: eventTypeCategory, region, account, startedAt: startTime.getTime(), ...ended, entities: named };
  const change = healthChange(told);
  return change ? [change] : [];
}

function unsubscribed({ place }: KindContext): PastFact {
  const plan = 'its API needs a support plan of Business, Enterprise On-Ramp or Enterprise';
  return { kind: 'note', text: `AWS Health of ${place.account} was not read: ${plan}. Trouble of AWS itself is therefore not named as a cause.` };
}
