import type { AllowedWorkflow } from '../../../domain/actions/allowed-github';
import type { Effect } from '../../../ports/hands';
import { DEPLOY, githubHandsWorld, SHOP, TARGET, type GithubHandsWorld } from '../../fakes/github-hands';
import { MemoryStore } from '../../fakes/memory-store';

let world: GithubHandsWorld;
beforeEach(async () => {
  world = await githubHandsWorld();
});
afterEach(() => world.github.close());

const dispatch = (more: Readonly<Record<string, string>> = {}) =>
  ({ action: 'github.dispatch', inputs: { workflow: 'deploy', release: 'v2', ...more } }) as const;
const effect = (more: Readonly<Record<string, string>> = {}): Effect => ({
  ...dispatch(more),
  ...{ token: 'tok-1', incidentId: 'inc-a', target: TARGET, intendedAt: world.clock.now(), timeoutMs: 60_000 },
});
const { tokenInput: _tokenInput, ...BLIND } = DEPLOY;
const allow = (workflow: AllowedWorkflow): void => void (world.over = { workflows: [workflow] });
const mutations = (): number => world.github.calls.filter(({ method }) => method === 'POST').length;
const carrier = (): ReturnType<GithubHandsWorld['carrier']> => world.carrier('github.dispatch');
const succeeds = (): void => void (world.github.actions.ends = { conclusion: 'success' });

describe('what is told before', () => {
  test('the preview gives the very inputs, with the place of the token', async () => {
    expect(await carrier().preview?.(SHOP, effect())).toMatch(
      /^starts \(deploy [0-9a-f]{12}\) deploy\.yml of acme\/shop at main with \{"release":"v2","why":"incident <incident>","intent":"<token>"\}$/,
    );
  });

  test('another ref is other words, which the digest shows', async () => {
    const before = await carrier().preview?.(SHOP, effect());
    allow({ ...DEPLOY, inputs: { ...DEPLOY.inputs, dry: 'false' } });
    expect((await carrier().preview?.(SHOP, effect()))?.slice(0, 30)).not.toBe(before?.slice(0, 30));
  });

  test.each([
    [{ workflow: 'deplyo' }, /deplyo is not among actions\.github\.workflows; did you mean deploy/],
    [{ release: 'latest' }, /release does not match v\[0-9\]\+/],
    [{ relaese: 'v2' }, /relaese deploy does not take this; did you mean release/],
  ] as const)('inputs that do not fit (%j) are told, and nothing goes out', async (inputs, reason) => {
    expect(await carrier().unmet?.(SHOP, effect(inputs))).toMatch(reason);
    await world.intend();
    expect(await world.execute(dispatch(inputs))).toMatchObject({ state: 'failed' });
    expect(mutations()).toBe(0);
  });

  test('a place where it is not allowed, a workflow that is not there, and one that is switched off', async () => {
    allow({ ...DEPLOY, scope: { environments: ['staging'] } });
    expect(await carrier().unmet?.(SHOP, effect())).toMatch(/deploy is not allowed for shop in prod/);
    world.over = {};
    expect(await carrier().unmet?.(SHOP, effect())).toBeUndefined();
    world.github.actions.workflows.set('deploy.yml', { inputs: [], state: 'disabled_manually' });
    expect(await carrier().unmet?.(SHOP, effect())).toBe('Workflow deploy.yml of acme/shop is disabled_manually.');
    world.github.actions.workflows.clear();
    expect(await carrier().unmet?.(SHOP, effect())).toMatch(/is not shown to the token/);
  });
});

test('it goes out once, its run is found by the token and watched until it has ended', async () => {
  await world.intend();
  let pauses = 0;
  world.paused = () => void ((pauses += 1) === 4 && world.github.actions.end('7000000001', 'success'));
  expect(await world.execute(dispatch())).toMatchObject({ state: 'done', detail: 'attempt 1 of run 7000000001 of acme/shop ended with success' });
  expect(world.github.actions.ledger).toEqual([
    { kind: 'dispatch', run: '7000000001', by: 'nightshift-ops', inputs: { release: 'v2', why: 'incident inc-a', intent: 'tok-1' } },
  ]);
  expect(await world.execute(dispatch())).toMatchObject({ state: 'done', found: true });
  expect(mutations()).toBe(1);
});

test('a run that fails has failed, with its failed jobs', async () => {
  await world.intend();
  world.github.actions.ends = { conclusion: 'failure', jobs: { ship: 'failure', test: 'success' } };
  expect(await world.execute(dispatch())).toMatchObject({ state: 'failed', detail: 'attempt 1 of run 7000000001 of acme/shop ended with failure: ship' });
});

test('an API that names the run is asked to, and no token need be shown', async () => {
  allow({ ...BLIND });
  Object.assign(world.github.actions, { namesRuns: true, hiddenFor: 2 });
  world.namesRuns = true;
  succeeds();
  await world.intend();
  expect(await world.execute(dispatch())).toMatchObject({ state: 'done', detail: expect.stringContaining('run 7000000001') as string });
  expect(await world.store.intents.get('tok-1')).toMatchObject({ reference: '7000000001' });
});

test('two incidents have two tokens, and two runs', async () => {
  succeeds();
  for (const token of ['tok-1', 'tok-2']) {
    await world.intend(token);
    expect(await world.execute({ ...dispatch(), token })).toMatchObject({ state: 'done' });
  }
  expect(world.github.actions.ledger.map(({ inputs }) => inputs?.['intent'])).toEqual(['tok-1', 'tok-2']);
});

