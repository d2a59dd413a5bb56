import type { Proposal } from '../domain/proposal';
import type { RunbookSnapshot } from '../domain/runbook';
import { isIntact } from '../domain/runbook-source';
import type { ProposalStore } from '../ports/store';

/** The runbook that a proposal names as the store has it, or why that cannot run. */
export type FoundSnapshot = { readonly snapshot: RunbookSnapshot; readonly fault?: undefined } | { readonly snapshot?: undefined; readonly fault: string };

/** Reads the content that was shown with a proposal: whatever became of its file since, it is what runs, as long as its bytes give the hash. */
export async function snapshotOfProposal(store: Pick<ProposalStore, 'runbook'>, { runbook }: Pick<Proposal, 'runbook'>): Promise<FoundSnapshot> {
  const snapshot = await store.runbook(runbook.hash);
  const name = `The runbook ${runbook.id} (${runbook.hash.slice(0, 12)})`;
  if (!snapshot) return { fault: `${name} is not in the store.` };
  if (snapshot.hash === runbook.hash && isIntact(snapshot)) return { snapshot };
  return {
    fault: `${name} in the store is not what was proposed: its content gives another hash, so somebody or something altered it. Nothing of it runs; restore the table runbooks from a backup, or raise the version of the runbook and hand the incident back.`,
  };
}
