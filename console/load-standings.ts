import type { GrantShown } from '../domain/confidence/grant';
import type { StandingView } from '../domain/confidence/standing-view';
import type { Client } from './client';

/** What the page of standings shows. */
export interface AllStandings {
  readonly standings: readonly StandingView[];
  /** There are others, which are not shown. */
  readonly more: boolean;
  readonly grants: readonly GrantShown[];
}

/** Pages of 200 that are read at most: nobody reads further down, and each page costs the store. */
const MOST_PAGES = 5;

/** Loads standings page by page, and the grants of people. */
export async function loadStandings(client: Client): Promise<AllStandings> {
  const grants = client.grants();
  // Else a refusal while pages are read would be nobody's.
  grants.catch(() => undefined);
  const standings: StandingView[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await client.standings(cursor);
    standings.push(...page.standings);
    cursor = page.next;
    if (cursor === undefined) break;
  }
  return { standings, more: cursor !== undefined, grants: await grants };
}
