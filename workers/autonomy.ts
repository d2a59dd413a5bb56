import { createAutonomy } from '../activities/autonomy';
import { createStandings } from '../activities/standings';
import type { NightshiftConfig } from '../config/types';
import { AUTONOMY_DEFAULTS } from '../domain/policy-types';
import type { Autonomy } from '../ports/autonomy';
import type { Clock } from '../ports/clock';
import type { RunbookLibrary } from '../ports/runbooks';
import type { Standings } from '../ports/standings';
import type { Store } from '../ports/store';

/** What autonomy is read from. */
interface AutonomyParts {
  readonly config: Pick<NightshiftConfig, 'services' | 'policy' | 'incidents'>;
  readonly store: Pick<Store, 'outcomes' | 'grants' | 'doorKey' | 'keys'>;
  readonly runbooks: Pick<RunbookLibrary, 'current'>;
  readonly clock: Clock;
}

/** The record for incidents, as it was known at the time of a question for judging again, and for doors. */
interface AutonomyOfAll {
  readonly autonomy: Autonomy;
  readonly autonomyThen: Autonomy;
  readonly standings: Standings;
}

/** Reads what runbooks have earned and what people granted, for incidents and for doors. */
export function autonomyOf({ config, store, runbooks, clock }: AutonomyParts): AutonomyOfAll {
  const { confidence: settings } = config.policy.autonomy ?? AUTONOMY_DEFAULTS;
  const { settleMs, windowMs } = config.incidents.verification;
  const inventory = { services: config.services };
  const reads = { ...store, inventory, settings, verificationMs: settleMs + windowMs };
  const autonomy = createAutonomy(reads);
  const autonomyThen = createAutonomy({ ...reads, knownThen: true });
  const standings = createStandings({ outcomes: store.outcomes, autonomy, runbooks, inventory, policy: config.policy, settings, clock });
  return { autonomy, autonomyThen, standings };
}
