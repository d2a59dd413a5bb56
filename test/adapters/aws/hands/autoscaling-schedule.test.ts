import type { FaultEffect } from '../../../fakes/aws/faults';
import { putScalableTarget } from '../../../fakes/aws/services/application-autoscaling';
import { putAutoScalingGroup, putScalingPolicy } from '../../../fakes/aws/services/autoscaling-store';
import { putEcsService } from '../../../fakes/aws/services/ecs-store';
import { ACCOUNT, handsWorld, NOW, REGION } from './world';
import type { Asked, HandsWorld } from './world';

const MINUTE = 60_000;
const SERVICE = { namespace: 'ecs', resource: 'service/shop/web', dimension: 'ecs:service:DesiredCount' };
const TARGET = { ServiceNamespace: 'ecs', ResourceId: SERVICE.resource, ScalableDimension: 'ecs:service:DesiredCount' } as const;
const WINDOW = { at: '2026-03-01T14:00Z', until: '2026-03-01T16:00Z' };
const schedule = (inputs: Readonly<Record<string, string>> = {}, incidentId = 'inc-a'): Asked => ({
  ...{ action: 'autoscaling.schedule', incidentId },
  inputs: { ...('cancel' in inputs ? {} : { ...('to' in inputs ? {} : { by: '+50%' }), ...WINDOW }), ...inputs },
});
const cancel = (incidentId = 'inc-a'): Asked => ({ ...schedule({ cancel: 'true' }, incidentId), step: 'undo:cancel' });

let world: HandsWorld;
afterEach(() => world.close());

async function targets(target: object = {}): Promise<void> {
  world = await handsWorld({ scaling: SERVICE, autoscaling: { group: 'web' } });
  putEcsService(world.place, { cluster: 'shop', service: { serviceName: 'web', desiredCount: 4, runningCount: 4 } });
  putScalableTarget(world.place, { ...TARGET, MinCapacity: 4, MaxCapacity: 10, RoleARN: 'arn:aws:iam::111122223333:role/scaling', ...target });
}

async function groups(group: object = {}): Promise<void> {
  world = await handsWorld({ autoscaling: { group: 'web' } });
  putAutoScalingGroup(world.place, { AutoScalingGroupName: 'web', MinSize: 4, MaxSize: 20, DesiredCapacity: 5, ...group } as never);
}

/** Puts the records of capacity in the form in which builds before this one wrote them. */
function asBefore(): void {
  for (const [name, value] of world.store.saved) {
    if (name.startsWith('state/capacity:')) world.store.saved.set(name, { ...(value as object), desired: undefined });
    if (!name.endsWith('/autoscaling.schedule')) continue;
    const { token, was, to } = (value as { readonly token: string; readonly was: object; readonly to: number }[]).at(-1) ?? {};
    world.store.saved.delete(name);
    world.store.saved.set(name.replace(/autoscaling\.schedule$/, 'capacity'), { token, was, set: to });
  }
}

/** Effects of a kind: when, in minutes from the beginning, and what. */
const told = (kind: string) => world.aws.effects.of(kind).map(({ at, detail }) => [Math.round((at - NOW) / MINUTE), detail]);
const made = () => world.aws.effects.of('application-autoscaling.scheduled').map(({ id }) => id.replace(/^nightshift-.*-/, ''));
const later = (minutes: number) => world.clock.advance(minutes * MINUTE - (world.clock.now() - NOW));

test('both ends are scheduled, the one that puts back first, and each comes at its time', async () => {
  await targets();
  const { token } = world.effect(schedule());
  expect(await world.execute(schedule())).toMatchObject({
    state: 'done',
    detail: `the minimum becomes 6 at 2026-03-01 14:00:00 UTC (nightshift-${token}-up) and goes back to 4 at 2026-03-01 16:00:00 UTC (nightshift-${token}-back)`,
  });
  expect(await world.execute(schedule())).toMatchObject({ state: 'done', found: true });
  expect(made()).toEqual(['back', 'up']);
  later(300);
  expect(told('application-autoscaling.fired')).toEqual([
    [120, { from: [4, 10], to: [6, 10] }],
    [240, { from: [6, 10], to: [4, 10] }],
  ]);
});

