import type { InsightsEvent, InsightsRow } from './logs-insights';

const FLOW = [
  'version',
  'accountId',
  'interfaceId',
  'srcAddr',
  'dstAddr',
  'srcPort',
  'dstPort',
  'protocol',
  'packets',
  'bytes',
  'start',
  'end',
  'action',
  'logStatus',
];
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
const VALUE = /^(?:(count)\((?:\*|)\)|(sum|avg|max|min)\((\w+)\))(?:\s+as\s+(\w+))?$/i;
const GROUP = /^(?:bin\((\d+)([smh])\)|(\w+))$/i;

/** Fields that Logs Insights finds in a message by itself: members of JSON, and those of VPC flow logs. */
export function discovered({ message }: InsightsEvent): Readonly<Record<string, string>> {
  const words = message.split(' ');
  if (words.length === FLOW.length && /^\d$/.test(words[0] ?? '')) return Object.fromEntries(FLOW.map((name, i) => [name, words[i] ?? '']));
  if (!message.startsWith('{')) return {};
  const members = Object.entries(JSON.parse(message) as Record<string, unknown>);
  return Object.fromEntries(members.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
}

/** Answers `stats sum(a) as x, count(*) as y by bin(1m), b`; undefined for what is no such text. */
export function stats(text: string, events: readonly InsightsEvent[], timeOf: (at: number) => string): InsightsRow[] | undefined {
  const [, list, by = ''] = /^stats\s+(.+?)(?:\s+by\s+(.+))?$/i.exec(text) ?? [];
  const values = list?.split(/\s*,\s*/).map((each) => VALUE.exec(each.trim()));
  const groups = by === '' ? [] : by.split(/\s*,\s*/).map((each) => GROUP.exec(each.trim()));
  if (!values || values.includes(null) || groups.includes(null)) return undefined;
  const rows = new Map<string, { readonly keys: InsightsRow; readonly events: InsightsEvent[] }>();
  for (const event of events) {
    const keys = groups.flatMap((group) => keyOf(group, event, timeOf));
    const key = JSON.stringify(keys);
    const row = rows.get(key) ?? { keys, events: [] };
    row.events.push(event);
    rows.set(key, row);
  }
  return [...rows.values()].map((row) => [...row.keys, ...values.map((value) => valueOf(value, row.events))]);
}

function keyOf(group: RegExpExecArray | null, event: InsightsEvent, timeOf: (at: number) => string): InsightsRow {
  const [whole = '', size, unit = 'm', name = ''] = group ?? [];
  if (size === undefined) {
    const value = discovered(event)[name];
    return value === undefined ? [] : [{ field: name, value }];
  }
  const bin = Number(size) * (UNITS[unit] ?? 1);
  return [{ field: whole, value: timeOf(Math.floor(event.at / bin) * bin) }];
}

function valueOf(value: RegExpExecArray | null, events: readonly InsightsEvent[]): { field: string; value: string } {
  const [whole = '', , operation = 'count', name = '', as = whole] = value ?? [];
  const numbers = events.map((event) => Number(discovered(event)[name])).filter((number) => !Number.isNaN(number));
  const sum = numbers.reduce((all, number) => all + number, 0);
  const results: Readonly<Record<string, number>> = {
    count: events.length,
    sum,
    avg: sum / numbers.length,
    max: Math.max(...numbers),
    min: Math.min(...numbers),
  };
  return { field: as, value: String(results[operation.toLowerCase()]) };
}
