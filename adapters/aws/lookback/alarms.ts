import type { CompositeAlarm, DescribeAlarmHistoryCommandOutput, DescribeAlarmsCommandOutput, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { partitionOf, placeText } from '../../../domain/aws/place';
import { alarmPages } from '../../../domain/lookback/aws/alarms';
import type { PastAlarm } from '../../../domain/lookback/aws/alarms';
import type { PastFact, Span } from '../../../domain/lookback/facts';
import { alarmOf, transitionOf } from './alarm-shapes';
import type { HistoryItem } from './alarm-shapes';
import type { Ask } from './ask';
import { beginChain, readChain } from './chain';
import type { ChainOptions } from './chain';
import { daysOf, wholeList } from './kind';
import type { KindContext, KindPart, PastKind } from './kind';
import type { PlaceTags } from './tags';

const HISTORY = 'cloudwatch:DescribeAlarmHistory';
const TYPES = ['MetricAlarm', 'CompositeAlarm'] as ('MetricAlarm' | 'CompositeAlarm')[];
const PAGE = 100;
/** A day of a region with more changes of state than this is one of an alarm that flaps. */
const MOST_PAGES = 200;
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html */
const KEPT_DAYS = 30;

/** What became of alarms on metrics and on other alarms, a part a day. */
export function alarmHistory(tagsOf: (context: KindContext) => Promise<PlaceTags>): PastKind {
  return {
    name: 'alarms',
    async plan(context, ask) {
      const { DescribeAlarmsCommand, DescribeAlarmHistoryCommand, CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
      const client = new CloudWatchClient(context.settings);
      const alarms = await wholeList(async (NextToken) => {
        const send = new DescribeAlarmsCommand({ AlarmTypes: TYPES, MaxRecords: PAGE, NextToken });
        return listed(await ask('cloudwatch:DescribeAlarms', (options) => client.send(send, options)));
      });
      const known = knownAlarms(context, alarms, await tagsOf(context));
      const chainOf = (by: Ask, { from, to }: Span): ChainOptions<HistoryItem> => ({
        ...{ from, most: MOST_PAGES, time: ({ Timestamp }) => Timestamp?.getTime() ?? 0 },
        page: async (NextToken) => {
          const range = { StartDate: new Date(from), EndDate: new Date(to - 1) };
          const input = { AlarmTypes: TYPES, HistoryItemType: 'StateUpdate', MaxRecords: PAGE, NextToken, ScanBy: 'TimestampDescending', ...range } as const;
          const answer: DescribeAlarmHistoryCommandOutput = await by(HISTORY, (options) => client.send(new DescribeAlarmHistoryCommand(input), options));
          return { items: answer.AlarmHistoryItems ?? [], next: answer.NextToken };
        },
      });
      const parts: KindPart[] = [];
      for (const day of daysOf(context.span)) {
        const chain = await beginChain(chainOf(ask, day));
        const read = async (by: Ask): Promise<PastFact[]> => {
          const { items, cut } = await readChain(chain, chainOf(by, day));
          return [...pagesOf(items, known), ...(cut ? [cutNote(context, day.day)] : [])];
        };
        parts.push({ name: day.day, calls: { [HISTORY]: chain.more }, read });
      }
      return { parts, facts: forgotten(context), close: () => client.destroy() };
    },
  };
}

function listed({ MetricAlarms = [], CompositeAlarms = [], NextToken }: DescribeAlarmsCommandOutput) {
  return { items: [...MetricAlarms, ...CompositeAlarms] as (MetricAlarm & CompositeAlarm)[], next: NextToken };
}

type Known = (name: string) => PastAlarm;

/** Alarms by name; one that is deleted by now has only its name. */
function knownAlarms({ place }: KindContext, alarms: readonly (MetricAlarm & CompositeAlarm)[], { byArn }: PlaceTags): Known {
  const byName = new Map(alarms.map((alarm) => [alarm.AlarmName ?? '', alarm]));
  return (name) => {
    const arn = `arn:${partitionOf(place.region)}:cloudwatch:${place.region}:${place.account}:alarm:${name}`;
    const alarm = byName.get(name);
    return alarmOf(alarm ?? { AlarmName: name, AlarmArn: arn }, byArn.get(alarm?.AlarmArn ?? arn) ?? {}, (child) => byName.get(child));
  };
}

function pagesOf(items: readonly HistoryItem[], known: Known): PastFact[] {
  const byAlarm = new Map<string, HistoryItem[]>();
  for (const item of items) byAlarm.set(item.AlarmName ?? '', [...(byAlarm.get(item.AlarmName ?? '') ?? []), item]);
  return [...byAlarm].flatMap(([name, history]) => alarmPages(known(name), history.flatMap(transitionOf).reverse()));
}

function cutNote({ place }: KindContext, day: string): PastFact {
  const text = `The alarms of ${placeText(place)} changed their states so often on ${day} that the earliest of that day were not read.`;
  return { kind: 'note', text };
}

function forgotten({ span }: KindContext): PastFact[] {
  if (span.to - span.from <= KEPT_DAYS * 86_400_000) return [];
  return [{ kind: 'note', text: `CloudWatch keeps the history of alarms for ${String(KEPT_DAYS)} days; pages before that are not known.` }];
}
