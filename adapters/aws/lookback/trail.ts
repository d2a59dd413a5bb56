import type { Event, LookupEventsCommandOutput } from '@aws-sdk/client-cloudtrail';
import { partitionOf, placeText } from '../../../domain/aws/place';
import { trailChange } from '../../../domain/lookback/aws/trail';
import type { PastChange, PastFact, Span } from '../../../domain/lookback/facts';
import type { Ask } from './ask';
import { beginChain, readChain } from './chain';
import type { Chain, ChainOptions } from './chain';
import { daysOf } from './kind';
import type { KindContext, KindPart, PastKind } from './kind';

const LOOKUP = 'cloudtrail:LookupEvents';
const PAGE = 50;
/** Two calls a second: a day of a region takes at most so many times half a second. */
const MOST_PAGES = 400;
const KEPT_DAYS = 90;
const PROBED = 15;
/** Pages of a day that was not looked at, where the others have few. */
const SPARE = 10;
/** Where writes to services without a region are told. */
const GLOBAL: Readonly<Record<string, string>> = { aws: 'us-east-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' };

/** Writes of people, programs and AWS itself as CloudTrail has them, a part a day. */
export const trail: PastKind = {
  name: 'trail',
  async plan(context, ask) {
    const { CloudTrailClient, LookupEventsCommand } = await import('@aws-sdk/client-cloudtrail');
    const client = new CloudTrailClient(context.settings);
    const chainOf = (by: Ask, { from, to }: Span): ChainOptions<Event> => ({
      ...{ from, most: MOST_PAGES, time: ({ EventTime }) => EventTime?.getTime() ?? 0 },
      page: async (NextToken) => {
        const range = { StartTime: new Date(from), EndTime: new Date(to - 1) };
        const input = { LookupAttributes: [{ AttributeKey: 'ReadOnly' as const, AttributeValue: 'false' }], MaxResults: PAGE, NextToken, ...range };
        const answer: LookupEventsCommandOutput = await by(LOOKUP, (options) => client.send(new LookupEventsCommand(input), options));
        return { items: answer.Events ?? [], next: answer.NextToken };
      },
    });
    const days = daysOf(context.span);
    const parts: KindPart[] = [];
    // The newest days are looked at, and tell how many writes a day has; every look takes half a second.
    for (const day of days.slice(-PROBED)) {
      const chain = await beginChain(chainOf(ask, day));
      parts.push({ name: day.day, calls: { [LOOKUP]: chain.more }, read: (by) => readDay(chain, chainOf(by, day), context, day.day) });
    }
    const more = Math.min(MOST_PAGES, Math.max(SPARE, ...parts.map(({ calls }) => 2 * (calls[LOOKUP] ?? 0))));
    for (const day of days.slice(0, -PROBED)) {
      const read = async (by: Ask): Promise<PastFact[]> => {
        const { first } = await beginChain(chainOf(by, day));
        return readDay({ first, more }, chainOf(by, day), context, day.day);
      };
      parts.push({ name: day.day, calls: { [LOOKUP]: 1 + more }, read });
    }
    return { parts, facts: notesOf(context), close: () => client.destroy() };
  },
};

async function readDay(chain: Chain<Event>, options: ChainOptions<Event>, { place }: KindContext, day: string): Promise<PastFact[]> {
  const { items, cut } = await readChain(chain, options);
  const text = `CloudTrail of ${placeText(place)} holds more than ${String(items.length)} writes of ${day}; the earliest of that day were not read.`;
  return [...items.flatMap(changeOf), ...(cut ? [{ kind: 'note' as const, text }] : [])];
}

function changeOf({ EventId, EventName, EventSource = '', EventTime, Username, Resources = [], CloudTrailEvent = '' }: Event): PastChange[] {
  if (EventId === undefined || EventName === undefined || EventTime === undefined) return [];
  const told = { id: EventId, name: EventName, source: EventSource, at: EventTime.getTime(), user: Username ?? 'unknown' };
  const change = trailChange({ ...told, resources: Resources.flatMap(({ ResourceName }) => ResourceName ?? []), record: CloudTrailEvent });
  return change ? [change] : [];
}

function notesOf({ place, span, regions, isFirst }: KindContext): PastFact[] {
  const home = GLOBAL[partitionOf(place.region)];
  const elsewhere = isFirst && home !== undefined && !regions.includes(home);
  const old = span.to - span.from > KEPT_DAYS * 86_400_000;
  return [
    ...(elsewhere
      ? [
          {
            kind: 'note' as const,
            text: `Writes to services without a region (IAM, Route 53, CloudFront) of ${place.account} are told in ${home}, which is not read.`,
          },
        ]
      : []),
    ...(old ? [{ kind: 'note' as const, text: `CloudTrail keeps its history for ${String(KEPT_DAYS)} days; changes before that are not known.` }] : []),
  ];
}
