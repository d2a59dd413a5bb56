import { begunRollout, rolloutFinding, rolloutToSteer } from '../../../domain/aws/service-deployment';
import type { DeploymentDo, Rollout } from '../../../domain/aws/service-deployment';

const rollout = (status: string, more: Partial<Rollout> = {}): Rollout => ({ arn: 'arn:…/fleet/web/d1', status, createdAt: 1_000, ...more });
const pause = { hook: 'h1', stage: 'POST_TEST_TRAFFIC_SHIFT' };

test.each<[DeploymentDo, string, string]>([
  ['force-new', 'PENDING', 'in-progress'],
  ['force-new', 'SUCCESSFUL', 'done'],
  ['force-new', 'STOPPED', 'failed'],
  ['force-new', 'ROLLBACK_IN_PROGRESS', 'in-progress'],
  ['force-new', 'ROLLBACK_SUCCESSFUL', 'failed'],
  ['force-new', 'ROLLBACK_FAILED', 'failed'],
  ['continue', 'IN_PROGRESS', 'in-progress'],
  ['continue', 'SUCCESSFUL', 'done'],
  ['continue', 'ROLLBACK_SUCCESSFUL', 'failed'],
  ['roll-back', 'IN_PROGRESS', 'absent'],
  ['roll-back', 'ROLLBACK_REQUESTED', 'in-progress'],
  ['roll-back', 'ROLLBACK_SUCCESSFUL', 'done'],
  ['roll-back', 'ROLLBACK_FAILED', 'failed'],
  ['roll-back', 'STOPPED', 'failed'],
  ['roll-back', 'SUCCESSFUL', 'failed'],
])('for %s, %s is %s', (what, status, state) => {
  expect(rolloutFinding(what, rollout(status), { hook: 'h1', accepted: false, now: 0 }).state).toBe(state);
});

test.each<[string, Partial<Rollout>, boolean, string]>([
  ['the pause waits', { pause }, false, 'absent'],
  ['the pause waits although it was accepted', { pause }, true, 'in-progress'],
  ['another pause waits', { pause: { ...pause, hook: 'h2' } }, true, 'done'],
])('a deployment that is continued: %s', (_what, more, accepted, state) => {
  expect(rolloutFinding('continue', rollout('IN_PROGRESS', more), { hook: 'h1', accepted, now: 0 }).state).toBe(state);
});

test('the first deployment that was not there before is the one that was begun', () => {
  const all = ['new-2', 'new-1', 'old'].map((arn, i) => rollout('SUCCESSFUL', { arn, createdAt: 9_000 - i }));
  const now = 'web:7';
  expect(begunRollout(all, { known: ['old'], taskDefinition: 'web:7' }, now)).toMatchObject({ arn: 'new-1' });
  expect(begunRollout(all, { known: ['old'], taskDefinition: 'web:6' }, now)).toContain('somebody else has deployed');
  expect(begunRollout(all, { known: ['old', 'new-1', 'new-2'], taskDefinition: 'web:7' }, now)).toBeUndefined();
});

test.each<[string, 'continue' | 'roll-back', readonly Rollout[], string]>([
  ['none is under way', 'roll-back', [rollout('SUCCESSFUL')], 'nothing to roll-back; deploy the earlier task definition'],
  ['it began after the decision', 'roll-back', [rollout('PENDING', { createdAt: 200_000 })], 'began after this was decided'],
  ['it waits nowhere', 'continue', [rollout('IN_PROGRESS')], 'does not wait at a pause'],
])('nothing is steered where %s', (_what, what, rollouts, said) => {
  expect(rolloutToSteer(what, rollouts, 'fleet/web', 100_000)).toContain(said);
});
