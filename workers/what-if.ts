import { createRehearing } from '../activities/hearing';
import { whatIf } from '../activities/what-if';
import type { ApiDeps } from '../api/types';
import type { NightshiftConfig } from '../config/types';
import { otherRules } from '../config/what-if';
import type { Autonomy } from '../ports/autonomy';
import type { RunbookLibrary } from '../ports/runbooks';
import type { Store } from '../ports/store';

/** What judging again is wired from; neither hands nor a model are among it, as nobody is asked. */
interface WhatIfParts {
  readonly config: NightshiftConfig;
  readonly store: Pick<Store, 'evidence' | 'rounds' | 'incidents' | 'opinions' | 'doorKey'>;
  readonly runbooks: Pick<RunbookLibrary, 'current'>;
  /** The record as it was known when a round was judged. */
  readonly autonomy?: Autonomy;
}

/** Judges recorded rounds again by the rules of a file, with the services, and runbooks of the running system, and with what a model said then. */
export function replayOf({ config, store, runbooks, autonomy }: WhatIfParts): ApiDeps['replay'] {
  const { policy, triage, actions: allowed } = config;
  const diagnosis = {
    ...{ evidence: store.evidence, inventory: config, policy, triage, runbooks, allowed },
    hear: createRehearing({ opinions: store.opinions, runbooks, inventory: config, allowed }),
    ...(autonomy && { authority: { autonomy, doorKey: store.doorKey } }),
  };
  const judge = whatIf({ diagnosis, rounds: store.rounds, incidents: store.incidents });
  return async (which, written) => {
    const ids = (await runbooks.current()).map(({ runbook }) => runbook.id);
    return judge.replay(which, otherRules(written, config, ids));
  };
}
