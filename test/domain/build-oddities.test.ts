import { buildOddities } from '../../domain/build-oddities';
import type { BuildResult } from '../../domain/build';

const LETTERS: Readonly<Record<string, BuildResult>> = { s: 'succeeded', f: 'failed', t: 'timed-out', c: 'cancelled' };
/** Builds by letters, a minute apart; each on a commit of its own unless told. */
const builds = (letters: string, commit = (i: number) => `c${String(i)}`) =>
  [...letters].map((letter, i) => ({ result: LETTERS[letter] ?? 'failed', endedAt: new Date(i * 60_000).toISOString(), commit: commit(i) }));

test.each([
  ['sss', undefined],
  ['sffs', undefined],
  ['sfffs', { count: 3, ongoing: false }],
  ['sftf', { count: 3, ongoing: true }],
  ['fcfcf', { count: 3, ongoing: true }],
  ['fffffsfff', { count: 3, ongoing: true }],
  ['fffffsff', { count: 5, ongoing: false }],
])('of %s the row of failures is %j', (letters, expected) => {
  const row = buildOddities(builds(letters)).find(({ kind }) => kind === 'failures-in-a-row');
  expect(row && { count: row.count, ongoing: row.ongoing }).toEqual(expected);
});

test('the row says since when', () => {
  expect(buildOddities(builds('sfff'))[0]?.text).toBe('the last 3 builds failed, since 1970-01-01 00:01 UTC');
});

test('a commit that both succeeded and failed is flaky; one that only failed or was cancelled is not', () => {
  expect(buildOddities(builds('fs', () => 'abcdef0123456789'))).toEqual([
    { kind: 'flaky', count: 1, commits: ['abcdef0123456789'], text: 'the same commit both succeeded and failed: abcdef0123' },
  ]);
  expect(buildOddities(builds('ffccs', (i) => (i < 4 ? 'a' : 'b')))).toEqual([]);
});

test('builds without a commit are never flaky', () => {
  expect(
    buildOddities([
      { result: 'failed', endedAt: '2026-01-01T00:00:00Z' },
      { result: 'succeeded', endedAt: '2026-01-01T00:01:00Z' },
    ]),
  ).toEqual([]);
});

test('of many flaky commits the newest five are named', () => {
  const { count, commits, text } = buildOddities(builds('fsfsfsfsfsfsfs', (i) => `c${String(Math.floor(i / 2))}`))[0] ?? {};
  expect([count, commits?.length]).toEqual([7, 5]);
  expect(text).toMatch(/c2, c3, c4, c5, c6 and 2 more$/);
});
