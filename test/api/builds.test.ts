import { archivedVerdicts } from '../../activities/build-verdicts';
import type { Build } from '../../domain/build';
import type { BuildVerdict } from '../../domain/build-verdict';
import { harness, NOW } from './harness';
import type { Harness } from './harness';

const BUILD = { id: 'ci-1', service: 'bookshop', name: 'ci / test', run: '1', result: 'succeeded', endedAt: '2026-03-01T09:30:00Z', durationMs: 90_000 };
const URL = '/v1/builds';

async function kept(h: Harness): Promise<readonly Build[]> {
  return h.store.archive.builds.list({ from: 0, to: NOW, limit: 100 });
}

test('a build is committed before 202, and told again it is the same one with what was missing', async () => {
  const h = await harness();
  const first = await h.call('responder', 'POST', URL, BUILD);
  expect([first.statusCode, first.json()]).toEqual([202, { accepted: 1, duplicates: 0, ids: ['ci-1'] }]);
  expect((await h.call('responder', 'POST', URL, { ...BUILD, tests: { total: 7, failed: 0 } })).statusCode).toBe(202);
  expect(await kept(h)).toEqual([{ ...BUILD, source: 'generic', environment: 'prod', endedAt: '2026-03-01T09:30:00.000Z', tests: { total: 7, failed: 0 } }]);
});

test('a build raises no alert by itself', async () => {
  const h = await harness();
  await h.call('responder', 'POST', URL, { ...BUILD, result: 'failed' });
  expect([h.store.inbox.waiting.length, h.kicks()]).toEqual([0, 0]);
});

test.each([
  ['nobody', undefined, BUILD, 401, 'unauthenticated'],
  ['a key that may only look', 'viewer', BUILD, 403, 'forbidden'],
  ['a batch with one that is wrong', 'responder', { builds: [BUILD, { ...BUILD, result: 'green' }] }, 400, 'invalid_input'],
  ['a list without its name', 'responder', [BUILD], 400, 'invalid_input'],
] as const)('%s is refused, and nothing is kept', async (_who, role, body, status, code) => {
  const h = await harness();
  const answer = await h.call(role, 'POST', URL, body);
  expect([answer.statusCode, answer.json().code, await kept(h)]).toEqual([status, code, []]);
});

test.each([
  ['the query', '?wait=10s', {}],
  ['the header Prefer', '', { prefer: 'respond-async, wait=10' }],
])('asked to wait by %s it answers 200 with the verdict, unknown as long as nothing scores builds', async (_how, query, headers) => {
  const answer = await (await harness()).call('responder', 'POST', URL + query, BUILD, headers);
  const unknown = { verdict: 'unknown', reason: 'builds are not scored yet' };
  expect([answer.statusCode, answer.json()]).toEqual([200, { accepted: 1, duplicates: 0, ids: ['ci-1'], ...unknown, builds: [{ id: 'ci-1', ...unknown }] }]);
  expect(answer.headers['preference-applied']).toBe(query === '' ? 'wait=10' : undefined);
});

test('a wait that is too long, or has no unit, is refused; a preference that cannot be read is left aside', async () => {
  const h = await harness();
  for (const wait of ['2m', '10', '-1s']) expect((await h.call('responder', 'POST', `${URL}?wait=${wait}`, BUILD)).json().problems[0].path).toBe('wait');
  expect((await h.call('responder', 'POST', URL, BUILD, { prefer: 'wait=soon' })).statusCode).toBe(202);
});

test('a build is judged by those of its pipeline that are kept', async () => {
  const clock = { now: () => Date.now() };
  const h: Harness = await harness({ deps: { verdicts: { of: (...asked) => archivedVerdicts(h.store.archive.builds, clock).of(...asked) } } });
  const at = (minute: number): string => new Date(Date.parse('2026-03-01T09:00:00Z') + minute * 60_000).toISOString();
  const timed = (i: number, durationMs: number): object => ({
    ...BUILD,
    id: `ci-${String(i)}`,
    run: String(i),
    result: 'succeeded',
    endedAt: at(i),
    durationMs,
  });
  const history = Array.from({ length: 20 }, (_, i) => timed(i, 60_000 + 500 * (i % 3)));
  expect((await h.call('responder', 'POST', URL, { builds: history })).statusCode).toBe(202);
  const of = async (body: object): Promise<unknown> => (await h.call('responder', 'POST', `${URL}?wait=10s`, body)).json().verdict;
  expect(await of(timed(30, 61_000))).toBe('normal');
  expect(await of(timed(31, 240_000))).toBe('anomalous');
  expect(await of({ ...timed(32, 240_000), name: 'another pipeline' })).toBe('unknown');
});

