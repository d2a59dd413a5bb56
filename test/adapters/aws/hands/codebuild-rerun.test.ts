import type { Build } from '@aws-sdk/client-codebuild';
import { rerunEnd, rerunRecord } from '../../../../domain/aws/build-rerun';
import { putBuildCourse } from '../../../fakes/aws/services/codebuild-run';
import { putBuild } from '../../../fakes/aws/services/codebuild';
import { CALLED_AGAIN } from './befalls';
import { handsWorld, NOW } from './world';
import type { Asked, HandsWorld } from './world';

const RERUN: Asked = { action: 'codebuild.rerun' };
const [OLD, NEWEST] = ['shop:0000-old', 'shop:0000-new'];

function build(id: string, startedMsAgo: number, more: Partial<Build> = {}): Build {
  const startTime = new Date(NOW - startedMsAgo);
  return {
    ...{ id, startTime, endTime: new Date(NOW - startedMsAgo + 30_000), buildStatus: 'FAILED', resolvedSourceVersion: `sha-of-${id.slice(-3)}` },
    ...more,
  };
}

let world: HandsWorld;

beforeEach(async () => {
  world = await handsWorld({ codebuild: { project: 'shop' } });
  putBuildCourse(world.place, { projectName: 'shop', durationMs: 2_000 });
  putBuild(world.place, build(OLD, 7_200_000));
  putBuild(world.place, build(NEWEST, 3_600_000));
  putBuild(world.place, build('shop:0000-good', 60_000, { buildStatus: 'SUCCEEDED', sourceVersion: 'feature' }));
});

afterEach(() => world.close());

const begun = (): number => world.aws.effects.of('codebuild.build').length;

test('the newest failed build is built again at its commit, without a cache, and is found by its token', async () => {
  const done = await world.execute(RERUN);
  const [effect] = world.aws.effects.of('codebuild.build');
  expect(done).toMatchObject({ state: 'done', found: false });
  expect(rerunEnd(done.detail)).toEqual({ build: effect?.id, status: 'SUCCEEDED', source: { build: NEWEST, commit: 'sha-of-new' } });
  expect(world.aws.ledger.of('codebuild.StartBuild').map(({ input }) => input)).toMatchObject([
    { sourceVersion: 'sha-of-new', cacheOverride: { type: 'NO_CACHE' }, environmentVariablesOverride: [{ value: world.effect(RERUN).token }] },
  ]);
});

test('one that fails again is done, and its detail says in which phase and why', async () => {
  putBuildCourse(world.place, { projectName: 'shop', durationMs: 2_000, ends: ['FAILED'] });
  const done = await world.execute(RERUN);
  expect(done.state).toBe('done');
  expect(rerunEnd(done.detail)).toMatchObject({ status: 'FAILED', phase: 'BUILD' });
});

test('a build that is named is the one that is built again', async () => {
  const done = await world.execute({ ...RERUN, inputs: { build: OLD } });
  expect(rerunEnd(done.detail)?.source).toEqual({ build: OLD, commit: 'sha-of-old' });
});

test('carried out twice there is one build', async () => {
  const first = await world.execute(RERUN);
  const second = await world.execute(RERUN);
  expect([second.detail, second.found, begun()]).toEqual([first.detail, true, 1]);
});

test.each(CALLED_AGAIN)('%s: %s, with %i builds', async (effect, state, builds) => {
  world.aws.fault({ effect, service: 'codebuild', operation: 'StartBuild', times: 1, delayMs: 20_000 });
  expect([(await world.execute(RERUN)).state, begun()]).toEqual([state, builds]);
});

test('another attempt takes the build that was chosen first, although a newer one has failed since', async () => {
  world.aws.fault({ effect: 'refuse', service: 'codebuild', operation: 'StartBuild', times: 1 });
  await expect(world.execute(RERUN, 1)).rejects.toThrow('StartBuild');
  putBuild(world.place, build('shop:0000-later', 1_000));
  expect(rerunEnd((await world.execute(RERUN)).detail)?.source?.build).toBe(NEWEST);
});

test('a build that does not show for longer than the token lasts is not begun twice', async () => {
  world.aws.lag({ service: 'codebuild', operation: 'StartBuild', ms: 20_000 });
  world.aws.fault({ effect: 'drop', service: 'codebuild', operation: 'StartBuild', times: 1 });
  await expect(world.execute(RERUN, 1)).rejects.toThrow('StartBuild');
  world.clock.advance(360_000);
  expect([await world.execute(RERUN), begun()]).toEqual([expect.objectContaining({ state: 'done', found: true }), 1]);
});

test('a build that was accepted and does not show yet is waited for', async () => {
  world.aws.lag({ service: 'codebuild', operation: 'StartBuild', ms: 20_000 });
  expect([await world.execute(RERUN), begun()]).toEqual([expect.objectContaining({ state: 'done' }), 1]);
});

test('two incidents have two tokens and two builds', async () => {
  putBuildCourse(world.place, { projectName: 'shop', durationMs: 2_000, ends: ['FAILED'] });
  await world.execute(RERUN);
  await world.execute({ ...RERUN, incidentId: 'inc-b' });
  expect(new Set(world.aws.effects.of('codebuild.build').map(({ token }) => token)).size).toBe(2);
});

test('with a store from before the build is found, and nothing is done', async () => {
  await world.execute(RERUN);
  world.store.intentRows.clear();
  expect([rerunEnd((await world.execute(RERUN)).detail)?.build, begun()]).toEqual([world.aws.effects.of('codebuild.build')[0]?.id, 1]);
});

