import type { AutonomyGrant } from '../domain/confidence/grant';
import { outcomesOf } from '../domain/confidence/ledger';
import type { ConfidenceOutcome, StandingKey } from '../domain/confidence/outcome';
import type { ConfidenceSettings } from '../domain/confidence/settings';
import type { Inventory } from '../domain/inventory';
import type { GrantStore, KindQuestion, OutcomeLedger, ScoredLine } from '../ports/outcomes';
import type { DoorKey, KeyStore } from '../ports/store';
import { once } from './once';

/** What the record is read with. */
export interface AutonomyDeps {
  readonly outcomes: OutcomeLedger;
  readonly grants: Pick<GrantStore, 'inForce'>;
  readonly doorKey: DoorKey;
  readonly keys: Pick<KeyStore, 'roleOf'>;
  readonly inventory: Inventory;
  readonly settings: ConfidenceSettings;
  /** As long as a verification takes, milliseconds. */
  readonly verificationMs: number;
  /** Outcomes of after the time that is asked for are passed over: for judging again by what was known then. Else all count, as clocks of machines differ. */
  readonly knownThen?: boolean;
}

/** Lines of one runbook and one kind of incident that are read at most. With more of them nothing acts alone, as leaving out the oldest would forget failures. */
export const MOST_LINES = 20_000;
/** Newest outcomes that scores are calibrated on: of older ones less than a seventh counts. */
const CALIBRATED_ON = 2_000;

/** What the ledger tells of one runbook and one kind of incident. */
export interface Told {
  readonly outcomes: readonly ConfidenceOutcome[];
  /** There are more lines than are looked at. */
  readonly tooMany: boolean;
}

/** Which outcomes are asked for; those of after `until` (epoch milliseconds) are passed over. */
export interface ToldQuestion extends Omit<KindQuestion, 'limit'> {
  readonly until: number | undefined;
}

/** Everything that a standing is read from. */
export interface AutonomyReads {
  told(question: ToldQuestion): Promise<Told>;
  harms: OutcomeLedger['harms'];
  restored: OutcomeLedger['restored'];
  scored(): Promise<readonly ScoredLine[]>;
  grants(question: Pick<StandingKey, 'runbook' | 'environment'>, at: number): Promise<readonly AutonomyGrant[]>;
  secret(): Promise<Buffer>;
  isAdmin(person: string): Promise<boolean>;
}

/** Asks the store each time. */
export function readsOf({ outcomes, grants, doorKey, keys, inventory, verificationMs }: AutonomyDeps): AutonomyReads {
  return {
    async told({ until = Infinity, ...question }) {
      const lines = await outcomes.linesOf({ ...question, limit: MOST_LINES + 1 });
      const known = lines.filter(({ at }) => at <= until);
      return { outcomes: outcomesOf(known, { inventory, leastWaitMs: verificationMs }), tooMany: lines.length > MOST_LINES };
    },
    harms: (question) => outcomes.harms(question),
    restored: () => outcomes.restored(),
    scored: () => outcomes.scored(CALIBRATED_ON),
    grants: (question, at) => grants.inForce(question, at),
    secret: () => doorKey.secret(),
    isAdmin: async (person) => (await keys.roleOf(person)) === 'admin',
  };
}

/** Asks the store once for each question: for standings of one page, and never longer, as a harm or a grant that is revoked must count at once. */
export function readsOnce(reads: AutonomyReads): AutonomyReads {
  return {
    // Outcomes may be many: only those that were asked for last are held, so questions of one kind should stand together.
    told: once((question) => reads.told(question), 1),
    harms: once((question) => reads.harms(question)),
    restored: once(() => reads.restored()),
    scored: once(() => reads.scored()),
    grants: once((question, at) => reads.grants(question, at)),
    secret: once(() => reads.secret()),
    isAdmin: once((person) => reads.isAdmin(person)),
  };
}