test('the verdict of a batch is the worst of its builds', async () => {
  const judge = (builds: readonly Build[]): Promise<readonly BuildVerdict[]> =>
    Promise.resolve(builds.map(({ id }) => ({ verdict: id === 'ci-2' ? 'anomalous' : 'normal', reason: `about ${id}` })));
  const h = await harness({ deps: { verdicts: { of: judge } } });
  const { verdict, reason, builds } = (await h.call('responder', 'POST', `${URL}?wait=10s`, { builds: [BUILD, { ...BUILD, id: 'ci-2' }] })).json();
  expect([verdict, reason, builds.map((each: BuildVerdict) => each.verdict)]).toEqual(['anomalous', 'about ci-2', ['normal', 'anomalous']]);
});

test.each([
  ['comes too late', () => new Promise<never>(() => undefined), 'not judged within 10 ms'],
  ['fails', () => Promise.reject(new Error('no')), 'could not be judged'],
])('a verdict that %s is unknown, and the build is kept', async (_what, of, reason) => {
  const h = await harness({ deps: { verdicts: { of } } });
  const answer = await h.call('responder', 'POST', `${URL}?wait=10ms`, BUILD);
  expect([answer.statusCode, answer.json().verdict, answer.json().reason]).toEqual([200, 'unknown', expect.stringContaining(reason)]);
  expect(await kept(h)).toHaveLength(1);
});

describe('the list of builds', () => {
  async function listed(query: string): Promise<{ ids: string[]; next: string | undefined }> {
    const h = await harness();
    const build = (i: number) => ({
      ...BUILD,
      id: `ci-${String(i)}`,
      endedAt: `2026-03-01T09:0${String(i)}:00Z`,
      result: i % 2 === 0 ? 'failed' : 'succeeded',
    });
    const others = [
      { ...BUILD, id: 'other', service: 'payments' },
      { ...BUILD, id: 'lint', name: 'ci / lint' },
      { ...BUILD, id: 'old', endedAt: '2026-01-01T00:00:00Z' },
    ];
    await h.call('responder', 'POST', URL, { builds: [...[1, 2, 3, 4, 5].map(build), ...others] });
    const { builds, next } = (await h.call('viewer', 'GET', URL + query)).json();
    return { ids: (builds as Build[]).map(({ id }) => id), next };
  }

  it('has the newest first, of the last seven days unless told otherwise', async () => {
    expect(await listed('')).toEqual({ ids: ['lint', 'other', 'ci-5', 'ci-4', 'ci-3', 'ci-2', 'ci-1'], next: undefined });
    expect((await listed('?since=90d')).ids).toContain('old');
    expect((await listed('?since=2026-03-01T09:04:00Z&until=2026-03-01T09:05:00Z')).ids).toEqual(['ci-5', 'ci-4']);
  });

  it('is filtered by service, name and result', async () => {
    expect((await listed('?service=payments')).ids).toEqual(['other']);
    expect((await listed('?name=ci%20/%20lint')).ids).toEqual(['lint']);
    expect((await listed('?result=failed,timed-out')).ids).toEqual(['ci-4', 'ci-2']);
  });

  it('comes in pages that follow each other', async () => {
    const first = await listed('?limit=4');
    expect(first.ids).toEqual(['lint', 'other', 'ci-5', 'ci-4']);
    expect(await listed(`?limit=4&cursor=${first.next ?? ''}`)).toEqual({ ids: ['ci-3', 'ci-2', 'ci-1'], next: undefined });
  });

  it.each([
    ['since=yesterday', 'since'],
    ['since=2026-04-01T00:00:00Z', 'since'],
    ['result=green', 'result.0'],
    ['cursor=abc', 'cursor'],
    ['limit=1000', 'limit'],
  ])('refuses %s', async (query, path) => {
    const answer = await (await harness()).call('viewer', 'GET', `${URL}?${query}`);
    expect([answer.statusCode, answer.json().problems[0].path]).toEqual([400, path]);
  });
});
