import type { Allowed } from '../actions/allowed';
import type { EvidenceBundle } from '../evidence';
import type { IncidentView } from '../incident-view';
import { findService } from '../inventory';
import type { Inventory } from '../inventory';
import type { RunbookSnapshot } from '../runbook';
import { rankCandidates } from './candidates';
import type { RunbookCandidate } from './candidates';
import type { Demotions } from '../shadow/demotion';
import { missingFor } from './missing';
import { evidenceTexts } from './texts';
import { matchTexts } from './text-match';

/** The runbooks beside an incident. */
export interface IncidentRanking {
  readonly incidentId: string;
  /** The hypothesis that they are ranked for, and the service that would be acted on; absent where nothing names a remedy. */
  readonly hypothesis?: string;
  readonly cause?: string;
  readonly suspect?: string;
  readonly candidates: readonly RunbookCandidate[];
}

/** What a ranking is made from now: the catalogue and the configuration may be others than when the incident was diagnosed. */
export interface RankingFacts {
  readonly catalogue: readonly RunbookSnapshot[];
  readonly inventory: Inventory;
  readonly allowed: Allowed;
  /** How far runbooks fall as people rejected them. */
  readonly demotions?: Demotions;
}

/** Ranks today's runbooks for the strongest hypothesis that an incident recorded, over its frozen evidence. What was given before is no objection, so that a closed incident can be looked at. */
export function rankForIncident(view: IncidentView, bundle: EvidenceBundle | undefined, facts: RankingFacts): IncidentRanking {
  const { catalogue, inventory, allowed, demotions } = facts;
  const best = view.diagnosis?.verdict === 'determined' ? view.diagnosis.hypotheses[0] : undefined;
  const hypothesis = best?.runbook === undefined || best.suspect === undefined ? undefined : best;
  const { id, cause, suspect } = hypothesis ?? {};
  const service = suspect === undefined ? undefined : findService(inventory, view.environment, suspect);
  const candidates = rankCandidates({
    ...{ catalogue, hypothesis, attempts: [], matches: matchTexts(catalogue, evidenceTexts(bundle, view.alerts)), demotions },
    missing: (runbook) => missingFor(runbook, service, allowed),
  });
  return {
    incidentId: view.incidentId,
    ...(id === undefined || cause === undefined || suspect === undefined ? {} : { hypothesis: id, cause, suspect }),
    candidates,
  };
}
