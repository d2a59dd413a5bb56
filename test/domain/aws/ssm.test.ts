import { automationFinding, onlyOne } from '../../../domain/aws/ssm-automation';
import type { AutomationSeen } from '../../../domain/aws/ssm-automation';
import { commandFinding, targetsText } from '../../../domain/aws/ssm-command';
import type { CommandSeen, InvocationSeen } from '../../../domain/aws/ssm-command';
import { documentArn, documentUnmet, passedRoles } from '../../../domain/aws/ssm-document';

const AT = '2026-03-01T12:00:05.000Z';
const PLACE = { account: '111122223333', region: 'eu-west-1' };

describe('an execution of an automation', () => {
  const seen = (change: Partial<AutomationSeen>): AutomationSeen => ({ id: 'e-1', document: 'Restart', status: 'Success', outputs: {}, steps: [], ...change });
  const step = (name: string, status: string, action = 'aws:runCommand', failure?: string) => ({
    name,
    status,
    action,
    ...(failure !== undefined && { failure }),
  });

  test.each([
    ['Success', 'done'],
    ['CompletedWithSuccess', 'done'],
    ['Failed', 'failed'],
    ['TimedOut', 'failed'],
    ['Cancelled', 'failed'],
    ['Rejected', 'failed'],
    ['CompletedWithFailure', 'failed'],
    ['Exited', 'failed'],
    ['SomethingNew', 'ambiguous'],
  ])('that ended %s is %s', (status, state) => {
    expect(automationFinding(seen({ status, endedAt: AT })).state).toBe(state);
  });

  test.each(['Pending', 'InProgress', 'Waiting', 'Cancelling', 'PendingApproval', 'Approved', 'Scheduled', 'RunbookInProgress', 'SomethingNew'])(
    'that has not ended and is %s is under way',
    (status) => {
      expect(automationFinding(seen({ status })).state).toBe('in-progress');
    },
  );

  test.each([
    [{ status: 'Waiting', steps: [step('ask', 'Waiting', 'aws:approve')] }, 'is Waiting at the step ask, waiting for an approval in Systems Manager'],
    [{ status: 'Waiting', steps: [step('hold', 'Waiting', 'aws:pause')] }, 'is Waiting at the step hold, waiting for the signal to resume in Systems Manager'],
    [{ status: 'PendingApproval' }, 'is PendingApproval, waiting for an approval in Systems Manager'],
    [{ status: 'InProgress', steps: [step('do', 'InProgress')] }, 'is InProgress'],
    [
      { status: 'Failed', steps: [step('a', 'Success'), step('b', 'Failed', 'aws:runCommand', 'no disk')], failure: 'x' },
      'ended Failed at the step b: no disk',
    ],
    [{ status: 'Failed', failure: 'password=hunter2hunter2\nwas wrong' }, 'ended Failed: password=[redacted] was wrong'],
    [{ status: 'Cancelled', steps: [step('a', 'Cancelled'), step('b', 'Cancelled')] }, 'ended Cancelled at the step a'],
    [{ endedAt: AT, outputs: { 'restart.Output': ['ok', 'ok'] } }, 'succeeded (restart.Output: ok, ok)'],
  ])('tells %j', (change, text) => {
    expect(automationFinding(seen(change)).detail).toBe(`the automation e-1 of Restart ${text}`);
  });

  test('ended when AWS says so, and what it put out is cut short', () => {
    const found = automationFinding(seen({ endedAt: AT, outputs: { a: ['x'.repeat(1_000)] } }));
    expect(found).toMatchObject({ at: AT });
    expect(found.detail.length).toBeLessThan(400);
  });

  test('of a token is the only one that bears it, and with two of them nobody guesses', () => {
    expect(onlyOne([], 't')).toEqual({});
    expect(onlyOne(['a'], 't')).toEqual({ id: 'a' });
    expect(onlyOne(['a', 'b'], 't')).toMatchObject({ state: 'ambiguous' });
  });
});

