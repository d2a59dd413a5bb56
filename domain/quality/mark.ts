/** Rules of data quality. */
export const QUALITY_RULES = ['gap', 'stuck', 'clock-skew', 'unit-change', 'cardinality'] as const;
/** One of the rules. */
export type QualityRule = (typeof QUALITY_RULES)[number];

/** Whose data it is. Without `labels` all series of the metric are meant; without `metric` all of the service. */
export interface MarkedSeries {
  readonly environment: string;
  readonly service: string;
  readonly metric?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What a rule found wrong with a series. Times are epoch milliseconds. */
export interface Finding {
  readonly rule: QualityRule;
  /** When it began, as far as that can be told. */
  readonly since: number;
  /** What is wrong, in a sentence. */
  readonly detail: string;
  /** `error`: what is computed from it is wrong; `warning`: it may be. */
  readonly severity: 'warning' | 'error';
}

/** A finding with the series that it is about. */
export interface QualityMark extends Finding {
  readonly series: MarkedSeries;
}

/** Text that names a mark: the same one, found again, has the same. */
export function markId({ series: { environment, service, metric = '', labels = {} }, rule }: Pick<QualityMark, 'series' | 'rule'>): string {
  return JSON.stringify([rule, environment, service, metric, ...Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Marks found now, each since it was first found in one go: a mark that was there before keeps its beginning. */
export function keepSince(before: readonly QualityMark[], found: readonly QualityMark[]): QualityMark[] {
  const known = new Map(before.map((mark) => [markId(mark), mark.since]));
  return found.map((mark) => ({ ...mark, since: Math.min(mark.since, known.get(markId(mark)) ?? mark.since) }));
}
