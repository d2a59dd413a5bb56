import type { HealthReport, Measure, PipelineHealth, ServiceHealth } from './pipeline-health';
import { humanDuration } from './human-time';
import type { Trend } from './trend';
import { percent } from './wording';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A number of bytes for people: `512 B`, `1.5 GiB`. */
export function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1).replace(/\.0$/, '')} ${UNITS[power] ?? ''}`;
}

/** A trend in a word or three: `steady`, `rising 40 %`, `too few runs`. */
export function trendText({ direction, changeShare }: Trend): string {
  if (direction === 'unknown') return 'too few runs';
  return direction === 'steady' ? 'steady' : `${direction} ${percent(Math.abs(changeShare))}`;
}

/** Middle and upper end of a measure: `1 m 20 s, at most 3 m in 95 of 100`. */
export function measureText({ p50, p95 }: Measure, text: (value: number) => string): string {
  return `${text(p50)}, p95 ${text(p95)}`;
}

/** The measures of a pipeline that are known, each with its name and how its values are written. */
export function measuresOf({
  duration,
  cpu,
  memory,
}: PipelineHealth): readonly { readonly name: string; readonly measure: Measure; readonly text: (value: number) => string }[] {
  return [
    { name: 'duration', measure: duration, text: humanDuration },
    { name: 'CPU time', measure: cpu, text: humanDuration },
    { name: 'memory', measure: memory, text: bytesText },
  ].flatMap(({ measure, ...rest }) => (measure === undefined ? [] : [{ ...rest, measure }]));
}

/** Tests of a pipeline in words; empty where no run told of any. */
export function testsText({ tests }: PipelineHealth): string {
  if (!tests) return '';
  if (tests.failed === 0) return `${String(tests.newestTotal)} tests, none failed`;
  return `${String(tests.newestTotal)} tests, ${String(tests.failed)} failures in ${String(tests.runsWithFailures)} of ${String(tests.runs)} runs`;
}

/** What a person should look at in a pipeline: oddities, and measures that rise. */
export function concernsOf(pipeline: PipelineHealth): readonly string[] {
  const rising = measuresOf(pipeline).filter(({ measure }) => measure.trend.direction === 'rising');
  return [...pipeline.oddities.map(({ text }) => text), ...rising.map(({ name, measure }) => `${name} is ${trendText(measure.trend)}`)];
}

/** Incidents of a service in words. */
export function incidentsText({ incidents: { opened, stillOpen } }: ServiceHealth): string {
  if (opened === 0) return 'no incident';
  return `${String(opened)} ${opened === 1 ? 'incident' : 'incidents'}${stillOpen > 0 ? `, ${String(stillOpen)} open` : ''}`;
}

/** How a report is headed: what it is over. */
export function reportTitle({ from, to }: HealthReport): string {
  const minute = (iso: string): string => iso.slice(0, 16).replace('T', ' ');
  return `Builds and services, ${minute(from)} to ${minute(to)} UTC`;
}
