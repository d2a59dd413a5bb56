import { buildToRerun, rerunEnd, rerunSighting, rerunText } from '../../../domain/aws/build-rerun';
import type { BuildFacts, RerunEnd } from '../../../domain/aws/build-rerun';

const SHA = '0123456789012345678901234567890123456789';
const source = { build: 'shop:1', commit: 'abc' };

test.each<[RerunEnd]>([
  [{ build: 'shop:2', status: 'SUCCEEDED' }],
  [{ build: 'shop:2', status: 'FAILED', phase: 'BUILD', source, message: 'COMMAND_EXECUTION_ERROR: npm test. Reason: exit status 1' }],
  [{ build: 'shop:2', status: 'FAULT', phase: 'PROVISIONING', source: { build: 'shop:1' } }],
  [{ build: 'shop:2', status: 'TIMED_OUT', source: { build: 'shop:1', commit: 'arn:aws:s3:::bucket/key' }, message: 'at last: nothing' }],
])('%j is read from the words that it is told in', (end) => {
  expect(rerunEnd(rerunText(end))).toEqual(end);
});

test('words that follow are no part of what is fixed, and other words are nothing', () => {
  const end = { build: 'shop:2', status: 'SUCCEEDED', source };
  expect(rerunEnd(`${rerunText(end)} (its intent is not in the store)`)).toEqual(end);
  expect(rerunEnd('the process of shop was started anew')).toBeUndefined();
});

test('what a phase said is told without secrets, in one line', () => {
  const contexts = [{ statusCode: 'COMMAND_EXECUTION_ERROR', message: 'password=hunter22hunter\nexit status 1' }];
  const build = { id: 'shop:2', buildStatus: 'FAILED', endTime: new Date(0), phases: [{ phaseType: 'BUILD', phaseStatus: 'FAILED', contexts }] };
  expect(rerunEnd(rerunSighting(build, source).detail)?.message).toBe('COMMAND_EXECUTION_ERROR: password=[redacted] exit status 1');
});

test('one that fails after the intent is not the newest failed one', () => {
  const builds = [
    { id: 'shop:1', buildStatus: 'FAILED', startTime: new Date(1_000), sourceVersion: 'main' },
    { id: 'shop:2', buildStatus: 'FAILED', startTime: new Date(9_000) },
  ];
  expect(buildToRerun(builds, { project: 'shop', wanted: undefined, at: 5_000 })).toEqual({ build: 'shop:1', commit: 'main' });
});

test.each<[string, Partial<BuildFacts>, Partial<BuildFacts>, boolean]>([
  ['of the same branch', { sourceVersion: 'main' }, { sourceVersion: 'main' }, true],
  ['of the same branch, with a commit', { sourceVersion: 'main' }, { sourceVersion: `refs/heads/main^{${SHA}}` }, true],
  ['of the same pull request', { sourceVersion: 'pr/7' }, { sourceVersion: 'pr/7' }, true],
  ['of what the project builds by itself', {}, {}, true],
  ['of the same commit', { sourceVersion: SHA }, { sourceVersion: 'main', resolvedSourceVersion: SHA }, true],
  ['of another branch', { sourceVersion: 'main' }, { sourceVersion: 'next' }, false],
  ['of another commit, begun by it alone', { sourceVersion: SHA }, { sourceVersion: SHA.replace('0', '1') }, false],
  ['that began before', { sourceVersion: 'main' }, { sourceVersion: 'main', startTime: new Date(500) }, false],
  ['that failed too', { sourceVersion: 'main' }, { sourceVersion: 'main', buildStatus: 'FAILED', startTime: new Date(9_000) }, false],
])('a build %s that passes holds a rerun back, or does not', (_what, failed, good, held) => {
  const builds = [
    { id: 'shop:2', buildStatus: 'SUCCEEDED', startTime: new Date(2_000), endTime: new Date(3_000), ...good },
    { id: 'shop:1', buildStatus: 'FAILED', startTime: new Date(1_000), ...failed },
  ];
  const chosen = buildToRerun(builds, { project: 'shop', wanted: undefined, at: 5_000 });
  expect(typeof chosen === 'string').toBe(held);
});
