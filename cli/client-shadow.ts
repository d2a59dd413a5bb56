import type { ShadowEntry } from '../domain/shadow/entry';
import type { ShadowSummary } from '../domain/shadow/summary';
import type { WhatIfReport } from '../ports/what-if';
import type { ApiRequest } from './http';
import { queryText } from './requests';

/** Which rounds of the shadow ledger, as the API's query takes it. */
export interface ShadowQuery {
  readonly since: string;
  readonly runbook?: string;
  readonly environment?: string;
  readonly service?: string;
  readonly limit?: number;
}

/** What Nightshift would have done beside what people did. */
export interface ShadowPage {
  readonly entries: readonly ShadowEntry[];
  readonly runbooks: readonly ShadowSummary[];
  /** Older rounds of that time are in none of the numbers. */
  readonly more: boolean;
}

/** What is judged again, and by which file. */
export interface ReplayBody {
  readonly incident?: string;
  readonly since?: string;
  readonly policy: unknown;
}

/** Asks what would have been done, and what would be by other rules. */
export interface ShadowClient {
  list(query: ShadowQuery): Promise<ShadowPage>;
  replay(body: ReplayBody): Promise<WhatIfReport>;
}

/** Longest that the API judges rounds of one question. */
const REPLAY_MS = 60_000;

/** The part of the client that reads the shadow ledger and replays. */
export function shadowClient(call: <T>(request: ApiRequest) => Promise<T>): ShadowClient {
  return {
    list: (query) => call({ method: 'GET', path: `/v1/shadow${queryText(query)}` }),
    replay: (body) => call({ method: 'POST', path: '/v1/replay', body, waitMs: REPLAY_MS }),
  };
}
