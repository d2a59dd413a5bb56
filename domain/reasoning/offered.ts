import type { Allowed } from '../actions/allowed';
import type { AlertNote } from '../alert';
import type { Diagnosis } from '../diagnosis';
import type { EvidenceBundle } from '../evidence';
import { findService } from '../inventory';
import type { Inventory } from '../inventory';
import type { RunbookSnapshot } from '../runbook';
import { rankByText, rankCandidates } from '../runbook-match/candidates';
import { missingFor } from '../runbook-match/missing';
import { evidenceTexts } from '../runbook-match/texts';
import { matchTexts } from '../runbook-match/text-match';
import type { Candidate } from './request';

/** What runbooks are offered from. */
export interface OfferedFrom {
  readonly catalogue: readonly RunbookSnapshot[];
  readonly inventory: Inventory;
  readonly allowed: Allowed;
  readonly alerts: readonly AlertNote[];
}

/** Hypotheses whose remedies a model may weigh against each other. */
const MOST_HYPOTHESES = 3;

/**
 * Runbooks that a model may name: those that could be given for the first hypotheses, in the order in which they are ranked, and where the statistics found no cause those that the
 * texts of the evidence resemble and the service could take.
 */
export function offeredRunbooks(
  bundle: EvidenceBundle,
  { hypotheses }: Diagnosis,
  { catalogue, inventory, allowed, alerts }: OfferedFrom,
): readonly Candidate[] {
  const matches = matchTexts(catalogue, evidenceTexts(bundle, alerts));
  const serviceOf = (name: string) => findService(inventory, bundle.environment, name);
  const ranked = hypotheses.slice(0, MOST_HYPOTHESES).flatMap((hypothesis) => {
    const service = serviceOf(hypothesis.suspect ?? bundle.service);
    return rankCandidates({ catalogue, matches, hypothesis, attempts: [], missing: (runbook) => missingFor(runbook, service, allowed) });
  });
  const given = ranked.filter(({ standing }) => standing === 'first' || standing === 'possible').map(({ runbook }) => runbook);
  const near = hypotheses.length > 0 ? [] : rankByText(catalogue, matches).map(({ runbook }) => runbook);
  const own = serviceOf(bundle.service);
  return [...new Set([...given, ...near])].flatMap((id) => {
    const runbook = catalogue.find((each) => each.runbook.id === id)?.runbook;
    if (!runbook || (near.includes(id) && missingFor(runbook, own, allowed).length > 0)) return [];
    const { title, causes, risk, reversible } = runbook;
    return [{ id, title, causes, risk, reversible }];
  });
}