test('an account that is not configured is refused', async () => {
  const hands = { ...world.service.hands, account: '444455556666' } as typeof world.service.hands;
  await expect(world.hands.act({ ...world.service, ...(hands && { hands }) }, world.effect(RERUN))).rejects.toThrow(
    '444455556666/eu-central-1 is not configured',
  );
  expect(begun()).toBe(0);
});

test.each<[string, Record<string, string>, string | undefined]>([
  ['the newest failed one', {}, undefined],
  ['one that succeeded', { build: 'shop:0000-good' }, 'build shop:0000-good succeeded, so that there is nothing to rerun.'],
  ['one that runs', { build: 'shop:0000-run' }, 'build shop:0000-run still runs; wait for its end.'],
  ['one that is not there', { build: 'shop:0000-none' }, 'project shop has no build shop:0000-none; name a failed build of it.'],
  ['one of another project', { build: 'till:0000-new' }, 'build till:0000-new is not one of project shop.'],
])('of %s it says before whether it may', async (_what, inputs, said) => {
  putBuild(world.place, { id: 'shop:0000-run', startTime: new Date(NOW - 1_000), buildStatus: 'IN_PROGRESS' });
  expect(await world.hands.unmet?.(world.service, world.wanted({ ...RERUN, inputs }))).toBe(said);
});

test('without a project, and without a failed build, it says so', async () => {
  const unmet = (project: string): Promise<string | undefined> | undefined =>
    world.hands.unmet?.({ ...world.service, hands: { ...world.service.hands, codebuild: { project } } as never }, world.wanted(RERUN));
  putBuild(world.place, build('till:0000-good', 60_000, { buildStatus: 'SUCCEEDED' }));
  expect(await unmet('none')).toBe('there is no project none in 111122223333/eu-central-1; correct hands.codebuild in the configuration.');
  expect(await unmet('till')).toBe('project till has no failed build.');
});

test.each<[string, Partial<Build>, string | undefined]>([
  ['the branch', { sourceVersion: 'refs/heads/main^{0123456789012345678901234567890123456789}' }, 'main'],
  ['the same commit, for another branch', { sourceVersion: 'release', resolvedSourceVersion: 'sha-of-new' }, 'commit sha-of-new'],
  ['another branch', { sourceVersion: 'release' }, undefined],
])('a newer build of %s that passed holds it back, or does not', async (_what, good, of) => {
  putBuild(world.place, build(NEWEST, 3_600_000, { sourceVersion: 'main' }));
  putBuild(world.place, build('shop:0000-later', 600_000, { buildStatus: 'SUCCEEDED', ...good }));
  const said = of === undefined ? undefined : `a newer build shop:0000-later of ${of} passed at 2026-03-01T11:50:30.000Z: nothing to rerun`;
  for (const inputs of [{}, { build: NEWEST }]) {
    expect(await world.hands.unmet?.(world.service, world.wanted({ ...RERUN, inputs }))).toBe(said === undefined ? undefined : `${said}.`);
  }
  expect(await world.execute(RERUN)).toMatchObject(said === undefined ? { state: 'done' } : { state: 'failed', detail: said });
  expect(begun()).toBe(said === undefined ? 1 : 0);
});

test('one that passes between two attempts holds the later attempt back', async () => {
  world.aws.fault({ effect: 'throttle', service: 'codebuild', operation: 'StartBuild', times: 1 });
  await expect(world.execute(RERUN, 1)).rejects.toMatchObject({ code: 'not_begun' });
  putBuild(world.place, build('shop:0000-later', 1_000, { buildStatus: 'SUCCEEDED' }));
  expect(await world.execute(RERUN)).toMatchObject({ state: 'failed', detail: expect.stringContaining('a newer build shop:0000-later') as string });
  expect(begun()).toBe(0);
});

test('a rerun that failed is known by its commit to be of the branch, and is held back when that passes', async () => {
  putBuildCourse(world.place, { projectName: 'shop', durationMs: 2_000, ends: ['FAILED'] });
  const commit = '0123456789012345678901234567890123456789';
  putBuild(world.place, build(NEWEST, 3_600_000, { sourceVersion: 'main', resolvedSourceVersion: commit }));
  await world.execute(RERUN);
  putBuild(world.place, build('shop:0000-later', -60_000, { buildStatus: 'SUCCEEDED', sourceVersion: 'main' }));
  world.clock.advance(120_000);
  expect(await world.hands.unmet?.(world.service, world.wanted(RERUN))).toContain('a newer build shop:0000-later of main passed');
});

test.each([false, true])('it is kept which build the rerun is of (answer lost: %s)', async (lost) => {
  if (lost) world.aws.fault({ effect: 'drop', service: 'codebuild', operation: 'StartBuild', times: 1 });
  await world.execute(RERUN);
  const [rerun] = world.aws.effects.of('codebuild.build');
  expect(await world.store.state.load(rerunRecord(rerun?.id ?? ''))).toEqual({ build: NEWEST, commit: 'sha-of-new' });
});

test('the preview names project, commit and build', async () => {
  expect(await world.hands.preview?.(world.service, world.wanted(RERUN))).toBe(
    'builds project shop in 111122223333/eu-central-1 at sha-of-new again, without a cache, as build shop:0000-new failed',
  );
});

test('stopped, the build ends, and it is told that it was', async () => {
  const effect = { ...world.effect(RERUN), reference: await world.hands.act(world.service, world.effect(RERUN)) };
  await world.hands.stop?.(world.service, effect as never);
  await world.hands.stop?.(world.service, effect as never);
  expect(world.aws.effects.of('codebuild.stop')).toHaveLength(1);
  expect(await world.hands.look(world.service, effect as never)).toMatchObject({ state: 'failed', detail: expect.stringContaining('ended STOPPED') as string });
});
