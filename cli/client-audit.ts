import type { AuditRecord } from '../domain/audit';
import type { Anchor } from '../domain/audit-anchor';
import type { IntentRow } from '../ports/store';
import type { ApiRequest } from './http';
import { queryText, unhurried } from './requests';

/** What auditors ask of the API. */
export interface AuditClient {
  /** Records behind a position (all, when absent) in the one sequence over all incidents, those of a page at once; each page is asked for again while the door takes no more requests. */
  records(after?: number): AsyncGenerator<readonly AuditRecord[]>;
  /** Where the ledger ends now, signed; with the heads of streams that got records behind `since`. */
  head(since?: number): Promise<Anchor>;
  /** PEM. */
  publicKey(): Promise<string>;
  /** Signs where the ledger ends, and keeps it where the configuration says. */
  anchor(): Promise<{ readonly anchor: Anchor; readonly name: string }>;
  /** Those of a time, both ends included (ISO 8601), oldest first. */
  intents(from: string, to: string): Promise<readonly IntentRow[]>;
}

/** The part of the client that auditors use. */
export function auditClient(call: <T>(request: ApiRequest) => Promise<T>): AuditClient {
  const get = <T>(path: string): Promise<T> => unhurried(() => call<T>({ method: 'GET', path }));
  return {
    async *records(begin = 0) {
      let after: number | undefined = begin;
      while (after !== undefined) {
        const page: { readonly records: readonly AuditRecord[]; readonly next?: number } = await get(`/v1/audit/records${queryText({ after })}`);
        yield page.records;
        after = page.next;
      }
    },
    head: (since) => get(`/v1/audit/head${queryText({ since })}`),
    publicKey: async () => (await get<{ publicKey: string }>('/v1/audit/key')).publicKey,
    anchor: () => call({ method: 'POST', path: '/v1/audit/anchors', body: {} }),
    async intents(from, to) {
      const all: IntentRow[] = [];
      let after: string | undefined;
      do {
        const page: { readonly intents: readonly IntentRow[]; readonly next?: string } = await get(`/v1/audit/intents${queryText({ from, to, after })}`);
        all.push(...page.intents);
        after = page.next;
      } while (after !== undefined);
      return all;
    },
  };
}