test('a group comes back to the sizes that it had', async () => {
  await groups();
  expect(await world.execute(schedule())).toMatchObject({ state: 'done' });
  later(300);
  expect(told('autoscaling.capacity')).toEqual([
    [120, { from: { min: 4, max: 20, desired: 5 }, to: { min: 8, max: 20, desired: 8 } }],
    [240, { from: { min: 8, max: 20, desired: 8 }, to: { min: 4, max: 20, desired: 5 } }],
  ]);
});

/** A group with a policy, scheduled, and what runs set to 12 for load in the midst of its time. */
async function loaded(policy: object): Promise<void> {
  await groups();
  putScalingPolicy(world.place, { AutoScalingGroupName: 'web', PolicyName: 'cpu', ...policy });
  expect(await world.execute(schedule())).toMatchObject({ state: 'done' });
  later(150);
  putAutoScalingGroup(world.place, { AutoScalingGroupName: 'web', MinSize: 8, MaxSize: 20, DesiredCapacity: 12 } as never);
}

test.each(['TargetTrackingScaling', 'StepScaling', 'SimpleScaling'])(
  'a group with a policy of %s is left to it: the end takes back the minimum alone',
  async (PolicyType) => {
    await loaded({ PolicyType });
    later(300);
    expect(told('autoscaling.capacity').at(-1)).toEqual([240, { from: { min: 8, max: 20, desired: 12 }, to: { min: 4, max: 20, desired: 12 } }]);
  },
);

test.each([
  ['is disabled', { PolicyType: 'TargetTrackingScaling', Enabled: false }],
  ['only predicts, and never scales in', { PolicyType: 'PredictiveScaling' }],
  ['is of another group', { AutoScalingGroupName: 'another' }],
])('a policy that %s takes nothing back, so that the end does', async (_what, policy) => {
  await loaded(policy);
  later(300);
  expect(told('autoscaling.capacity').at(-1)).toMatchObject([240, { to: { min: 4, desired: 5 } }]);
});

test('of many policies the one that counts is found, whichever page tells it', async () => {
  await groups();
  for (const i of [1, 2, 3, 4]) putScalingPolicy(world.place, { AutoScalingGroupName: 'web', PolicyName: `off-${String(i)}`, Enabled: false });
  putScalingPolicy(world.place, { AutoScalingGroupName: 'web', PolicyName: 'cpu' });
  expect(await world.hands.preview?.(world.service, world.wanted(schedule()))).toMatch(/left to its scaling policies \(cpu\)$/);
});

test('whether a group has policies must be seen: nothing is scheduled where that is forbidden', async () => {
  await groups();
  world.aws.fault({ effect: 'deny', operation: 'DescribePolicies' });
  expect(await world.execute(schedule())).toMatchObject({ state: 'failed', detail: expect.stringContaining('autoscaling:DescribePolicies') as string });
  expect(told('autoscaling.scheduled')).toEqual([]);
});

test('a time that has begun raises at once, and ends as scheduled', async () => {
  await groups();
  expect(await world.execute(schedule({ at: '2026-03-01T11:30Z' }))).toMatchObject({
    state: 'done',
    detail: expect.stringMatching(/^the minimum is 8 and goes back to 4 at 2026-03-01 16:00:00 UTC/) as string,
  });
  later(300);
  expect(told('autoscaling.capacity').map(([minute]) => minute)).toEqual([0, 240]);
});

const FAULTS: readonly FaultEffect[] = ['drop', 'fail', 'stall', 'late', 'throttle', 'refuse', 'hang'];

test.each(FAULTS)('"%s" of either call: both are scheduled once', async (effect) => {
  await targets();
  for (const after of [0, 1]) world.aws.fault({ effect, operation: 'PutScheduledAction', after, times: 1, ...(effect === 'late' && { delayMs: 5_000 }) });
  expect(await world.execute(schedule(), 8)).toMatchObject({ state: 'done' });
  later(300);
  expect(made()).toEqual(['back', 'up']);
  expect(told('application-autoscaling.fired').map(([minute]) => minute)).toEqual([120, 240]);
});

test('what does not show yet is waited for', async () => {
  await targets();
  world.aws.lag({ service: 'application-autoscaling', operation: 'PutScheduledAction', ms: 20_000 });
  world.aws.fault({ effect: 'drop', operation: 'PutScheduledAction', times: 1 });
  expect(await world.execute(schedule())).toMatchObject({ state: 'done' });
  expect(made()).toEqual(['back', 'up']);
});

