import { canonicalJson } from '../../domain/canonical-json';
import type { Proposal } from '../../domain/proposal';
import type { Runbook } from '../../domain/runbook';
import type { ProposalStore } from '../../ports/store';
import type { Db } from './database';
import { parsed } from './json';

/** Runbook snapshots and proposals by their hash; the first text of a hash stays. */
export function proposalStore(db: Db): ProposalStore {
  return {
    saveRunbook: async ({ hash, runbook }) => {
      await db
        .insertInto('runbooks')
        .values({ hash, body: canonicalJson(runbook) })
        .onConflict((oc) => oc.doNothing())
        .execute();
    },
    runbook: async (hash) => {
      const row = await db.selectFrom('runbooks').select('body').where('hash', '=', hash).executeTakeFirst();
      return row && { hash, runbook: parsed<Runbook>(row.body) };
    },
    saveProposal: async (proposal) => {
      await db
        .insertInto('proposals')
        .values({ digest: proposal.digest, incident_id: proposal.incidentId, round: proposal.round, body: canonicalJson(proposal) })
        .onConflict((oc) => oc.doNothing())
        .execute();
    },
    proposal: async (digest) => {
      const row = await db.selectFrom('proposals').select('body').where('digest', '=', digest).executeTakeFirst();
      return row && parsed<Proposal>(row.body);
    },
    ofRound: async (incidentId, round) => {
      const rows = await db.selectFrom('proposals').select('body').where('incident_id', '=', incidentId).where('round', '=', round).orderBy('digest').execute();
      return rows.map((row) => parsed<Proposal>(row.body));
    },
  };
}
