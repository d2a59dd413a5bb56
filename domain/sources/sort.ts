import type { Alert } from '../alert';
import type { Build } from '../build';
import type { Change } from '../change';
import type { LogRecord, MetricPoint, Span } from '../telemetry';
import type { Normalised, Reading } from './source';

/** What a message holds, by what becomes of it. */
export interface Sorted {
  readonly alerts: readonly Alert[];
  readonly changes: readonly Change[];
  readonly builds: readonly Build[];
  readonly points: readonly MetricPoint[];
  readonly logs: readonly LogRecord[];
  readonly spans: readonly Span[];
  /** What holds nothing for us, each with its reason in words. */
  readonly leftAside: readonly string[];
}

/** The objects of a reading by kind. Of points, lines and spans, which are many, no copies are made. */
export function sorted({ objects, passedOver }: Reading): Sorted {
  const kinds = { alerts: [] as Alert[], changes: [] as Change[], builds: [] as Build[] };
  const many = { points: [] as MetricPoint[], logs: [] as LogRecord[], spans: [] as Span[] };
  for (const each of objects) {
    if (each.object === 'point') many.points.push(each);
    else if (each.object === 'log') many.logs.push(each);
    else if (each.object === 'span') many.spans.push(each);
    else if (each.object === 'alert') kinds.alerts.push(without(each));
    else if (each.object === 'change') kinds.changes.push(without(each));
    else kinds.builds.push(without(each));
  }
  return { ...kinds, ...many, leftAside: passedOver };
}

function without<T extends Normalised>({ object: _object, ...rest }: T): Omit<T, 'object'> {
  return rest;
}