test('a crash between the two leaves nothing raised, and the next attempt completes it', async () => {
  await targets();
  world.aws.fault({ effect: 'throttle', operation: 'PutScheduledAction', after: 1 });
  await expect(world.execute(schedule(), 1)).rejects.toMatchObject({ code: 'unreachable' });
  expect([...world.store.intentRows.values()]).toMatchObject([{ state: 'started' }]);
  later(300);
  expect(told('application-autoscaling.fired')).toEqual([[240, { from: [4, 10], to: [4, 10] }]]);
});

test('given up between the two, it is told that its end is scheduled', async () => {
  await targets();
  world.aws.fault({ effect: 'throttle', operation: 'PutScheduledAction', after: 1 });
  await expect(world.execute(schedule(), 1)).rejects.toThrow(/-back is scheduled already/);
  expect(await world.callOff(schedule())).toMatchObject({
    state: 'ambiguous',
    detail: expect.stringMatching(/nothing raises the minimum of 4, and it goes back to 4 at .+ \(nightshift-.+-back\)/) as string,
  });
});

test('a plan that a build before this one wrote down comes back to the sizes that were there', async () => {
  await groups();
  world.aws.fault({ effect: 'throttle', operation: 'PutScheduledUpdateGroupAction', times: 1 });
  await expect(world.execute(schedule(), 1)).rejects.toMatchObject({ code: 'not_begun' });
  asBefore();
  expect(await world.execute(schedule())).toMatchObject({ state: 'done' });
  later(300);
  expect(told('autoscaling.capacity').at(-1)).toMatchObject([240, { to: { min: 4, desired: 5 } }]);
});

test('an update at the same time is tried again later', async () => {
  await targets();
  world.aws.fault({ effect: 'error', error: { name: 'ConcurrentUpdateException', status: 400 }, operation: 'PutScheduledAction', times: 1 });
  await expect(world.execute(schedule(), 1)).rejects.toMatchObject({ code: 'not_begun' });
  expect(await world.execute(schedule())).toMatchObject({ state: 'done' });
});

test('a store of before it finds in the world what was scheduled, also when it has begun', async () => {
  await targets();
  await world.execute(schedule());
  for (const minutes of [60, 180]) {
    later(minutes);
    world.store.intentRows.clear();
    world.store.saved.clear();
    expect(await world.execute({ ...schedule(), unrecorded: true })).toMatchObject({ state: 'done', found: true });
  }
  expect(made()).toEqual(['back', 'up']);
});

test('a store of before that it was never done does nothing', async () => {
  await targets();
  expect(await world.execute({ ...schedule(), unrecorded: true })).toMatchObject({ state: 'refused' });
  expect(made()).toEqual([]);
});

describe('two incidents', () => {
  test('whose times lie apart schedule two, and the second puts back what was there before the first', async () => {
    await targets();
    await world.execute(schedule());
    later(150);
    await world.execute(schedule({ to: '8', at: '2026-03-01T17:00Z', until: '2026-03-01T18:00Z' }, 'inc-b'));
    later(500);
    expect(told('application-autoscaling.fired').map(([, detail]) => (detail as { readonly to: unknown }).to)).toEqual([
      [6, 10],
      [4, 10],
      [8, 10],
      [4, 10],
    ]);
  });

  test('whose times overlap would end each other: the second is refused', async () => {
    await targets();
    await world.execute(schedule());
    const overlapping = schedule({ to: '8', at: '2026-03-01T15:00Z', until: '2026-03-01T18:00Z' }, 'inc-b');
    const why =
      /^more of ecs service\/shop\/web is scheduled already until 2026-03-01 16:00:00 UTC \(nightshift-.*-back\); let that end, or take it back first/;
    expect(await world.hands.unmet?.(world.service, world.wanted(overlapping))).toMatch(why);
    expect(await world.execute(overlapping)).toMatchObject({ state: 'failed', detail: expect.stringMatching(why) as string });
    expect(made()).toHaveLength(2);
  });
});

