import type { EvidenceBundle, EvidenceItem, LogPattern } from '../../../domain/evidence';
import type { IncidentView } from '../../../domain/incident-view';
import type { RoundOutcome } from '../../../domain/knowledge/confirmed';
import type { IncidentCard } from '../../../domain/knowledge/card';
import type { Lesson } from '../../../domain/knowledge/lesson';
import { sampleView } from '../../fakes/incident-samples';

/** A resolved incident that a rollback fixed. */
export function fixed(over: Partial<IncidentView> = {}): IncidentView {
  return sampleView({
    status: 'resolved',
    resolvedAt: '2026-11-20T14:30:00.000Z',
    outcome: { kind: 'fixed', runbook: 'rollback-release@1', summary: 'error share 0 % is back within 5 %' },
    ...over,
  });
}

/** What the ledger holds of a round. */
export function outcome(verdict: RoundOutcome['verdict'], over: Partial<RoundOutcome> = {}): RoundOutcome {
  return { round: 1, runbook: 'rollback-release', service: 'bookshop', cause: 'bad-release', verdict, ...over };
}

/** A pattern of log lines. */
export function pattern(text: string, over: Partial<LogPattern> = {}): LogPattern {
  return { pattern: text, level: 'error', before: 0, since: 40, isNew: true, mentions: [], ...over };
}

/** Evidence of the sample incident. */
export function bundle(...items: readonly EvidenceItem[]): EvidenceBundle {
  return {
    incidentId: sampleView().incidentId,
    round: 1,
    environment: 'demo',
    service: 'bookshop',
    gatheredAt: '2026-11-20T14:03:00.000Z',
    onset: Date.parse('2026-11-20T14:01:40.000Z'),
    items,
  };
}

let cards = 0;

/** A card of an incident of its own. */
export function card(over: Partial<IncidentCard> = {}): IncidentCard {
  cards += 1;
  return { incidentId: `inc-card${String(cards)}`, environment: 'prod', service: 'bookshop', alerts: [], logs: [], changes: [], signs: [], ...over };
}

/** What was learnt from an incident with that card. */
export function lesson(over: Partial<IncidentCard> = {}, more: Partial<Lesson> = {}): Lesson {
  return {
    card: card(over),
    title: 'It failed',
    openedAt: '2026-10-01T10:00:00.000Z',
    resolvedAt: '2026-10-01T11:00:00.000Z',
    confirmedBy: 'measurement',
    remedies: [{ round: 1, runbook: 'rollback-release', service: 'bookshop', verdict: 'recovered', helped: true }],
    summary: 'well again',
    ...more,
  };
}
