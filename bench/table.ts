import type { IncidentsResult } from './incidents';

/** The result as a table for people. */
export function incidentsTable(result: IncidentsResult): string {
  const row = (name: string, a: string | number, b: string | number, c: string | number): string =>
    `  ${name.padEnd(10)}${String(a).padStart(14)}${String(b).padStart(14)}${String(c).padStart(9)}\n`;
  return [
    '\n',
    row('', 'incidents/s', 'bare/s', 'ratio'),
    ...result.pairs.map((pair, i) => row(`pair ${String(i + 1)}`, pair.incidentsPerSecond, pair.bareWorkflowsPerSecond, pair.ratio)),
    row('median', result.incidentsPerSecond, result.bareWorkflowsPerSecond, result.ratio),
    '\n',
    `  An incident took ${String(result.p50Ms)} ms (p50) and ${String(result.p95Ms)} ms (p95) while 60 were open,\n`,
    `  of which 1000 ms are the verification's window; it has ${String(result.eventsPerIncident)} events and ${String(result.actionsPerIncident)} billable actions.\n`,
  ].join('');
}
