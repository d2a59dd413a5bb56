import type { Build } from '../../domain/build';
import { failureFingerprint, followFailure, isOfFailedBuilds } from '../../domain/build-failure';
import type { FailureNews } from '../../domain/build-failure';

const RULE = { branches: ['main'] };

function build(minute: number, result: Build['result'], over: Partial<Build> = {}): Build {
  const endedAt = `2026-03-01T12:${String(minute).padStart(2, '0')}:00.000Z`;
  const where = { environment: 'prod', service: 'shop', name: 'shop', branch: 'main', commit: '1a2b3c4d5e' };
  return { id: `b${String(minute)}`, source: 'codebuild', run: String(minute), result, endedAt, ...where, ...over };
}

/** The alerts of each of the builds in their order, as `status`. */
function told(builds: readonly Build[], { rule }: { readonly rule: Parameters<typeof followFailure>[2] } = { rule: RULE }): readonly string[] {
  let failing: FailureNews['failing'] = {};
  return builds.map((each) => {
    const news = followFailure(failing, each, rule);
    ({ failing } = news);
    return news.alerts.map(({ status }) => status).join();
  });
}

test('the first failure on a watched branch is an alert with phase, branch and commit, which the next success ends', () => {
  const steps = [{ name: 'BUILD', result: 'failed' as const }];
  expect(followFailure({}, build(1, 'failed', { steps }), RULE).alerts).toMatchObject([
    { name: 'BuildFailed', status: 'firing', severity: 'sev4', summary: 'shop: pipeline shop: build 1 failed at BUILD on main at 1a2b3c4' },
  ]);
  expect(told([build(1, 'failed'), build(2, 'timed-out'), build(3, 'cancelled'), build(4, 'succeeded'), build(5, 'timed-out')])).toEqual([
    'firing',
    '',
    '',
    'resolved',
    'firing',
  ]);
});

test.each<[string, Partial<Build>, Parameters<typeof followFailure>[2]]>([
  ['on another branch', { branch: 'feature/x' }, RULE],
  ['that tells no branch', { branch: undefined as never }, RULE],
  ['of a service without a rule', {}, undefined],
])('a failed build %s is no alert', (_, over, rule) => {
  expect(told([build(1, 'failed', over)], { rule })).toEqual(['']);
});

test('builds without a branch count where the service says so', () => {
  expect(told([build(1, 'failed', { branch: undefined as never })], { rule: { branches: [], withoutBranch: true } })).toEqual(['firing']);
});

test('a rerun of the same commit ends it without telling a branch; another pipeline, branch or commit does not', () => {
  const noBranch: Partial<Build> = { branch: undefined as never };
  expect(told([build(1, 'failed'), build(2, 'succeeded', noBranch)])).toEqual(['firing', 'resolved']);
  for (const other of [{ name: 'deploy' }, { branch: 'release', commit: 'fff' }, { ...noBranch, commit: 'ffffffffff' }]) {
    expect(told([build(1, 'failed'), build(2, 'succeeded', other)])).toEqual(['firing', '']);
  }
});

test('a success that ended before the failure ends nothing', () => {
  expect(told([build(5, 'failed'), build(1, 'succeeded')])).toEqual(['firing', '']);
});

test('both messages of a condition have its fingerprint, and a later failure is another message', () => {
  const first = followFailure({}, build(1, 'failed'), RULE);
  const over = followFailure(first.failing, build(2, 'succeeded'), RULE);
  const again = followFailure(over.failing, build(3, 'failed'), RULE);
  const fingerprint = failureFingerprint(build(1, 'failed'));
  expect([first, over, again].map(({ alerts }) => alerts[0]?.fingerprint)).toEqual([fingerprint, fingerprint, fingerprint]);
  expect(new Set([first, over, again].map(({ alerts }) => alerts[0]?.id)).size).toBe(3);
});

test('an incident is of failed builds where all that counts is of builds and one failed', () => {
  const failed = { name: 'BuildFailed', source: 'builds', status: 'firing' } as const;
  expect(isOfFailedBuilds([failed, { ...failed, name: 'BuildUnusual' }])).toBe(true);
  expect(isOfFailedBuilds([{ ...failed, name: 'BuildUnusual' }])).toBe(false);
  expect(isOfFailedBuilds([failed, { ...failed, source: 'detector', name: 'ErrorShareHigh' }])).toBe(false);
  expect(isOfFailedBuilds([{ ...failed, source: 'somebody' }])).toBe(false);
});

test('building the same commit again, without telling a branch, is no failure of its own', () => {
  const again = build(2, 'failed', { branch: undefined as never });
  expect(told([build(1, 'failed'), again, build(3, 'succeeded')], { rule: { branches: ['main'], withoutBranch: true } })).toEqual(['firing', '', 'resolved']);
});

describe('a build that was begun by its branch and tells no commit', () => {
  const first = build(1, 'failed', { id: 'codebuild:arn:aws:codebuild:eu-central-1:111122223333:build/shop:0001', commit: undefined as never });
  const again = (minute: number, result: Build['result']): Build => build(minute, result, { branch: undefined as never, commit: 'fffffffff' });
  const failing = followFailure({}, first, RULE).failing;

  test('ends with the next of its branch that passes', () => {
    expect(followFailure(failing, build(2, 'succeeded'), RULE)).toMatchObject({ failing: {}, alerts: [{ status: 'resolved' }] });
  });

  test('ends with a rerun of it that passes, which tells the commit alone', () => {
    expect(followFailure(failing, again(2, 'succeeded'), RULE, 'shop:0001')).toMatchObject({ failing: {}, alerts: [{ status: 'resolved' }] });
  });

  test.each([undefined, 'shop:0002'])('does not end with a build of some commit, or a rerun of another one (%s)', (rerunOf) => {
    expect(followFailure(failing, again(2, 'succeeded'), RULE, rerunOf)).toEqual({ failing, alerts: [] });
  });

  test('a rerun of it that fails is no failure of its own, whatever it tells', () => {
    const rule = { branches: ['main'], withoutBranch: true } as const;
    expect(followFailure(failing, again(2, 'failed'), rule, 'shop:0001')).toEqual({ failing, alerts: [] });
  });
});

describe('when the branch failed again while the alert stood', () => {
  const noBranch: Partial<Build> = { branch: undefined as never };
  const [first, second] = [build(1, 'failed'), build(2, 'failed', { id: 'codebuild:b/shop:0002', commit: 'bbbbbbbbbb' })];
  const { failing } = followFailure(followFailure({}, first, RULE).failing, second, RULE);

  test.each<[string, Partial<Build>, string | undefined]>([
    ['a build of the later commit', { ...noBranch, commit: 'bbbbbbbbbb' }, undefined],
    ['a rerun of the later build', { ...noBranch, commit: undefined as never }, 'shop:0002'],
    ['the next of the branch', { commit: 'cccccccccc' }, undefined],
  ])('%s that passes ends it, and nothing is left to tell', (_what, told, rerunOf) => {
    const news = followFailure(failing, build(3, 'succeeded', told), RULE, rerunOf);
    expect([news.failing, news.alerts.map(({ status }) => status), news.untold]).toEqual([{}, ['resolved'], undefined]);
  });

  test('a build of the earlier commit that passes ends it, and the later failure is still to be told', () => {
    expect(followFailure(failing, build(3, 'succeeded', noBranch), RULE)).toMatchObject({ failing: {}, untold: ['codebuild:b/shop:0002'] });
  });
});
