import { githubCarriers } from '../../../adapters/github/carriers';
import type { Effect } from '../../../ports/hands';
import { githubHandsWorld, SHOP, TARGET, type GithubHandsWorld } from '../../fakes/github-hands';
import { MemoryStore } from '../../fakes/memory-store';

let world: GithubHandsWorld;
beforeEach(async () => {
  world = await githubHandsWorld();
});
afterEach(() => world.github.close());

const ALICE = { login: 'alice', type: 'User' } as const;
const rerun = (run: string) => ({ action: 'github.rerun-failed-jobs', inputs: { run } }) as const;
const effect = (run: string): Effect => ({
  ...rerun(run),
  token: 'tok-1',
  incidentId: 'inc-a',
  target: TARGET,
  intendedAt: world.clock.now(),
  timeoutMs: 60_000,
});
const mutations = (): number => world.github.calls.filter(({ method }) => method === 'POST').length;
const failed = (): string => world.github.actions.ran('failure', { jobs: { build: 'success', test: 'failure', lint: 'timed_out' } });
/** The newest attempt of a run ends after so many pauses. */
const endsLater = (run: string, conclusion: string, jobs = {}, pauses = 3): void => {
  let left = pauses;
  world.paused = () => void ((left -= 1) === 0 && world.github.actions.end(run, conclusion, jobs));
};

describe('what is told before', () => {
  const carrier = (): ReturnType<GithubHandsWorld['carrier']> => world.carrier('github.rerun-failed-jobs');

  test('the preview names repository, workflow, commit, attempt and the failed jobs, and never the token', async () => {
    const told = await carrier().preview?.(SHOP, effect(failed()));
    expect(told).toBe(
      'reruns the failed jobs of run 7000000001 (CI, .github/workflows/ci.yml) of acme/shop at commit c0ffeec0ffee; attempt 1 ended with failure: test, lint',
    );
  });

  test.each([
    ['success', /ended with success; there are no failed jobs/],
    [null, /Attempt 1 of run 7000000001 of acme\/shop is in_progress, begun by octo/],
  ])('a run that ended with %s is not rerun', async (conclusion, reason) => {
    const run = world.github.actions.ran(conclusion);
    expect(await carrier().unmet?.(SHOP, effect(run))).toMatch(reason);
    await world.intend();
    expect(await world.execute(rerun(run))).toMatchObject({ state: 'failed', detail: expect.stringContaining('Nothing was done.') as string });
    expect(mutations()).toBe(0);
  });

  test('a run that is not there, and one that failed', async () => {
    expect(await carrier().unmet?.(SHOP, effect('404'))).toMatch(/acme\/shop shows no run 404/);
    for (const conclusion of ['failure', 'timed_out', 'cancelled'])
      expect(await carrier().unmet?.(SHOP, effect(world.github.actions.ran(conclusion)))).toBeUndefined();
  });

  test('a service that the repository is not for is told, and so is a configuration without one', async () => {
    world.over = { scope: { services: ['till'] } };
    expect(await carrier().unmet?.(SHOP, effect('1'))).toMatch(/not allowed for shop in prod/);
    const { state } = world.store;
    const { 'github.rerun-failed-jobs': nowhere } = githubCarriers({ github: undefined, access: undefined, state, clock: world.clock });
    expect(await nowhere.unmet?.(SHOP, effect('1'))).toMatch(/set actions\.github/);
    await expect(nowhere.act(SHOP, effect('1'))).rejects.toMatchObject({ code: 'effect_failed' });
    expect(world.github.calls).toEqual([]);
  });
});

test('it is rerun once, and watched until the attempt has ended', async () => {
  const run = failed();
  await world.intend();
  endsLater(run, 'success');
  expect(await world.execute(rerun(run))).toMatchObject({ state: 'done', detail: 'attempt 2 of run 7000000001 of acme/shop ended with success', found: false });
  expect(world.github.actions.ledger).toEqual([{ kind: 'rerun', run, by: 'nightshift-ops' }]);
  expect(await world.execute(rerun(run))).toMatchObject({ state: 'done', found: true });
  expect(mutations()).toBe(1);
});

