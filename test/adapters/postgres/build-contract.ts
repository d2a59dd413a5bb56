/* eslint-disable jest/no-export -- a suite that is run against every database */
import type { Build } from '../../../domain/build';
import type { BuildFilter } from '../../../ports/archive';
import type { Store } from '../../../ports/store';
import { NOON } from './samples-of-data';

/** What must hold of lists of builds. */
export function buildContract(getStore: () => Store): void {
  const list = (filter: Partial<BuildFilter>) => getStore().archive.builds.list({ service: 'b-list', from: NOON, to: NOON + 10, limit: 10, ...filter });
  const build = (id: string, at: number, result: Build['result']): Build => ({
    ...{ id, source: 'github', environment: 'prod', service: 'b-list', name: 'ci', run: '1', result, endedAt: new Date(NOON + at).toISOString() },
    steps: [{ name: 'a step that failed is not the build', result: 'failed' }],
  });

  test('a list of builds goes on where a page ended, also between builds of the same time, and leaves nothing out', async () => {
    const builds = [
      build('l-1', 1, 'succeeded'),
      build('l-3', 2, 'failed'),
      build('l-2', 2, 'timed-out'),
      build('l-4', 2, 'succeeded'),
      build('l-5', 3, 'cancelled'),
    ];
    await getStore().archive.writer.keep({ builds }, NOON);
    const seen: string[] = [];
    for (let last: Build | undefined; ;) {
      const page = await list({ limit: 2, ...(last && { after: last }) });
      seen.push(...page.map(({ id }) => id));
      last = page.at(-1);
      if (!last) break;
    }
    expect(seen).toEqual(['l-5', 'l-2', 'l-3', 'l-4', 'l-1']);
    expect((await list({ results: ['failed', 'timed-out'] })).map(({ id }) => id)).toEqual(['l-2', 'l-3']);
    expect(await list({ results: [] })).toEqual([]);
  });
}