describe('an answer that was lost', () => {
  test.each(['drop-after', '500-after'] as const)('after it happened (%s): its run is found, although it shows late', async (fault) => {
    Object.assign(world.github.actions, { fault, hiddenFor: 5 });
    succeeds();
    await world.intend();
    expect((await world.insist(dispatch())).executed).toMatchObject({ state: 'done' });
    expect(world.github.actions.ledger).toHaveLength(1);
    expect(mutations()).toBe(1);
  });

  test('before it happened: when nothing came to show in its time, a person is asked', async () => {
    world.github.actions.fault = 'drop-before';
    await world.intend();
    const { executed } = await world.insist(dispatch());
    expect(executed).toMatchObject({ state: 'ambiguous', detail: expect.stringContaining('nothing of it came to show within 1m') as string });
    expect(mutations()).toBe(1);
  });

  test('before it happened, where it may be done twice: it is made again', async () => {
    world.github.actions.fault = '500-before';
    succeeds();
    await world.intend();
    expect((await world.insist({ ...dispatch(), idempotent: true })).executed).toMatchObject({ state: 'done' });
    expect(world.github.actions.ledger).toHaveLength(1);
  });

  test("without a token that shows, it is a person's at once", async () => {
    allow(BLIND);
    world.github.actions.fault = 'drop-after';
    await world.intend();
    expect((await world.insist(dispatch())).executed).toMatchObject({ state: 'ambiguous' });
    expect(mutations()).toBe(1);
  });

  test('its run is found behind hundreds that were dispatched after it', async () => {
    succeeds();
    world.github.actions.fault = 'drop-after';
    await world.intend();
    await expect(carrier().act(SHOP, effect())).rejects.toThrow(/was lost/);
    for (let i = 0; i < 250; i += 1) world.github.actions.dispatched('deploy.yml', { intent: `other-${String(i)}` });
    expect(await carrier().look(SHOP, effect())).toMatchObject({ state: 'done', detail: expect.stringContaining('run 7000000001') as string });
  });

  test('more runs than GitHub lists leave it to a person', async () => {
    world.github.actions.fault = 'drop-before';
    await expect(carrier().act(SHOP, effect())).rejects.toThrow(/was lost/);
    for (let i = 0; i < 1_000; i += 1) world.github.actions.dispatched('deploy.yml', { intent: 'other' });
    expect(await carrier().look(SHOP, effect())).toMatchObject({ state: 'ambiguous', detail: expect.stringContaining('more often since') as string });
  });

  test('the run of another token is not taken for it', async () => {
    succeeds();
    await world.intend('tok-2');
    await world.execute({ ...dispatch(), token: 'tok-2' });
    world.github.actions.fault = 'drop-before';
    await world.intend();
    expect((await world.insist(dispatch())).executed).toMatchObject({ state: 'ambiguous' });
  });
});

describe('accepted', () => {
  test('without a token that shows, it is done, and told as not awaited', async () => {
    allow(BLIND);
    await world.intend();
    expect(await world.execute(dispatch())).toMatchObject({ state: 'done', detail: expect.stringContaining('its end was not awaited') as string });
  });

  test('and no run shows the token: what to look at is told', async () => {
    world.github.actions.workflows.set('deploy.yml', { inputs: ['release', 'why', 'intent'] });
    await world.intend();
    expect(await world.execute(dispatch())).toMatchObject({
      state: 'ambiguous',
      detail: expect.stringContaining('does its run-name show the input intent?') as string,
    });
  });
});

describe('refused or held up', () => {
  test.each([404, 422, 403])('%i has failed', async (status) => {
    world.github.actions.fault = { status, message: 'No ref found for: main, said a-token-of-github' };
    await world.intend();
    const told = await world.execute(dispatch());
    expect(told).toMatchObject({ state: 'failed', detail: expect.stringContaining(`deploy was answered with ${String(status)}: No ref found`) as string });
    expect(JSON.stringify([told, await world.store.state.load('github-dispatch:tok-1')])).not.toContain('a-token-of-github');
  });

  test.each([
    [{ status: 429, message: 'Slow down', headers: { 'retry-after': '40' } }, 40_000],
    [{ status: 403, message: 'No', headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Date.UTC(2026, 10, 22, 12, 2) / 1000) } }, 120_000],
    [{ status: 403, message: 'You have exceeded a secondary rate limit' }, 60_000],
  ])('too many requests (%j): nothing was begun, and the time to wait is told', async (fault, retryAfterMs) => {
    world.github.actions.fault = fault;
    await expect(carrier().act(SHOP, effect())).rejects.toMatchObject({ code: 'not_begun', retryAfterMs });
    expect(await carrier().look(SHOP, effect())).toEqual({ state: 'absent', again: true });
    succeeds();
    await world.intend();
    expect(await world.execute(dispatch())).toMatchObject({ state: 'done' });
    expect(world.github.actions.ledger).toHaveLength(1);
  });
});

describe('a store from before', () => {
  test('a run that shows the token is adopted, with the intent and without it', async () => {
    succeeds();
    await world.intend();
    await world.execute(dispatch());
    world.wait(3_600_000);
    world.store = new MemoryStore();
    expect(await world.execute(dispatch())).toMatchObject({ state: 'done', found: true });
    await world.intend();
    expect(await world.execute(dispatch())).toMatchObject({ state: 'done' });
    expect(mutations()).toBe(1);
  });

  test('without the intent and without a trace a person is asked', async () => {
    expect(await world.execute(dispatch())).toMatchObject({ state: 'ambiguous' });
    expect(mutations()).toBe(0);
  });
});

test('a record of before is looked up where it was made, whatever the configuration says by now', async () => {
  succeeds();
  await world.intend();
  await carrier().act(SHOP, effect());
  allow({ ...DEPLOY, name: 'ship', file: 'ship.yml' });
  expect(await carrier().look(SHOP, effect())).toMatchObject({ state: 'done' });
});
