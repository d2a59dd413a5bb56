import type { AwsAutomation } from '../../../../domain/aws/hands';
import { setAutomationLimit } from '../../../fakes/aws/services/ssm-automation';
import { putDocument } from '../../../fakes/aws/services/ssm-store';
import type { SsmDocument } from '../../../fakes/aws/services/ssm-store';
import { ACCOUNT, handsWorld, NOW, REGION } from './world';
import type { Asked, HandsWorld } from './world';

const DOCUMENT: SsmDocument = {
  ...{ name: 'Restart-Service', type: 'Automation', versions: ['1', '2'], parameters: { Service: null, Wait: ['1'] } },
  steps: [{ name: 'restart', durationMs: 500, effect: { kind: 'service.restart', parameter: 'Service' } }],
};
const AUTOMATIONS: readonly AwsAutomation[] = [
  { name: 'restart', document: 'Restart-Service', parameters: { Service: ['shop'] } },
  { name: 'ask', document: 'Ask-First', parameters: {} },
];
const RESTART: Asked = { action: 'ssm.automation', inputs: { automation: 'restart' } };

let world: HandsWorld;
beforeEach(async () => {
  world = await handsWorld({ automations: AUTOMATIONS });
  putDocument(world.place, DOCUMENT);
  putDocument(world.place, { name: 'Ask-First', type: 'Automation', steps: [{ name: 'ask', action: 'aws:approve' }, { name: 'do' }] });
});
afterEach(() => world.close());

/** How often the service was truly restarted, and by what. */
const restarts = () => world.aws.effects.of('service.restart').map(({ target, token }) => [target, token]);
const starts = () => world.aws.effects.of('ssm.automation');

test('it is done once, with the token, and told with the id, the document and when it ended', async () => {
  const done = await world.execute(RESTART);
  const { token } = world.effect(RESTART);
  expect(done).toMatchObject({
    state: 'done',
    found: false,
    detail: expect.stringContaining(`${starts()[0]?.id ?? ''} of Restart-Service succeeded`) as string,
  });
  expect(done.at).toBe(NOW + 500);
  expect(restarts()).toEqual([['shop', token]]);
});

test('a second execution of the same intent finds the first', async () => {
  await world.execute(RESTART);
  expect(await world.execute(RESTART)).toMatchObject({ state: 'done', found: true });
  expect(restarts()).toHaveLength(1);
});

test('it says for what it is: tags with the token and the incident, and a session of its own', async () => {
  await world.execute(RESTART);
  const { token } = world.effect(RESTART);
  const [call] = world.aws.ledger.of('ssm.StartAutomationExecution');
  expect(call).toMatchObject({
    input: {
      ...{ ClientToken: token, DocumentName: 'Restart-Service', Parameters: { Service: ['shop'] } },
      Tags: [{ Key: `nightshift:${token}` }, { Key: 'nightshift:incident', Value: 'inc-a' }],
    },
    principal: `arn:aws:sts::${ACCOUNT}:assumed-role/nightshift-actuator-production/nightshift-${token}`,
    session: { source: 'inc-a', tags: { 'nightshift:incident': 'inc-a', 'nightshift:approval': 'ana' } },
  });
  const allowed = call?.session?.policy?.Statement.map(({ Action, Resource }) => [Action, Resource]);
  expect(allowed).toEqual([
    [
      ['ssm:StartAutomationExecution'],
      [`arn:aws:ssm:${REGION}:${ACCOUNT}:automation-definition/Restart-Service:*`, `arn:aws:ssm:${REGION}:${ACCOUNT}:document/Restart-Service`],
    ],
    [['ssm:AddTagsToResource'], [`arn:aws:ssm:${REGION}:${ACCOUNT}:automation-execution/*`]],
    [['iam:PassRole'], [`arn:aws:iam::${ACCOUNT}:role/*`]],
  ]);
});

