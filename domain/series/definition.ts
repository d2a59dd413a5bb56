import type { MeasureKind } from '../anomaly/kinds';
import type { Limit } from '../forecast/breach';
import type { Severity } from '../names';
import type { Measure } from './measure';

/** What a series is measured on. One of `metric`, `log` and `builds` is there. */
export interface StreamFilter {
  /** System that told of it, such as `otlp-metrics`. */
  readonly source?: string;
  readonly environment?: string;
  readonly service?: string;
  readonly metric?: string;
  /** Text that stands in the template of a log line; an empty one takes all lines. */
  readonly log?: string;
  readonly builds?: true;
  /** Labels with the value that each must have. */
  readonly labels: Readonly<Record<string, string>>;
}

/** A declared series: a measure of streams in windows of event time. Durations in milliseconds. */
export interface SeriesDefinition {
  /** Name of the metric that its buckets become. */
  readonly name: string;
  readonly from: StreamFilter;
  readonly measure: Measure;
  readonly windowMs: number;
  /** A window ends every so often; the window itself where windows follow each other without overlap. */
  readonly slideMs: number;
  /** A window is made again for what arrives so much later than its end. */
  readonly latenessMs: number;
  /** A window is first made when the newest event is so much beyond its end, as not all arrive at once. */
  readonly settleMs: number;
  /** Labels whose values each have buckets of their own, beside environment and service. */
  readonly by: readonly string[];
  /** What counts as an error: a label whose value matches wholly. */
  readonly errors?: { readonly label: string; readonly matches: string };
  /** Unit of its values, where one is declared or follows from the measure. */
  readonly unit?: string;
  /** What its buckets must not cross: watched ahead of time, and told before. */
  readonly limit?: Limit & { readonly severity?: Severity };
  /** Its buckets are judged by their own history, as what they measure. A condition ends when no bucket came for `quietMs`, milliseconds; an hour or three buckets, the longer, when absent. */
  readonly anomalies?: { readonly kind: MeasureKind; readonly quietMs?: number };
}

/** Source that buckets have in the archive. */
export const SERIES_SOURCE = 'nightshift';

/** Whether the labels of a stream are those that the filter wants. */
export function hasLabels(filter: StreamFilter, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(filter.labels).every(([name, value]) => labels[name] === value);
}
