import { grantScope, grantStatement } from '../../domain/confidence/grant';
import type { AutonomyGrant } from '../../domain/confidence/grant';
import type { LedgerLine } from '../../domain/confidence/ledger';
import type { LedgerOutcome, Transition } from '../../domain/incident-view';
import type { GrantStore, KeptGrant, OutcomeLedger, RecordedKind } from '../../ports/outcomes';
import type { MemoryAudit } from './memory-audit';

/** The outcome ledger in memory. */
export class MemoryOutcomes implements OutcomeLedger {
  readonly lines: LedgerLine[] = [];
  restoredAt: { at: number; from: number } | undefined;

  take({ incidentId, outcome, beside = [], view }: Transition): void {
    for (const line of [...(outcome ? [outcome] : []), ...beside]) this.put(incidentId, line, Date.parse(view.updatedAt));
  }

  put(incidentId: string, line: LedgerOutcome, at: number): void {
    const made = { ...line, actedBy: line.actedBy ?? 'nightshift', incidentId, at } as const;
    const same = (each: LedgerLine): boolean =>
      each.incidentId === incidentId && each.round === made.round && each.actedBy === made.actedBy && each.verdict === made.verdict;
    if (!this.lines.some(same)) this.lines.push(made);
  }

  linesOf: OutcomeLedger['linesOf'] = async ({ runbook, cause, environment, services, limit }) =>
    this.newest()
      .filter((each) => each.cause === cause && each.environment === environment && services.includes(each.service))
      .filter((each) => each.actedBy === 'nobody' || each.runbook === runbook)
      .slice(0, limit);

  harms: OutcomeLedger['harms'] = async ({ runbook, environment, services, since }) =>
    this.lines
      .filter((each) => each.verdict === 'worse' && each.runbook === runbook && each.environment === environment)
      .filter(({ service, at }) => services.includes(service) && at >= since)
      .map(({ at }) => at);

  scored: OutcomeLedger['scored'] = async (limit) =>
    this.newest()
      .filter(({ actedBy, verdict, corroborated }) => actedBy === 'nightshift' || (actedBy === 'person' && (verdict !== 'recovered' || corroborated === true)))
      .flatMap(({ score, ...line }) => (score === undefined ? [] : [{ ...line, score }]))
      .slice(0, limit);

  kinds: OutcomeLedger['kinds'] = async (filter) => {
    const fits = (each: LedgerLine): boolean =>
      (['runbook', 'environment', 'service'] as const).every((name) => filter[name] === undefined || filter[name] === each[name]);
    const found = this.lines.filter((each) => each.actedBy !== 'nobody' && fits(each));
    const keyed = found.map(({ runbook, environment, service, cause }): [string, RecordedKind] => [
      JSON.stringify([runbook, environment, service, cause]),
      { runbook, environment, service, cause },
    ]);
    return [...new Map(keyed).values()];
  };

  restored: OutcomeLedger['restored'] = async () => this.restoredAt;

  private newest(): LedgerLine[] {
    return [...this.lines].sort((a, b) => b.at - a.at);
  }
}

/** Grants in memory. */
export class MemoryGrants implements GrantStore {
  readonly kept = new Map<string, KeptGrant>();

  constructor(private readonly audit: MemoryAudit) {}

  add = async (grant: AutonomyGrant): Promise<void> => {
    this.kept.set(grant.id, { grant });
    await this.audit.append({ at: grant.from, actor: `person:${grant.person}`, kind: 'autonomy', summary: `granted ${grantScope(grant)}` });
  };

  revoke: GrantStore['revoke'] = async (id, by, why, at) => {
    const found = this.kept.get(id);
    if (!found) return 'unknown';
    if (found.revoked) return 'revoked';
    const grant = grantStatement(found.grant);
    this.kept.set(id, { grant, revoked: { at, by, why } });
    await this.audit.append({ at, actor: `person:${by}`, kind: 'autonomy', summary: `revoked ${grantScope(grant)}: ${why}` });
    return grant;
  };

  inForce: GrantStore['inForce'] = async ({ runbook, environment }, now) =>
    [...this.kept.values()]
      .filter(({ grant, revoked }) => !revoked && grant.runbook === runbook && grant.environment === environment && Date.parse(grant.until) > now)
      .map(({ grant }) => grant);

  list: GrantStore['list'] = async () => [...this.kept.values()];
}
