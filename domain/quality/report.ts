import { z } from 'zod';
import { QUALITY_RULES } from './mark';
import type { QualityMark } from './mark';

/** Most marks that are kept; of more the number is told. */
export const MOST_MARKS = 1000;

const mark = z.object({
  rule: z.enum(QUALITY_RULES),
  since: z.number(),
  detail: z.string(),
  severity: z.enum(['warning', 'error']),
  series: z.object({
    environment: z.string(),
    service: z.string(),
    metric: z.string().exactOptional(),
    labels: z.record(z.string(), z.string()).exactOptional(),
  }),
});

const report = z.object({
  /** When the last look at all series ended, epoch milliseconds. */
  checkedAt: z.number(),
  /** Series that were looked at. */
  series: z.number(),
  marks: z.array(mark),
  /** Marks beyond those that are kept. */
  more: z.number(),
});

/** What is known of the quality of the data. */
export type QualityReport = z.output<typeof report>;

/** Name under which the report is saved. */
export const QUALITY_STATE = 'data-quality';

/** Reads back a report; undefined for anything else. */
export function readReport(saved: unknown): QualityReport | undefined {
  return report.safeParse(saved).data;
}

/** The marks of a report that are about a service and an environment, in its order; all where neither is named, none without a report. */
export function marksOf(
  { marks }: Pick<QualityReport, 'marks'> = { marks: [] },
  { service, environment }: { readonly service?: string | undefined; readonly environment?: string | undefined },
): QualityReport['marks'] {
  return marks.filter(({ series }) => (service ?? series.service) === series.service && (environment ?? series.environment) === series.environment);
}

/** A report of marks, errors first, then the newest. */
export function makeReport(marks: readonly QualityMark[], series: number, checkedAt: number): QualityReport {
  const ordered = [...marks].sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error') || b.since - a.since);
  const kept = ordered
    .slice(0, MOST_MARKS)
    .map((each) => ({ ...each, series: { ...each.series, ...(each.series.labels && { labels: { ...each.series.labels } }) } }));
  return { checkedAt, series, marks: kept, more: ordered.length - kept.length };
}
