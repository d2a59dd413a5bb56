import type { AuditRecord } from '../../domain/audit';
import type { IncidentView } from '../../domain/incident-view';
import type { Bookshop, Bucket } from './shop';

/** What the demo measured. Times are milliseconds from the first failed request, null when they never came; rates are shares, 0 to 1. */
export interface DemoReport {
  readonly incidentId: string | null;
  readonly detectedAfterMs: number | null;
  readonly approvedAfterMs: number | null;
  readonly recoveredAfterMs: number | null;
  readonly recovered: boolean;
  readonly errorRate: { readonly before: number | null; readonly during: number | null; readonly after: number | null };
  readonly cause: string | null;
  readonly runbook: string | null;
  /** Effects in the supervisor's ledger that were not the fault's own. */
  readonly actions: number;
  readonly historyEvents: number;
  readonly billableActions: number;
  readonly temporalUi: string | null;
}

/** What the report is computed from; times are epoch milliseconds. */
export interface ReportFacts {
  readonly record: Bookshop;
  readonly recordFile: string;
  readonly warmedUpAt: number;
  readonly faultAt: number;
  readonly now: number;
  readonly incident: IncidentView | undefined;
  readonly timeline: readonly AuditRecord[];
  readonly actions: number;
  readonly cost: { readonly historyEvents: number; readonly billableActions: number };
  readonly temporalUi: string | null;
}

/** Errors gone for this long, as the customers saw it, are a recovery. */
const WELL_FOR_MS = 4_000;
const WELL_SHARE = 0.02;

/** Recovery and rates come from the load generator's record, not from Nightshift's own measurements. */
export function demoReport(facts: ReportFacts): DemoReport {
  const { record, incident } = facts;
  const buckets = record.readRecord(facts.recordFile);
  const failed = record.firstFailure(buckets, facts.faultAt);
  const well = failed === null ? null : lastingRecovery(record, buckets, failed, facts.now);
  const share = (from: number, to: number): number | null => rounded(record.rate(buckets, from, to).share);
  const after = well === null ? null : share(well, facts.now);
  const since = (at: string | undefined): number | null => (at === undefined || failed === null ? null : Date.parse(at) - failed);
  return {
    incidentId: incident?.incidentId ?? null,
    detectedAfterMs: since(incident?.openedAt),
    approvedAfterMs: since(facts.timeline.find((e) => e.kind === 'decision')?.at),
    recoveredAfterMs: well === null || failed === null ? null : well - failed,
    recovered: well !== null && after !== null && after <= WELL_SHARE,
    errorRate: { before: share(facts.warmedUpAt, facts.faultAt), during: failed === null ? null : share(failed, well ?? facts.now), after },
    cause: incident?.cause ?? null,
    runbook: lastRunbook(incident),
    actions: facts.actions,
    ...facts.cost,
    temporalUi: facts.temporalUi,
  };
}

/** Begin of the good time that lasts to the end: a service that is well for a moment after a restart has not recovered. */
function lastingRecovery(record: Bookshop, buckets: readonly Bucket[], failed: number, now: number): number | null {
  for (let after = failed; ;) {
    const well = record.recoveredAt(buckets, after, { threshold: WELL_SHARE, forMs: WELL_FOR_MS });
    if (well === null) return null;
    const bad = record.firstFailure(buckets, well);
    const stays = bad === null || (record.rate(buckets, bad, now).share ?? 1) <= WELL_SHARE;
    if (stays) return well;
    after = bad;
  }
}

function lastRunbook(incident: IncidentView | undefined): string | null {
  return incident?.remediation?.runbook ?? incident?.proposal?.proposal.runbook.id ?? null;
}

function rounded(share: number | null): number | null {
  return share === null ? null : Math.round(share * 10_000) / 10_000;
}
