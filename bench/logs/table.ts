import type { LogsResult, ParserResult } from './logs';

/** The result for people. */
export function logsTable(result: LogsResult): string {
  const cells = (...texts: readonly (string | number)[]): string => texts.map((text) => String(text).padStart(12)).join('');
  const row = (
    name: string,
    { groupingAccuracy, parsingAccuracy, parsingAccuracyStrict }: Omit<ParserResult, 'bySystem' | 'linesPerSecond' | 'linesPerCpuSecond'>,
  ): string => `  ${name.padEnd(24)}${cells(...[groupingAccuracy, parsingAccuracy, parsingAccuracyStrict].map((share) => share.toFixed(4)))}`;
  return [
    `\n  ${''.padEnd(24)}${cells('grouping', 'parsing', 'strict', 'templates')}\n`,
    ...Object.entries(result.bySystem).map(([system, one]) => `${row(system, one)}${cells(one.templates)}\n`),
    `${row('mean', result)}\n`,
    `${row('plain Drain', result.drain)}\n`,
    `\n  Lines a second: ${String(result.linesPerSecond)} (${String(result.linesPerCpuSecond)} by CPU time); plain Drain ${String(result.drain.linesPerSecond)} (${String(result.drain.linesPerCpuSecond)}).\n`,
  ].join('');
}
