import type { AwsCommand } from '../../../../domain/aws/hands';
import { putDocument, putInstance } from '../../../fakes/aws/services/ssm-store';
import type { SsmDocument } from '../../../fakes/aws/services/ssm-store';
import { ACCOUNT, handsWorld, REGION } from './world';
import type { Asked, HandsWorld } from './world';

const [ONE, TWO, MANAGED] = ['i-00000000000000001', 'i-00000000000000002', 'mi-00000000000000003'] as const;
const SHELL: SsmDocument = {
  ...{ name: 'AWS-RunShellScript', type: 'Command', parameters: { commands: null, workingDirectory: [''] } },
  command: { dispatchMs: 500, durationMs: 500, effect: { kind: 'service.restart' }, output: 'restarted' },
};
const COMMANDS: readonly AwsCommand[] = [
  { name: 'restart', document: 'AWS-RunShellScript', parameters: { commands: ['systemctl restart shop'] }, instances: { ids: [ONE, TWO] } },
  { name: 'fleet', document: 'AWS-RunShellScript', parameters: { commands: ['systemctl restart shop'] }, instances: { tag: { key: 'app', value: 'shop' } } },
  { name: 'free', document: 'AWS-RunShellScript', parameters: {}, instances: { ids: [MANAGED] }, concurrency: '50%', errors: '1' },
];
const RESTART: Asked = { action: 'ssm.command', inputs: { command: 'restart' } };
const FLEET: Asked = { action: 'ssm.command', inputs: { command: 'fleet' } };

let world: HandsWorld;
beforeEach(async () => {
  world = await handsWorld({ commands: COMMANDS });
  putDocument(world.place, SHELL);
  for (const InstanceId of [ONE, TWO]) putInstance(world.place, { InstanceId, tags: { app: 'shop' } });
});
afterEach(() => world.close());

const restarted = () => world.aws.effects.of('service.restart').map(({ target }) => target);
const sent = () => world.aws.effects.of('ssm.command');
const containing = (text: string) => expect.stringContaining(text) as string;

test('it is sent once, goes to each instance, and is done when all have told so', async () => {
  expect(await world.execute(RESTART)).toMatchObject({ state: 'done', found: false, detail: containing(`succeeded on ${ONE}, ${TWO}`) });
  expect(restarted()).toEqual([ONE, TWO]);
  expect(await world.execute(RESTART)).toMatchObject({ state: 'done', found: true });
  expect(sent()).toHaveLength(1);
});

test('it bears the token as its comment, goes to one instance at a time, and is not delivered after its time', async () => {
  await world.execute({ ...RESTART, timeoutMs: 90_000 });
  const [call] = world.aws.ledger.of('ssm.SendCommand');
  expect(call?.input).toMatchObject({ Comment: `nightshift:${world.effect(RESTART).token}`, MaxConcurrency: '1', MaxErrors: '0', TimeoutSeconds: 90 });
  expect(call?.session?.policy?.Statement).toMatchObject([
    {
      Action: ['ssm:SendCommand'],
      Resource: [`arn:aws:ssm:${REGION}::document/AWS-RunShellScript`, ...[ONE, TWO].map((id) => `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/${id}`)],
    },
  ]);
});

test('hands may have it go to more at once, and take inputs that they leave open', async () => {
  putInstance(world.place, { InstanceId: MANAGED });
  expect(await world.execute({ action: 'ssm.command', inputs: { command: 'free', commands: 'uptime' } })).toMatchObject({ state: 'done' });
  const [call] = world.aws.ledger.of('ssm.SendCommand');
  expect(call?.input).toMatchObject({ MaxConcurrency: '50%', MaxErrors: '1', InstanceIds: [MANAGED], Parameters: { commands: ['uptime'] } });
});

test.each([
  ['throttled', { effect: 'throttle' }, 'done', 2],
  ['refused', { effect: 'deny' }, 'failed', 0],
  ['accepted, and its answer lost', { effect: 'drop' }, 'done', 2],
  ['accepted, and answered 500', { effect: 'fail' }, 'done', 2],
  ['accepted, and never answered', { effect: 'stall' }, 'done', 2],
  ['never answered', { effect: 'hang' }, 'ambiguous', 0],
  ['cut off before it is taken', { effect: 'refuse' }, 'ambiguous', 0],
  ['taken long after the connection broke', { effect: 'late', delayMs: 20_000 }, 'done', 2],
] as const)('one that is %s has its effect once or not at all, and a person is asked only where nothing shows', async (_what, fault, state, effects) => {
  world.aws.fault({ ...fault, operation: 'SendCommand', times: 1 });
  expect((await world.execute(RESTART)).state).toBe(state);
  world.clock.advance(3_600_000);
  expect(restarted()).toHaveLength(effects);
});

test('where the step may be done twice it is sent again once nothing has come to show', async () => {
  world.aws.fault({ effect: 'refuse', operation: 'SendCommand', times: 1 });
  expect(await world.execute({ ...RESTART, idempotent: true })).toMatchObject({ state: 'done' });
  expect(sent()).toHaveLength(1);
});

test.each([
  ['whose answer came', undefined],
  ['whose answer was lost', 'drop'],
] as const)('a command that nobody sees for a while, %s, is waited for and not sent again', async (_what, effect) => {
  world.aws.lag({ service: 'ssm', operation: 'SendCommand', ms: 20_000 });
  if (effect) world.aws.fault({ effect, operation: 'SendCommand', times: 1 });
  expect(await world.execute({ ...RESTART, idempotent: true })).toMatchObject({ state: 'done' });
  expect(sent()).toHaveLength(1);
});

