import type { FaultEffect } from '../../../fakes/aws/faults';
import { putScalableTarget } from '../../../fakes/aws/services/application-autoscaling';
import { putAutoScalingGroup, putScalingPolicy } from '../../../fakes/aws/services/autoscaling-store';
import { putEcsService } from '../../../fakes/aws/services/ecs-store';
import { ACCOUNT, handsWorld, NOW, REGION } from './world';
import type { Asked, HandsWorld } from './world';

const WHERE = `${ACCOUNT}/${REGION}`;
const GROUP = { autoscaling: { group: 'web' } };
const SERVICE = { namespace: 'ecs', resource: 'service/shop/web', dimension: 'ecs:service:DesiredCount' };
const TARGET = { ServiceNamespace: 'ecs', ResourceId: SERVICE.resource, ScalableDimension: 'ecs:service:DesiredCount' } as const;
const scale = (inputs: Readonly<Record<string, string>> = { by: '+50%' }, incidentId = 'inc-a'): Asked => ({ action: 'autoscaling.scale', inputs, incidentId });
const restore = (incidentId = 'inc-a'): Asked => ({ ...scale({ restore: 'true' }, incidentId), step: 'undo:restore' });

let world: HandsWorld;
afterEach(() => world.close());

async function groups(group: object = {}): Promise<void> {
  world = await handsWorld(GROUP);
  putAutoScalingGroup(world.place, { AutoScalingGroupName: 'web', MinSize: 4, MaxSize: 20, DesiredCapacity: 4, ...group } as never);
}

async function targets(target: object = {}, count = 4): Promise<void> {
  world = await handsWorld({ scaling: SERVICE });
  putEcsService(world.place, { cluster: 'shop', service: { serviceName: 'web', desiredCount: count, runningCount: count } });
  putScalableTarget(world.place, { ...TARGET, MinCapacity: 2, MaxCapacity: 10, RoleARN: 'arn:aws:iam::111122223333:role/scaling', ...target });
}

/** Minimum, maximum and desired size after each change. */
const sizes = () => world.aws.effects.of('autoscaling.capacity').map(({ detail }) => detail?.['to']);
const limits = () => world.aws.effects.of('application-autoscaling.target').map(({ detail }) => detail?.['to']);

test('a group is raised by a share of what should run, once, and it is done when as many run', async () => {
  await groups();
  expect(await world.execute(scale())).toMatchObject({
    state: 'done',
    detail: 'the minimum of the Auto Scaling group web is 6, it was 4; 6 run',
    found: false,
  });
  expect(await world.execute(scale())).toMatchObject({ state: 'done', found: true });
  expect(sizes()).toEqual([{ min: 6, max: 20, desired: 6 }]);
});

test('a group that has grown meanwhile is not shrunk', async () => {
  await groups({ DesiredCapacity: 9 });
  await world.execute(scale({ to: '6' }));
  expect(sizes()).toEqual([{ min: 6, max: 20, desired: 9 }]);
});

test('a target of Application Auto Scaling is raised from what runs, and what runs follows', async () => {
  await targets();
  expect(await world.execute(scale())).toMatchObject({ state: 'done', detail: 'the minimum of ecs service/shop/web is 6, it was 2; 6 run' });
  expect(limits()).toEqual([[6, 10]]);
});

test('where what runs cannot be seen, it is done when it is set, and says so', async () => {
  await targets();
  world.aws.fault({ effect: 'deny', operation: 'DescribeServices' });
  expect(await world.execute(scale())).toMatchObject({ state: 'done', detail: 'the minimum of ecs service/shop/web is 3, it was 2; what runs follows' });
});

const FAULTS: readonly (readonly [FaultEffect, string])[] = [
  ...(['drop', 'fail', 'stall', 'late'] as const).map((effect) => [effect, 'after it was done'] as const),
  ...(['throttle', 'refuse', 'hang'] as const).map((effect) => [effect, 'before it was done'] as const),
];

test.each(FAULTS)('"%s", %s: it is raised once, by what was wanted at first', async (effect) => {
  await groups();
  world.aws.fault({ effect, operation: 'UpdateAutoScalingGroup', times: 1, ...(effect === 'late' && { delayMs: 5_000 }) });
  expect(await world.execute(scale())).toMatchObject({ state: 'done' });
  expect(sizes()).toEqual([{ min: 6, max: 20, desired: 6 }]);
});

test('a read that fails before leaves nothing begun, and is tried again', async () => {
  await groups();
  world.aws.fault({ effect: 'error', error: { name: 'Unavailable', status: 400 }, operation: 'DescribeAutoScalingGroups', times: 1 });
  await expect(world.execute(scale(), 1)).rejects.toMatchObject({ code: 'not_begun' });
  expect([...world.store.intentRows.values()]).toMatchObject([{ state: 'intended' }]);
  expect(await world.execute(scale())).toMatchObject({ state: 'done' });
  expect(sizes()).toHaveLength(1);
});

