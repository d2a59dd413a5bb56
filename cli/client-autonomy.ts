import type { GrantShown } from '../domain/confidence/grant';
import type { GrantInput } from '../domain/confidence/new-grant';
import type { StandingView } from '../domain/confidence/standing-view';
import type { StandingFilter } from '../ports/standings';
import type { ApiRequest } from './http';
import { queryText } from './requests';

/** The part of the API about earned and granted autonomy. */
export interface AutonomyClient {
  /** All of them, page by page. */
  standings(query: StandingFilter): Promise<readonly StandingView[]>;
  grants(): Promise<readonly GrantShown[]>;
  grant(body: GrantInput): Promise<GrantShown>;
  revoke(id: string, reason?: string): Promise<void>;
}

const PAGE = 200;

/** Makes that part over a call of the API. */
export function autonomyClient(call: <T>(request: ApiRequest) => Promise<T>): AutonomyClient {
  return {
    async standings(query) {
      const all: StandingView[] = [];
      for (let cursor: string | undefined; ;) {
        const path = `/v1/autonomy${queryText({ ...query, limit: PAGE, cursor })}`;
        const page = await call<{ standings: readonly StandingView[]; next?: string }>({ method: 'GET', path });
        all.push(...page.standings);
        if (page.next === undefined) return all;
        cursor = page.next;
      }
    },
    grants: async () => (await call<{ grants: readonly GrantShown[] }>({ method: 'GET', path: '/v1/autonomy/grants' })).grants,
    grant: (body) => call({ method: 'POST', path: '/v1/autonomy/grants', body }),
    revoke: (id, reason) => call({ method: 'DELETE', path: `/v1/autonomy/grants/${encodeURIComponent(id)}${queryText({ reason })}` }),
  };
}