describe('taken back', () => {
  test('before its time, nothing comes', async () => {
    await targets();
    await world.execute(schedule());
    expect(await world.execute(cancel())).toMatchObject({
      state: 'done',
      detail: 'nothing is scheduled any more, and the minimum of ecs service/shop/web is 4',
    });
    later(300);
    expect(told('application-autoscaling.fired')).toEqual([]);
  });

  test('in the midst of its time, what was raised is put back at once', async () => {
    await groups();
    await world.execute(schedule());
    later(150);
    await world.execute(cancel());
    later(300);
    expect(told('autoscaling.capacity')).toMatchObject([
      [120, { to: { min: 8, desired: 8 } }],
      [150, { to: { min: 4, desired: 5 } }],
    ]);
  });

  test.each([
    ['of a group with policies the minimum alone', true, 8, { min: 4, desired: 8 }],
    ['of a group without, what runs too', false, 8, { min: 4, desired: 5 }],
    ['of a group without, what somebody has set meanwhile stays', false, 12, { min: 4, desired: 12 }],
  ])('in the midst of its time: %s', async (_what, steered, DesiredCapacity, left) => {
    await groups();
    if (steered) putScalingPolicy(world.place, { AutoScalingGroupName: 'web', PolicyName: 'cpu' });
    await world.execute(schedule());
    later(150);
    putAutoScalingGroup(world.place, { AutoScalingGroupName: 'web', MinSize: 8, MaxSize: 20, DesiredCapacity } as never);
    expect(await world.execute(cancel())).toMatchObject({ state: 'done' });
    later(300);
    expect(told('autoscaling.capacity').at(-1)).toMatchObject([150, { to: left }]);
  });

  test('what somebody has set between two attempts stays', async () => {
    await groups();
    await world.execute(schedule());
    later(150);
    world.aws.fault({ effect: 'throttle', operation: 'UpdateAutoScalingGroup', times: 1 });
    await expect(world.execute(cancel(), 1)).rejects.toMatchObject({ code: 'not_begun' });
    putAutoScalingGroup(world.place, { AutoScalingGroupName: 'web', MinSize: 8, MaxSize: 20, DesiredCapacity: 12 } as never);
    expect(await world.execute(cancel())).toMatchObject({ state: 'done' });
    expect(told('autoscaling.capacity').at(-1)).toMatchObject([150, { to: { min: 4, desired: 12 } }]);
  });

  test('also where the incident has tried to schedule more, and was refused', async () => {
    await targets();
    await world.execute(schedule());
    const lifted = world.aws.fault({ effect: 'deny', operation: 'PutScheduledAction' });
    const more = schedule({ to: '9', at: '2026-03-01T17:00Z', until: '2026-03-01T18:00Z' });
    expect(await world.execute({ ...more, step: 'more' })).toMatchObject({ state: 'failed' });
    lifted();
    later(150);
    expect(await world.execute(cancel())).toMatchObject({ state: 'done', detail: expect.stringContaining('is 4') as string });
    later(500);
    expect(told('application-autoscaling.fired')).toEqual([[120, { from: [4, 10], to: [6, 10] }]]);
  });

  test('two schedules of one incident are taken back together', async () => {
    await targets();
    await world.execute(schedule());
    await world.execute({ ...schedule({ to: '9', at: '2026-03-01T17:00Z', until: '2026-03-01T18:00Z' }), step: 'more' });
    expect(await world.execute(cancel())).toMatchObject({ state: 'done' });
    later(500);
    expect(world.aws.effects.of('application-autoscaling.unscheduled')).toHaveLength(4);
    expect(told('application-autoscaling.fired')).toEqual([]);
  });

  test('also where its time begins between two attempts', async () => {
    await targets();
    await world.execute(schedule());
    later(110);
    const held = world.aws.fault({ effect: 'throttle', operation: 'DeleteScheduledAction' });
    await expect(world.execute(cancel(), 1)).rejects.toMatchObject({ code: 'not_begun' });
    held();
    later(121);
    expect(await world.execute(cancel())).toMatchObject({ state: 'done', detail: expect.stringContaining('is 4') as string });
    later(300);
    expect(told('application-autoscaling.fired')).toHaveLength(1);
  });

  test('given up after one of the two was taken back, it is told that the other is still scheduled', async () => {
    await targets();
    await world.execute(schedule());
    world.aws.fault({ effect: 'throttle', operation: 'DeleteScheduledAction', after: 1 });
    await expect(world.execute(cancel(), 1)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/-up is taken back already/) as string,
    });
    expect(await world.callOff(cancel())).toMatchObject({
      state: 'ambiguous',
      detail: expect.stringMatching(/nightshift-.+-back still scheduled, with a minimum of 4/) as string,
    });
  });

  test('also what a build before this one has raised', async () => {
    await groups();
    await world.execute(schedule());
    later(150);
    asBefore();
    expect(await world.execute(cancel())).toMatchObject({ state: 'done' });
    later(300);
    expect(told('autoscaling.capacity').at(-1)).toMatchObject([150, { to: { min: 4, desired: 5 } }]);
  });

  test('with an answer lost at every call, it is taken back once', async () => {
    await targets();
    await world.execute(schedule({ at: '2026-03-01T11:00Z' }));
    for (const operation of ['RegisterScalableTarget', 'DeleteScheduledAction']) world.aws.fault({ effect: 'drop', operation, times: 1 });
    expect(await world.execute(cancel())).toMatchObject({ state: 'done' });
    expect(told('application-autoscaling.target').map(([, detail]) => (detail as { readonly to: unknown }).to)).toEqual([
      [6, 10],
      [4, 10],
    ]);
    expect(world.aws.effects.of('application-autoscaling.unscheduled')).toHaveLength(1);
  });

  test('what somebody has changed meanwhile stays, and is told', async () => {
    await targets();
    await world.execute(schedule({ at: '2026-03-01T11:00Z' }));
    putScalableTarget(world.place, { ...TARGET, MinCapacity: 7, MaxCapacity: 10, RoleARN: '' });
    expect(await world.execute(cancel())).toMatchObject({ state: 'done', detail: expect.stringContaining('is 7') as string });
  });

  test('another incident takes nothing back', async () => {
    await targets();
    await world.execute(schedule());
    expect(await world.execute(cancel('inc-b'))).toMatchObject({ state: 'failed', detail: expect.stringContaining('nothing is on record') as string });
  });
});

