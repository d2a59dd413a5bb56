import { humanDuration } from '../../domain/human-time';
import type { Interval } from './intervals';
import type { MatrixResult } from './matrix';

/** The result as tables for people. */
export function matrixTable(result: MatrixResult): string {
  const { faults, healthyRecordings: healthy, simulated } = result;
  const row = (name: string, found: string, detect: string, first: string): string =>
    `  ${name.padEnd(16)}${found.padStart(10)}${detect.padStart(14)}  ${first}\n`;
  const runs = result.found + result.missed;
  return [
    `\n${row('fault', 'found', 'median', 'first alert')}`,
    ...Object.entries(faults).map(([name, each]) => row(name, `${String(each.found)}/${String(each.runs)}`, duration(each.medianDetectMs), counts(each.first))),
    row(
      'all',
      `${String(result.found)}/${String(runs)}`,
      duration(result.medianDetectMs),
      `${String(result.medianDetectRows)} rows; 95 %: ${range(result.medianDetectInterval, duration)}`,
    ),
    `\n  Found ${range(result.foundInterval, (share) => `${(100 * share).toFixed(1)} %`)} of the runs (95 %).\n`,
    `  Healthy recordings: ${String(healthy.pages)} pages in ${String(healthy.runs)} runs. ${counts(healthy.by)}\n`,
    `  Simulated: ${String(simulated.pages)} false pages in ${String(simulated.serviceWeeks)} weeks, ${number(simulated.falsePagesPerServiceWeek)} per service and week (95 %: ${range(simulated.falsePagesInterval, number)}). ${counts(simulated.by)}\n`,
  ].join('');
}

function duration(ms: number | null): string {
  return ms === null ? '-' : humanDuration(ms);
}

function number(value: number): string {
  return value.toFixed(3);
}

function range(interval: Interval | null, text: (value: number) => string): string {
  return interval === null ? '-' : `${text(interval[0])} to ${text(interval[1])}`;
}

function counts(by: Readonly<Record<string, number>>): string {
  return Object.entries(by)
    .map(([name, count]) => `${name} ${String(count)}`)
    .join(', ');
}
