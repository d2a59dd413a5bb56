import type { RunbookStanding } from '../domain/confidence/standing-view';
import type { RecordedKind } from './outcomes';

/** Which standings are asked for; what is absent fits all. */
export interface StandingFilter {
  readonly runbook?: string;
  readonly environment?: string;
  readonly service?: string;
}

/** Tells where runbooks stand. */
export interface Standings {
  /** By runbook, environment, service and cause: those that have a record, or all candidates where none has. At most `limit`, those behind `after`; `more` where there are others. */
  page(filter: StandingFilter, limit: number, after?: RecordedKind): Promise<{ readonly standings: readonly RunbookStanding[]; readonly more: boolean }>;
}