describe('a command', () => {
  const command = (change: Partial<CommandSeen> = {}): CommandSeen => ({
    ...{ id: 'c-1', document: 'Run', status: 'Success', statusDetails: 'Success', targets: 2, sentAt: '2026-03-01T12:00:00.000Z' },
    ...change,
  });
  const on = (instance: string, status = 'Success', change: Partial<InvocationSeen> = {}): InvocationSeen => ({
    ...{ instance, status, statusDetails: status, output: '', endedAt: AT },
    ...change,
  });

  test.each([
    ['that is pending', command({ status: 'Pending', statusDetails: 'Pending' }), [], 'in-progress'],
    ['that is being cancelled', command({ status: 'Cancelling', statusDetails: 'Cancelling' }), [on('i-1')], 'in-progress'],
    ['that ended while no instance has told', command(), [], 'in-progress'],
    ['that ended while one instance has not told', command(), [on('i-1')], 'in-progress'],
    ['that ended while one instance is behind', command(), [on('i-1'), on('i-2', 'InProgress')], 'in-progress'],
    ['that all have done', command(), [on('i-1'), on('i-2')], 'done'],
    ['that reached nobody', command({ targets: 0, statusDetails: 'NoInstancesInTag' }), [], 'failed'],
    ['that failed on one', command({ status: 'Failed', statusDetails: 'Failed' }), [on('i-1'), on('i-2', 'Failed')], 'failed'],
    ['that one has failed though it says otherwise', command(), [on('i-1'), on('i-2', 'TimedOut')], 'failed'],
    ['that was never delivered', command({ status: 'TimedOut', statusDetails: 'DeliveryTimedOut' }), [], 'failed'],
    ['that was cancelled', command({ status: 'Cancelled', statusDetails: 'Cancelled' }), [on('i-1')], 'failed'],
  ])('%s', (_what, sent, invocations, state) => {
    expect(commandFinding(sent, invocations).state).toBe(state);
  });

  test('is done when the last instance has ended', () => {
    const last = { endedAt: '2026-03-01T12:01:00.000Z' };
    expect(commandFinding(command(), [on('i-1', 'Success', last), on('i-2')])).toMatchObject({ at: last.endedAt });
  });

  test('that failed tells which instances and what they put out, without secrets and cut short', () => {
    const failed = on('i-2', 'Failed', { output: `password=hunter2hunter2 ${'x'.repeat(1_000)}`, statusDetails: 'Failed' });
    const { detail } = commandFinding(command({ status: 'Failed', statusDetails: 'Failed' }), [on('i-1'), failed]);
    expect(detail).toMatch(/^the command c-1 \(Run\) ended Failed: 1 of 2 instances did it; i-2 Failed \(password=\[redacted\] x+…\)$/);
    expect(detail.length).toBeLessThan(300);
  });

  test('for many instances names the first of them', () => {
    const ids = Array.from({ length: 12 }, (_none, i) => `i-${String(i)}`);
    const text = targetsText({ name: 'r', document: 'Run', parameters: {}, instances: { ids } }, []);
    expect(text).toBe('i-0, i-1, i-2, i-3, i-4, i-5, i-6, i-7, i-8, i-9 and 2 more, one at a time, until one fails');
  });
});

describe('a document', () => {
  test.each([
    ['document', 'Restart', 'arn:aws:ssm:eu-west-1:111122223333:document/Restart'],
    ['automation-definition', 'Restart', 'arn:aws:ssm:eu-west-1:111122223333:automation-definition/Restart:*'],
    ['document', 'AWS-RunShellScript', 'arn:aws:ssm:eu-west-1::document/AWS-RunShellScript'],
    ['document', 'arn:aws:ssm:eu-west-1:444455556666:document/Shared', 'arn:aws:ssm:eu-west-1:444455556666:document/Shared'],
  ] as const)('as %s: %s is %s', (kind, name, arn) => {
    expect(documentArn(kind, name, PLACE)).toBe(arn);
  });

  test('in China has the ARN of its partition', () => {
    expect(documentArn('document', 'Restart', { account: '111122223333', region: 'cn-north-1' })).toBe(
      'arn:aws-cn:ssm:cn-north-1:111122223333:document/Restart',
    );
  });

  test('that is being changed is not run', () => {
    const facts = { type: 'Automation', status: 'Updating', version: '1', parameters: {} };
    expect(documentUnmet('Automation', { document: 'Restart' }, facts, {})).toBe('The document Restart is Updating, and not Active.');
  });

  test('is given the role that the configuration fixes, and no other', () => {
    const role = 'arn:aws:iam::111122223333:role/automation';
    expect(passedRoles({ parameters: { AutomationAssumeRole: [role] } }, PLACE)).toEqual([role]);
    expect(passedRoles({ parameters: {} }, PLACE)).toEqual(['arn:aws:iam::111122223333:role/*']);
  });
});