test('what is refused has failed, and nothing was done', async () => {
  await groups();
  world.aws.fault({ effect: 'deny', operation: 'UpdateAutoScalingGroup' });
  expect(await world.execute(scale())).toMatchObject({ state: 'failed', detail: expect.stringContaining('AccessDenied') as string });
  expect(sizes()).toEqual([]);
});

test('what a build before this one has raised is put back', async () => {
  await groups();
  await world.execute(scale());
  const [record] = [...world.store.saved].filter(([name]) => name.endsWith('/autoscaling.scale'));
  const [name, [first]] = record as readonly [string, readonly { readonly token: string; readonly was: object; readonly to: number }[]];
  world.store.saved.delete(name);
  world.store.saved.set(name.replace(/autoscaling\.scale$/, 'capacity'), { token: first?.token, was: first?.was, set: first?.to });
  expect(await world.execute(restore())).toMatchObject({ state: 'done' });
  expect(sizes().at(-1)).toEqual({ min: 4, max: 20, desired: 4 });
});

test('two incidents raise it twice', async () => {
  await groups();
  await world.execute(scale());
  await world.execute(scale({ by: '+2' }, 'inc-b'));
  expect(sizes()).toEqual([
    { min: 6, max: 20, desired: 6 },
    { min: 8, max: 20, desired: 8 },
  ]);
});

test('somebody changed it between two attempts: it is told, and left', async () => {
  await groups();
  world.aws.fault({ effect: 'hang', operation: 'UpdateAutoScalingGroup', times: 1 });
  await expect(world.execute(scale(), 1)).rejects.toMatchObject({ code: 'unreachable' });
  putAutoScalingGroup(world.place, { AutoScalingGroupName: 'web', MinSize: 5, MaxSize: 20, DesiredCapacity: 5 } as never);
  expect(await world.execute(scale())).toMatchObject({
    state: 'ambiguous',
    detail: 'the minimum of the Auto Scaling group web is 5, neither 4 as before nor 6 as wanted: somebody changed it meanwhile',
  });
  expect(sizes()).toEqual([]);
});

test('a store of before it tells nothing, and nothing is done', async () => {
  await groups();
  await world.execute(scale());
  world.store.intentRows.clear();
  world.store.saved.clear();
  expect(await world.execute({ ...scale(), unrecorded: true })).toMatchObject({ state: 'ambiguous', detail: expect.stringContaining('No intent') as string });
  expect(sizes()).toHaveLength(1);
});