test('an attempt that fails again has failed, with the jobs that did', async () => {
  const run = failed();
  await world.intend();
  endsLater(run, 'failure', { test: 'failure', build: 'success' });
  expect(await world.execute(rerun(run))).toMatchObject({ state: 'failed', detail: 'attempt 2 of run 7000000001 of acme/shop ended with failure: test' });
});

test('what is under way is asked about every ten seconds and not at every look', async () => {
  const run = failed();
  await world.intend();
  endsLater(run, 'success', {}, 60);
  await world.execute(rerun(run));
  expect(world.github.calls.length).toBeLessThan(25);
});

describe('an answer that was lost', () => {
  test.each(['drop-after', '500-after'] as const)('after it happened (%s): what was begun is found and watched', async (fault) => {
    const run = failed();
    world.github.actions.fault = fault;
    world.github.actions.ends = { conclusion: 'success' };
    await world.intend();
    expect((await world.insist(rerun(run))).executed).toMatchObject({ state: 'done' });
    expect(world.github.actions.ledger).toHaveLength(1);
    expect(mutations()).toBe(1);
  });

  test.each(['drop-before', '500-before'] as const)('before it happened (%s): it is begun again once it had its time to show', async (fault) => {
    const run = failed();
    world.github.actions.fault = fault;
    world.github.actions.ends = { conclusion: 'success' };
    await world.intend();
    const begun = world.clock.now();
    const { executed, errors } = await world.insist(rerun(run));
    expect(executed).toMatchObject({ state: 'done' });
    expect(errors).toEqual([expect.stringContaining('was lost')]);
    expect(world.clock.now() - begun).toBeGreaterThanOrEqual(60_000);
    expect(world.github.actions.ledger).toHaveLength(1);
    expect(mutations()).toBe(2);
  });

  test('after it happened, and nothing of it shows for a while: it is not begun again', async () => {
    const run = failed();
    Object.assign(world.github.actions, { fault: 'drop-after', hiddenFor: 6, ends: { conclusion: 'success' } });
    await world.intend();
    expect((await world.insist(rerun(run))).executed).toMatchObject({ state: 'done' });
    expect(world.github.actions.ledger).toHaveLength(1);
    expect(mutations()).toBe(1);
  });

  test('after it happened, and it shows only after GitHub has refused a second one: that refusal is not taken for its end', async () => {
    const run = failed();
    Object.assign(world.github.actions, { fault: 'drop-after', hiddenFor: 36 });
    await world.intend();
    let pauses = 0;
    world.paused = () => void ((pauses += 1) > 45 && world.github.actions.end(run, 'success'));
    expect((await world.insist(rerun(run))).executed).toMatchObject({ state: 'done' });
    expect(world.github.actions.ledger).toHaveLength(1);
  });

  test("and somebody else has rerun it: what became of ours is a person's to settle", async () => {
    const run = failed();
    await world.intend();
    world.github.actions.fault = 'drop-before';
    await expect(world.execute(rerun(run))).rejects.toThrow(/was lost/);
    world.github.actions.rerun(run, ALICE, 'failure');
    const { executed } = await world.insist(rerun(run));
    expect(executed).toMatchObject({ state: 'ambiguous', detail: expect.stringContaining('attempt 2 by alice at 2026-11-22T12:0') as string });
    expect(mutations()).toBe(1);
  });

  test('a later rerun of ours for another step is not taken for this one', async () => {
    const run = failed();
    await world.intend();
    world.github.actions.fault = 'drop-before';
    await expect(world.execute(rerun(run))).rejects.toThrow(/was lost/);
    world.github.actions.rerun(run, world.github.actions.me, 'success', world.clock.now() + 120_000);
    expect((await world.insist(rerun(run))).executed).toMatchObject({ state: 'ambiguous' });
  });

  test('as an app, which cannot ask who it is: a person is not taken for it, and an app is', async () => {
    world.github.actions.me = { login: 'nightshift[bot]', type: 'Bot' };
    for (const [by, state] of [
      [ALICE, 'ambiguous'],
      [world.github.actions.me, 'done'],
    ] as const) {
      world.store = new MemoryStore();
      const run = failed();
      await world.intend();
      world.github.actions.fault = 'drop-before';
      await expect(world.execute(rerun(run))).rejects.toThrow(/was lost/);
      world.github.actions.rerun(run, by, 'success');
      expect((await world.insist(rerun(run))).executed).toMatchObject({ state });
    }
  });
});

