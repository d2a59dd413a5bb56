import { AwsError } from '../errors';
import { discovered, stats } from './logs-stats';

/** An event as queries see it. */
export interface InsightsEvent {
  readonly at: number;
  readonly message: string;
  readonly stream: string;
  readonly group: string;
}

/** A line of an answer: fields in their order. */
export type InsightsRow = { field: string; value: string }[];

type Step = (state: State) => State;

interface State {
  readonly events: readonly InsightsEvent[];
  readonly fields: readonly string[];
  readonly rows: InsightsRow[] | undefined;
}

/**
 * Answers a query of Logs Insights: `fields`, `filter @message like /x/ | "x"` (also `not like`), `sort @timestamp asc|desc`, `limit n`, `filter field in ["a", "b"]`,
 * and `stats` with `count(*)`, `sum`, `avg`, `max` and `min` `[as name] by bin(5m), field`.
 * Anything else is answered 501, so that no test takes the fake's limits for those of AWS.
 */
export function logsInsights(events: readonly InsightsEvent[], query: string): InsightsRow[] {
  const newest = [...events].sort((a, b) => b.at - a.at);
  const steps = query
    .split('|')
    .map((text) => text.trim())
    .filter((text) => text !== '' && !text.startsWith('#'));
  let state: State = { events: newest, fields: ['@timestamp', '@message'], rows: undefined };
  for (const text of steps) state = stepOf(text, query)(state);
  return state.rows ?? state.events.map((event) => rowOf(event, state.fields));
}

function stepOf(text: string, query: string): Step {
  const [, fields] = /^(?:fields|display)\s+(.+)$/i.exec(text) ?? [];
  if (fields !== undefined) return (state) => ({ ...state, fields: fields.split(',').map((field) => field.trim()) });
  const [, not, pattern, plain] = /^filter\s+@message\s+(not\s+)?like\s+(?:\/(.+)\/|["'](.+)["'])$/i.exec(text) ?? [];
  if (pattern !== undefined || plain !== undefined) {
    const fits = pattern === undefined ? (message: string) => message.includes(plain ?? '') : regularExpression(pattern);
    return (state) => ({ ...state, events: state.events.filter(({ message }) => fits(message) === (not === undefined)) });
  }
  const [sorts, direction = 'desc'] = /^sort\s+@timestamp(?:\s+(asc|desc))?$/i.exec(text) ?? [];
  if (sorts !== undefined) return (state) => ({ ...state, events: [...state.events].sort((a, b) => (direction === 'asc' ? a.at - b.at : b.at - a.at)) });
  const [, most] = /^limit\s+(\d+)$/i.exec(text) ?? [];
  if (most !== undefined)
    return (state) => (state.rows ? { ...state, rows: state.rows.slice(0, Number(most)) } : { ...state, events: state.events.slice(0, Number(most)) });
  const [, field, listed] = /^filter\s+(\w+)\s+in\s+\[(.+)\]$/i.exec(text) ?? [];
  if (field !== undefined) {
    const wanted = listed?.split(',').map((value) => value.trim().slice(1, -1));
    return (state) => ({ ...state, events: state.events.filter((event) => wanted?.includes(discovered(event)[field] ?? '')) });
  }
  return statsStep(text, query);
}

function statsStep(text: string, query: string): Step {
  return (state) => {
    const rows = stats(text, state.events, timeOf);
    if (!rows) throw new AwsError('NotImplemented', `The fake does not read "${text}" of the query ${query}`, 501);
    return { ...state, rows };
  };
}

function regularExpression(pattern: string): (message: string) => boolean {
  const [insensitive, rest] = pattern.startsWith('(?i)') ? [true, pattern.slice(4)] : [false, pattern];
  const expression = new RegExp(rest, insensitive ? 'i' : '');
  return (message) => expression.test(message);
}

function rowOf(event: InsightsEvent, fields: readonly string[]): InsightsRow {
  const known: Readonly<Record<string, string>> = {
    '@timestamp': timeOf(event.at),
    '@message': event.message,
    '@logStream': event.stream,
    '@log': event.group,
  };
  const row = fields.flatMap((field) => (known[field] === undefined ? [] : [{ field, value: known[field] }]));
  return [...row, { field: '@ptr', value: Buffer.from(`${event.group}/${event.stream}/${String(event.at)}`).toString('base64') }];
}

/** As Logs Insights writes moments. */
function timeOf(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '');
}