describe('the inverse', () => {
  test('puts back minimum and size as they were before the first time', async () => {
    await groups();
    await world.execute(scale());
    expect(await world.execute(restore())).toMatchObject({ state: 'done', detail: 'the minimum of the Auto Scaling group web is 4, it was 6; 4 run' });
    expect(sizes().at(-1)).toEqual({ min: 4, max: 20, desired: 4 });
  });

  test('leaves the size to the scaling policies of a group, and says so before', async () => {
    await groups();
    putScalingPolicy(world.place, { AutoScalingGroupName: 'web', PolicyName: 'cpu' });
    await world.execute(scale());
    expect(await world.hands.preview?.(world.service, world.wanted(restore()))).toMatch(/; how much runs is left to its scaling policies \(cpu\)$/);
    await world.execute(restore());
    expect(sizes().at(-1)).toEqual({ min: 4, max: 20, desired: 6 });
  });

  test('leaves the size that somebody has set between two attempts', async () => {
    await groups();
    await world.execute(scale());
    world.aws.fault({ effect: 'throttle', operation: 'UpdateAutoScalingGroup', times: 1 });
    await expect(world.execute(restore(), 1)).rejects.toMatchObject({ code: 'not_begun' });
    putAutoScalingGroup(world.place, { AutoScalingGroupName: 'web', MinSize: 6, MaxSize: 20, DesiredCapacity: 9 } as never);
    expect(await world.execute(restore())).toMatchObject({ state: 'done' });
    expect(sizes().at(-1)).toEqual({ min: 4, max: 20, desired: 9 });
  });

  test('leaves the size alone where something else has set it', async () => {
    await groups({ DesiredCapacity: 9 });
    await world.execute(scale({ to: '6' }));
    await world.execute(restore());
    expect(sizes().at(-1)).toEqual({ min: 4, max: 20, desired: 9 });
  });

  test('leaves what somebody has changed meanwhile, and says so', async () => {
    await targets();
    await world.execute(scale());
    putScalableTarget(world.place, { ...TARGET, MinCapacity: 7, MaxCapacity: 10, RoleARN: '' });
    expect(await world.execute(restore())).toMatchObject({
      state: 'failed',
      detail: 'ecs service/shop/web has a minimum of 7 and not the 6 that was set: somebody changed it meanwhile, and it is left so',
    });
    expect(limits()).toEqual([[6, 10]]);
  });

  test('puts back what the first change has set where a second one was refused', async () => {
    await groups();
    await world.execute(scale());
    const lifted = world.aws.fault({ effect: 'deny', operation: 'UpdateAutoScalingGroup' });
    expect(await world.execute({ ...scale({ by: '+2' }), step: 'again' })).toMatchObject({ state: 'failed' });
    lifted();
    expect(await world.execute(restore())).toMatchObject({ state: 'done' });
    expect(sizes().at(-1)).toEqual({ min: 4, max: 20, desired: 4 });
  });

  test('puts back what was there before the first of two changes', async () => {
    await groups();
    await world.execute(scale());
    await world.execute({ ...scale({ by: '+2' }), step: 'again' });
    expect(await world.execute(restore())).toMatchObject({ state: 'done' });
    expect(sizes()).toEqual([
      { min: 6, max: 20, desired: 6 },
      { min: 8, max: 20, desired: 8 },
      { min: 4, max: 20, desired: 4 },
    ]);
  });

  test('puts back what it has set where the same incident has scheduled more for later', async () => {
    await groups();
    await world.execute(scale());
    const window = { at: '2026-03-01T14:00Z', until: '2026-03-01T16:00Z' };
    expect(await world.execute({ action: 'autoscaling.schedule', inputs: { to: '9', ...window } })).toMatchObject({ state: 'done' });
    expect(await world.execute(restore())).toMatchObject({ state: 'done', detail: expect.stringContaining('is 4, it was 6') as string });
  });

  test('puts nothing back that no incident of its own has set', async () => {
    await targets();
    await world.execute(scale());
    expect(await world.execute(restore('inc-b'))).toMatchObject({ state: 'failed', detail: expect.stringContaining('nothing is on record') as string });
  });
});

test.each([
  [{}, { to: '9' }, undefined],
  [{ MinSize: 4, MaxSize: 4 }, { by: '+1' }, 'the Auto Scaling group web is at its maximum of 4 already; raise that first.'],
  [{}, { to: '21' }, '21 of the Auto Scaling group web are more than its maximum of 20; raise that first.'],
  [{}, { by: '+50%', most: '5' }, 'the Auto Scaling group web would have 6, more than the 5 that the runbook allows.'],
  [{}, { to: '4' }, 'the Auto Scaling group web has a minimum of 4 already.'],
  [
    { SuspendedProcesses: [{ ProcessName: 'Launch' }] },
    { by: '+1' },
    'the Auto Scaling group web does not grow, as somebody has suspended that; resume it first.',
  ],
])('of a group %p with %p it is asked before: %p', async (group, inputs, unmet) => {
  await groups(group);
  expect(await world.hands.unmet?.(world.service, world.wanted(scale(inputs)))).toBe(unmet);
});

test('its maximum bounds a share, which the preview says', async () => {
  await groups({ MaxSize: 5 });
  const preview = await world.hands.preview?.(world.service, world.wanted(scale()));
  expect(preview).toBe(`raises the minimum of the Auto Scaling group web in ${WHERE} from 4 to 5 (+50% would be 6, its maximum is 5)`);
  await world.execute(scale());
  expect(sizes()).toEqual([{ min: 5, max: 5, desired: 5 }]);
});

test('it is done by a session that may do this alone, to this group', async () => {
  await groups();
  await world.execute(scale());
  const [session] = world.aws.ledger.of('sts.AssumeRole').filter(({ input }) => JSON.stringify(input).includes('UpdateAutoScalingGroup'));
  expect(JSON.parse((session?.input as { readonly Policy: string }).Policy)).toMatchObject({
    Statement: [
      {
        Action: ['autoscaling:UpdateAutoScalingGroup'],
        Resource: [`arn:aws:autoscaling:${REGION}:${ACCOUNT}:autoScalingGroup:*:autoScalingGroupName/web`],
      },
    ],
  });
});

test('nothing is done in another account', async () => {
  world = await handsWorld(GROUP, { account: '444455556666' });
  putAutoScalingGroup(world.aws.place(REGION, ACCOUNT), { AutoScalingGroupName: 'web', MinSize: 4, MaxSize: 20 } as never);
  expect(await world.execute(scale())).toMatchObject({ state: 'failed', detail: expect.stringContaining('is not there') as string });
  expect(world.aws.effects.of('autoscaling')).toEqual([]);
  expect(world.clock.now()).toBe(NOW);
});
