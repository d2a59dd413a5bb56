import type { ClusterResult } from './cluster/cluster';
import type { IncidentsResult } from './incidents';
import type { IntakeResult, Rates } from './intake/intake';
import type { StormResult } from './storm/storm';

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

/** The result of `--cluster` as tables for people. */
export function clusterTable({ embedded, cluster, takeover }: ClusterResult): string {
  return [
    '\n  Embedded',
    incidentsTable(embedded),
    '\n  Two workers on PostgreSQL',
    incidentsTable(cluster),
    `\n  Takeover: of ${String(takeover.open)} open incidents, ${String(takeover.resolved)} were resolved; workflow tasks before the kill: ${takeover.shares.join(' and ')}.\n`,
    `  The other worker led after ${String(takeover.leadsAfterMs)} ms, went on with an incident after ${String(takeover.nextTaskP50Ms)} ms (p50) and\n`,
    `  ${String(takeover.nextTaskMaxMs)} ms at most, and the last was resolved after ${String(takeover.allResolvedAfterMs)} ms. Acted on not exactly once: ${String(takeover.notExactlyOnce)}.\n`,
  ].join('');
}

/** The result of a storm for people. */
export function stormTable(result: StormResult): string {
  return [
    `\n  ${String(result.kept)} of ${String(result.sent)} alerts are kept, in ${String(result.incidents)} incidents; purity ${String(result.purity)}, completeness ${String(result.completeness)}.\n`,
    `  They were acknowledged after ${String(result.sendSeconds)} s and in their incidents after ${String(result.seconds)} s; memory grew by ${String(result.memoryGrowthMiB)} MiB.\n`,
  ].join('');
}

/** The result of the intake for people. */
export function intakeTable(result: IntakeResult): string {
  const row = (name: string, rates: Rates | null): string =>
    `  ${name.padEnd(24)}${String(rates?.singlePerSecond ?? '-').padStart(12)}${String(rates?.batch50PerSecond ?? '-').padStart(18)}\n`;
  return [
    `\n  ${'alerts/s'.padEnd(24)}${'single'.padStart(12)}${'batches of 50'.padStart(18)}\n`,
    row('POST /v1/alerts', result),
    row('source alertmanager', result.source),
    row('Alertmanager itself', result.alertmanager),
    `\n  A single alert is acknowledged within ${String(result.singleP99Ms)} ms (p99) under that load. At 100 alerts/s its workflow has it within ${String(result.deliveryLagP99Ms)} ms (p99).\n`,
    `  Points of metrics a second: ${String(result.pointsPerSecond.pglite)} into PGlite, ${String(result.pointsPerSecond.postgres ?? '-')} into PostgreSQL.\n`,
  ].join('');
}