test.each([
  ['throttled', { effect: 'throttle' }, 'done', 1],
  ['over the limit of executions', { effect: 'error', error: { name: 'AutomationExecutionLimitExceededException', status: 400 } }, 'done', 1],
  ['refused', { effect: 'deny' }, 'failed', 0],
  ['accepted, and its answer lost', { effect: 'drop' }, 'done', 1],
  ['accepted, and answered 500', { effect: 'fail' }, 'done', 1],
  ['accepted, and never answered', { effect: 'stall' }, 'done', 1],
  ['never answered', { effect: 'hang' }, 'done', 1],
  ['cut off before it is taken', { effect: 'refuse' }, 'done', 1],
  ['taken long after the connection broke', { effect: 'late', delayMs: 20_000 }, 'done', 1],
] as const)('a start that is %s has its effect once or not at all', async (_what, fault, state, effects) => {
  world.aws.fault({ ...fault, operation: 'StartAutomationExecution', times: 1 });
  expect((await world.execute(RESTART)).state).toBe(state);
  world.clock.advance(3_600_000);
  expect(restarts()).toHaveLength(effects);
});

test.each([
  ['whose answer came', undefined],
  ['whose answer was lost', 'drop'],
] as const)('an execution that nobody sees for a while, %s, is waited for and not begun anew', async (_what, effect) => {
  world.aws.lag({ service: 'ssm', operation: 'StartAutomationExecution', ms: 20_000 });
  if (effect) world.aws.fault({ effect, operation: 'StartAutomationExecution', times: 1 });
  expect(await world.execute(RESTART)).toMatchObject({ state: 'done' });
  expect(starts()).toHaveLength(1);
});

test('it is found among many of the same document, over pages, where no filter by tags helps', async () => {
  for (const incidentId of ['inc-1', 'inc-2', 'inc-3', 'inc-4']) await world.hands.act(world.service, world.effect({ ...RESTART, incidentId }));
  world.clock.advance(1_000);
  world.aws.fault({ effect: 'error', operation: 'DescribeAutomationExecutions', error: { name: 'InvalidFilterValue', status: 400 }, times: 1 });
  expect(await world.hands.look(world.service, world.effect({ ...RESTART, incidentId: 'inc-1' }))).toMatchObject({ state: 'done' });
});

test('an execution of the same document at the same time that bears another token is nobody of ours', async () => {
  await world.execute({ ...RESTART, incidentId: 'inc-b' });
  expect(await world.hands.look(world.service, world.effect(RESTART))).toEqual({ state: 'absent' });
  expect(await world.execute(RESTART)).toMatchObject({ state: 'done', found: false });
  expect(new Set(restarts().map(([, token]) => token)).size).toBe(2);
});

test('a store that was restored from before the intent does nothing, and finds what was done even hours ago', async () => {
  await world.hands.act(world.service, world.effect(RESTART));
  world.clock.advance(6 * 3_600_000);
  expect(await world.hands.look(world.service, world.effect(RESTART))).toMatchObject({ state: 'done', at: new Date(NOW + 500).toISOString() });
});

test('a token that was used with other parameters is told, and nothing is begun again', async () => {
  await world.execute(RESTART);
  const changed = { ...world.service, hands: { ...world.service.hands, automations: [{ ...AUTOMATIONS[0], parameters: { Service: ['other'] } }] } };
  const again = world.hands.act(changed as never, world.effect(RESTART));
  await expect(again).rejects.toMatchObject({
    code: 'ambiguous_effect',
    message: expect.stringContaining('with another document, version or parameters') as string,
  });
  expect(restarts()).toHaveLength(1);
});

test('what fails is told with its step and the reason', async () => {
  putDocument(world.place, { ...DOCUMENT, steps: [{ name: 'drain' }, { name: 'restart', ends: ['Failed'] }] });
  expect(await world.execute(RESTART)).toMatchObject({
    state: 'failed',
    detail: expect.stringContaining('ended Failed at the step restart: Step restart: Failed') as string,
  });
});

test('one that waits for an approval in Systems Manager says so, as long as it waits', async () => {
  const asks: Asked = { action: 'ssm.automation', inputs: { automation: 'ask' }, timeoutMs: 3_000 };
  expect(await world.execute(asks)).toMatchObject({
    state: 'ambiguous',
    detail: expect.stringContaining('at the step ask, waiting for an approval') as string,
  });
});

