import type { CauseKind } from '../domain/names';
import type { RoundRecord } from '../domain/replay/round';
import type { Rejection } from '../domain/shadow/demotion';
import type { ShadowEntry } from '../domain/shadow/entry';

/** Which lines of the shadow ledger are read; times are epoch milliseconds. */
export interface ShadowFilter {
  /** It would have been done at or after. */
  readonly since: number;
  readonly runbook?: string | undefined;
  readonly environment?: string | undefined;
  /** Service that would have been acted on. */
  readonly service?: string | undefined;
  readonly limit: number;
}

/** Reads what Nightshift would have done beside what people did. It is written with the transitions. */
export interface ShadowLedger {
  /** Newest first, without what was done by nobody's leave. */
  list(filter: ShadowFilter): Promise<readonly ShadowEntry[]>;
  /** Signed rejections of any runbook for one kind of incident in an environment whose code says that the choice was wrong, newest first. */
  rejections(of: { readonly environment: string; readonly cause: CauseKind; readonly since: number; readonly limit: number }): Promise<readonly Rejection[]>;
}

/** What rounds were judged by, so that they can be judged again. */
export interface RoundStore {
  /** The newest record of a round is kept, as an activity that is tried again hands in the result that counts. */
  keep(record: RoundRecord): Promise<void>;
  /** Rounds of one incident, the first one first. */
  ofIncident(incidentId: string): Promise<readonly RoundRecord[]>;
}
