import { targetId } from '../domain/inventory';
import { renderRunbook } from '../domain/runbook-render';
import type { EffectNote, IncidentActivities } from '../domain/steps';
import { effectToken } from '../domain/tokens';
import type { IntentStore, ProposalStore } from '../ports/store';
import { snapshotOfProposal } from './snapshots';

/** What checking a report of effects works with. */
export interface ProgressDeps {
  readonly intents: Pick<IntentStore, 'get'>;
  readonly proposals: Pick<ProposalStore, 'runbook'>;
}

/** Anybody with access to Temporal can report effects: those count that the recorded intents say are done, in the words of the runbook and of the record. */
export function createProgressActivities(deps: ProgressDeps): Pick<IncidentActivities, 'confirmEffects'> {
  return {
    async confirmEffects({ proposal, effects }) {
      const { snapshot } = await snapshotOfProposal(deps.proposals, proposal);
      const steps = snapshot ? renderRunbook(snapshot.runbook, proposal.parameters).steps : [];
      const { incidentId, round } = proposal;
      const target = targetId(proposal.target);
      const confirmed: EffectNote[] = [];
      for (const { id, name } of steps) {
        const token = effectToken({ incidentId, round, step: id, target });
        const claim = effects.find((effect) => effect.token === token);
        const intent = claim && (await deps.intents.get(token));
        if (claim && intent?.state === 'done')
          confirmed.push({ step: id, name, token, detail: intent.detail ?? '', found: claim.found === true, at: claim.at });
      }
      return confirmed;
    },
  };
}