describe('refused or held up', () => {
  test('a refusal has failed, without a secret that it repeats', async () => {
    const run = failed();
    await world.intend();
    world.github.actions.fault = { status: 403, message: 'The run cannot be retried with a-token-of-github' };
    const told = await world.execute(rerun(run));
    expect(told).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(/refused to rerun run 7000000001 of acme\/shop with 403: The run cannot be retried/) as string,
    });
    expect(JSON.stringify([told, [...world.store.intentRows.values()]])).not.toContain('a-token-of-github');
    expect(world.github.actions.ledger).toEqual([]);
  });

  test('too many requests: nothing was begun, the time to wait is told, and it is tried again', async () => {
    const run = failed();
    await world.intend();
    world.github.actions.ends = { conclusion: 'success' };
    world.github.actions.fault = { status: 429, message: 'Slow down', headers: { 'retry-after': '40' } };
    const error: unknown = await world
      .carrier('github.rerun-failed-jobs')
      .act(SHOP, effect(run))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'not_begun', retryAfterMs: 40_000 });
    expect((await world.insist(rerun(run))).executed).toMatchObject({ state: 'done' });
    expect(world.github.actions.ledger).toHaveLength(1);
  });

  test('a GitHub that cannot be read before: nothing was begun', async () => {
    const run = failed();
    world.github.manner = { status: 502 };
    await expect(world.carrier('github.rerun-failed-jobs').act(SHOP, effect(run))).rejects.toMatchObject({ code: 'not_begun' });
    world.github.manner = 'ok';
    expect(mutations()).toBe(0);
  });

  test('while it is under way, requests that are too many are waited for', async () => {
    const run = failed();
    await world.intend();
    let pauses = 0;
    world.paused = () => {
      pauses += 1;
      world.github.manner = pauses < 12 ? { status: 403, body: { message: 'API rate limit exceeded' } } : 'ok';
      if (pauses === 12) world.github.actions.end(run, 'success');
    };
    expect(await world.execute(rerun(run))).toMatchObject({ state: 'done' });
    expect(world.github.calls.length).toBeLessThan(12);
  });
});

describe('a store from before', () => {
  test('an intent without the record: what we have rerun since is adopted', async () => {
    const run = failed();
    await world.intend();
    world.wait(2_000);
    world.github.actions.rerun(run, world.github.actions.me, 'success');
    expect(await world.execute(rerun(run))).toMatchObject({ state: 'done', detail: expect.stringContaining('attempt 2') as string });
    expect(mutations()).toBe(0);
  });

  test('without the intent nothing is done, and a person is asked', async () => {
    const run = failed();
    await world.intend();
    world.github.actions.ends = { conclusion: 'failure' };
    await world.execute(rerun(run));
    world.wait(60_000);
    world.store = new MemoryStore();
    expect(await world.execute(rerun(run))).toMatchObject({ state: 'ambiguous' });
    expect(world.github.actions.ledger).toHaveLength(1);
  });

  test('earlier reruns, and those of others, do not keep it from beginning', async () => {
    const run = failed();
    world.github.actions.rerun(run, world.github.actions.me, 'failure', world.clock.now() - 60_000);
    await world.intend();
    world.github.actions.rerun(run, ALICE, 'failure');
    world.github.actions.ends = { conclusion: 'success' };
    expect(await world.execute(rerun(run))).toMatchObject({ state: 'done', detail: expect.stringContaining('attempt 4') as string });
    expect(mutations()).toBe(1);
  });
});