test('two incidents on one target are two commands, and each is found among many by its own comment', async () => {
  for (const incidentId of ['inc-1', 'inc-2', 'inc-3', 'inc-4']) await world.hands.act(world.service, world.effect({ ...RESTART, incidentId }));
  world.clock.advance(5_000);
  expect(sent()).toHaveLength(4);
  const first = sent()[0]?.id ?? '';
  expect(await world.hands.look(world.service, world.effect({ ...RESTART, incidentId: 'inc-1' }))).toMatchObject({ state: 'done', detail: containing(first) });
  expect(await world.hands.look(world.service, world.effect(RESTART))).toEqual({ state: 'absent' });
});

test('where some instances fail it has failed, told with their output and without secrets', async () => {
  const ends = ({ InstanceIds }: Readonly<Record<string, readonly string[]>>) => (InstanceIds?.[0] === TWO ? 'Failed' : 'Success');
  putDocument(world.place, { ...SHELL, command: { ...SHELL.command, ends, output: 'token=abcdef123456' } });
  const { state, detail } = await world.execute(RESTART);
  expect(state).toBe('failed');
  expect(detail).toContain(`1 of 2 instances did it; ${TWO} Failed (token=[redacted] ----------ERROR------- failed to run commands: exit status 1)`);
});

test('one that reaches no instance has failed', async () => {
  const nobody = {
    ...world.service,
    hands: { ...world.service.hands, commands: [{ ...COMMANDS[1], instances: { tag: { key: 'app', value: 'none' } } }] },
  } as never;
  const reference = await world.hands.act(nobody, world.effect(FLEET));
  world.clock.advance(5_000);
  const effect = { ...world.effect(FLEET), ...(reference !== undefined && { reference }) };
  expect(await world.hands.look(nobody, effect)).toMatchObject({ state: 'failed', detail: containing('reached no instance (NoInstancesInTag)') });
});

test('one for a tag goes to the instances that have it', async () => {
  putInstance(world.place, { InstanceId: 'i-00000000000000009', tags: { app: 'other' } });
  expect(await world.execute(FLEET)).toMatchObject({ state: 'done' });
  expect(restarted()).toEqual([ONE, TWO]);
});

test('one that is stopped ends as cancelled, and to stop what has ended is nothing', async () => {
  putDocument(world.place, { ...SHELL, command: { ...SHELL.command, durationMs: 600_000 } });
  const effect = world.effect(RESTART);
  await world.hands.act(world.service, effect);
  world.clock.advance(2_000);
  await world.hands.stop?.(world.service, effect);
  expect(await world.hands.look(world.service, effect)).toMatchObject({ state: 'failed', detail: containing('ended Cancelled: 0 of 2 instances did it') });
  await world.hands.stop?.(world.service, effect);
  expect(world.aws.effects.of('ssm.cancel')).toHaveLength(1);
});

describe('before it is sent', () => {
  const unmet = (asked: Asked) => world.hands.unmet?.(world.service, world.wanted(asked));

  test('nothing speaks against it while its instances are online', async () => {
    expect([await unmet(RESTART), await unmet(FLEET)]).toEqual([undefined, undefined]);
  });

  test('instances that are away or not known are named', async () => {
    putInstance(world.place, { InstanceId: TWO, PingStatus: 'ConnectionLost', tags: { app: 'shop' } });
    expect(await unmet(RESTART)).toBe(`Not every instance is online in Systems Manager: ${TWO} is ConnectionLost.`);
    const free: Asked = { action: 'ssm.command', inputs: { command: 'free', commands: 'uptime' } };
    expect(await unmet(free)).toBe(`Not every instance is online in Systems Manager: ${MANAGED} is not known.`);
    expect(await unmet(FLEET)).toBeUndefined();
  });

  test('with a tag, one instance at least must be online', async () => {
    for (const InstanceId of [ONE, TWO]) putInstance(world.place, { InstanceId, PingStatus: 'ConnectionLost', tags: { app: 'shop' } });
    expect(await unmet(FLEET)).toBe('No instance with the tag app=shop is online in Systems Manager.');
  });

  test.each([
    ['a command that is not in the hands', { command: 'flet' }, 'flet is not among hands.commands; did you mean fleet?.'],
    [
      'a parameter that the configuration fixes',
      { command: 'restart', commands: 'x' },
      'commands is fixed by hands.commands.restart.parameters; leave it out of the step.',
    ],
    [
      'a parameter that nobody gives',
      { command: 'free' },
      'The document AWS-RunShellScript needs commands; fix it in the configuration, or give it in the step.',
    ],
  ])('%s is told', async (_what, inputs, reason) => {
    expect(await unmet({ action: 'ssm.command', inputs })).toBe(reason);
  });

  test('the preview names document, place, parameters, instances and pace', async () => {
    const preview = (asked: Asked) => world.hands.preview?.(world.service, world.wanted(asked));
    // A label says which words of the configuration these are.
    const told = async (asked: Asked) => (await preview(asked))?.replace(/ \([a-z-]+ [0-9a-f]{12}\)/, '');
    const what = `sends the command AWS-RunShellScript (version 1, the default) in ${ACCOUNT}/${REGION}`;
    expect(await told(RESTART)).toBe(`${what} with commands=systemctl restart shop to ${ONE}, ${TWO}, one at a time, until one fails`);
    expect(await told(FLEET)).toBe(
      `${what} with commands=systemctl restart shop to the instances with the tag app=shop (now ${ONE}, ${TWO}), one at a time, until one fails`,
    );
    expect(await told({ action: 'ssm.command', inputs: { command: 'free', commands: 'uptime' } })).toBe(
      `${what} with commands=uptime to ${MANAGED}, 50% at a time, until more than 1 fail`,
    );
  });
});
