import { canonicalJson } from '../../domain/canonical-json';
import { sha256 } from '../../domain/digest';
import { NightshiftError } from '../../domain/errors';
import type { EvidenceBundle } from '../../domain/evidence';
import type { EvidenceStore } from '../../ports/store';
import type { Db } from './database';
import { parsed } from './json';

/** Frozen evidence. Reading throws `internal` when what is stored is no longer what was frozen. */
export function evidenceStore(db: Db): EvidenceStore {
  const ofRound: EvidenceStore['ofRound'] = async (incidentId, round) => {
    const row = await db.selectFrom('evidence').select(['digest', 'body']).where('incident_id', '=', incidentId).where('round', '=', round).executeTakeFirst();
    return row && { digest: row.digest, bundle: unfrozen(row) };
  };
  return {
    ofRound,
    freeze: async (bundle) => {
      const body = canonicalJson(bundle);
      await db
        .insertInto('evidence')
        .values({ incident_id: bundle.incidentId, round: bundle.round, digest: sha256(body), body })
        .onConflict((oc) => oc.columns(['incident_id', 'round']).doNothing())
        .execute();
      const kept = await ofRound(bundle.incidentId, bundle.round);
      return kept?.digest ?? sha256(body);
    },
    read: async (digest) => {
      const row = await db.selectFrom('evidence').select(['digest', 'body']).where('digest', '=', digest).executeTakeFirst();
      return row && unfrozen(row);
    },
  };
}

function unfrozen(row: { readonly digest: string; readonly body: string }): EvidenceBundle {
  if (sha256(row.body) !== row.digest) throw new NightshiftError('internal', `The evidence ${row.digest} was altered after it was frozen.`);
  return parsed<EvidenceBundle>(row.body);
}