test('one that is stopped ends as cancelled, and to stop what has ended is nothing', async () => {
  putDocument(world.place, { ...DOCUMENT, steps: [{ name: 'wait', durationMs: 600_000 }, ...(DOCUMENT.steps ?? [])] });
  const effect = world.effect(RESTART);
  const reference = await world.hands.act(world.service, effect);
  await world.hands.stop?.(world.service, effect);
  world.clock.advance(10_000);
  expect(await world.hands.look(world.service, { ...effect, ...(reference !== undefined && { reference }) })).toMatchObject({
    state: 'failed',
    detail: expect.stringContaining('ended Cancelled') as string,
  });
  await world.hands.stop?.(world.service, effect);
  expect([world.aws.effects.of('ssm.stop').length, restarts().length]).toEqual([1, 0]);
});

test('no more run at once than there may: one more waits until there is room', async () => {
  setAutomationLimit(world.place, { running: 0 });
  await expect(world.execute(RESTART, 1)).rejects.toMatchObject({ code: 'not_begun' });
  setAutomationLimit(world.place, { running: 1 });
  expect(await world.execute(RESTART)).toMatchObject({ state: 'done' });
});

describe('before it is done', () => {
  const unmet = (inputs: Readonly<Record<string, string>>) => world.hands.unmet?.(world.service, world.wanted({ action: 'ssm.automation', inputs }));

  test('nothing speaks against what fits', async () => {
    expect(await unmet({ automation: 'restart', Wait: '5' })).toBeUndefined();
  });

  test.each([
    ['an automation that is not in the hands', { automation: 'restrat' }, 'restrat is not among hands.automations; did you mean restart?.'],
    [
      'a parameter that the configuration fixes',
      { automation: 'restart', Service: 'x' },
      'Service is fixed by hands.automations.restart.parameters; leave it out of the step.',
    ],
    [
      'as whom to run',
      { automation: 'restart', AutomationAssumeRole: 'x' },
      'AutomationAssumeRole is never an input of a step; write it into hands.automations.restart.parameters.',
    ],
    [
      'a parameter that the document does not have',
      { automation: 'restart', Wiat: '5' },
      'The document Restart-Service has no parameter Wiat; did you mean Wait?.',
    ],
  ])('%s is refused', async (_what, inputs, reason) => {
    expect(await unmet(inputs)).toBe(reason);
  });

  test.each([
    ['no document', { document: 'Gone' }, `There is no document Gone in ${ACCOUNT}/${REGION}.`],
    ['no such version', { version: '7' }, 'The document Restart-Service has no version 7.'],
    ['a document of commands', { document: 'Run' }, 'The document Run is of the type Command, and Automation is needed.'],
    [
      'a role that nobody names',
      { document: 'As-Role' },
      'The document As-Role runs as the role that AutomationAssumeRole names, and as who starts it without one, who may do nothing else; fix it in the parameters of hands.automations.',
    ],
    ['a parameter that nobody gives', { parameters: {} }, 'The document Restart-Service needs Service; fix it in the configuration, or give it in the step.'],
  ])('%s is told', async (_what, change, reason) => {
    putDocument(world.place, { name: 'Run', type: 'Command' });
    putDocument(world.place, { ...DOCUMENT, name: 'As-Role', parameters: { ...DOCUMENT.parameters, AutomationAssumeRole: [''] } });
    const service = { ...world.service, hands: { ...world.service.hands, automations: [{ ...AUTOMATIONS[0], ...change }] } };
    expect(await world.hands.unmet?.(service as never, world.wanted(RESTART))).toBe(reason);
  });

  test('the preview tells document, version, place and parameters, without secrets', async () => {
    const asked: Asked = { action: 'ssm.automation', inputs: { automation: 'restart', Wait: 'password=hunter2hunter2' } };
    expect(await world.hands.preview?.(world.service, world.wanted(asked))).toBe(
      `starts the automation Restart-Service (version 2, the default) in ${ACCOUNT}/${REGION} with Service=shop; Wait=password=[redacted]`,
    );
    expect(starts()).toEqual([]);
  });
});