test.each([
  [{}, { until: '2026-03-01T12:00:30Z' }, 'it would end at 2026-03-01 12:00:30 UTC, before it begins at 2026-03-01 14:00:00 UTC.'],
  [{}, { at: '2026-03-01T11:00Z', until: '2026-03-01T12:00:30Z' }, 'it would have ended at 2026-03-01 12:00:30 UTC.'],
  [{ MaxCapacity: 4 }, {}, 'ecs service/shop/web is at its maximum of 4 already; raise that first.'],
  [{ SuspendedState: { ScheduledScalingSuspended: true } }, {}, 'ecs service/shop/web keeps no schedules, as somebody has suspended that; resume it first.'],
  [{}, {}, undefined],
])('of a target %p with %p it is asked before: %p', async (target, inputs, unmet) => {
  await targets(target);
  expect(await world.hands.unmet?.(world.service, world.wanted(schedule(inputs)))).toBe(unmet);
});

test.each([
  ['without policies', {}, [], 'from 4 to 8', 'then back to 4, with 5 running, as it has no scaling policy'],
  ['with policies', {}, ['cpu', 'queue'], 'from 4 to 8', 'then back to 4; how much runs is left to its scaling policies (cpu, queue)'],
  ['that runs more than the raise', { DesiredCapacity: 9, MinSize: 2 }, [], 'from 2 to 8', 'then back to 2; its desired size of 9 is left'],
])('of a group %s the preview says what its end will be', async (_what, group, policies, raise, end) => {
  await groups(group);
  for (const PolicyName of policies) putScalingPolicy(world.place, { AutoScalingGroupName: 'web', PolicyName });
  const window = 'from 2026-03-01 14:00:00 UTC until 2026-03-01 16:00:00 UTC';
  expect(await world.hands.preview?.(world.service, world.wanted(schedule({ to: '8' })))).toBe(
    `raises the minimum of the Auto Scaling group web in ${ACCOUNT}/${REGION} ${raise} ${window}, ${end}`,
  );
});

test('the preview says from what to what, from when until when', async () => {
  await targets();
  expect(await world.hands.preview?.(world.service, world.wanted(schedule()))).toBe(
    `raises the minimum of ecs service/shop/web in ${ACCOUNT}/${REGION} from 4 to 6 from 2026-03-01 14:00:00 UTC until 2026-03-01 16:00:00 UTC, then back to 4`,
  );
});
