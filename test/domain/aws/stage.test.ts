import type { ActionRun, PipelineExecution, PipelineNow } from '../../../domain/aws/pipeline';
import { retried, retryIn, stageToRetry } from '../../../domain/aws/stage-retry';
import { endOf, rollbacksFor, stageTarget } from '../../../domain/aws/stage-rollback';

const pipeline = (build: string, deploy: string, execution = 'e-9'): PipelineNow => ({
  version: 1,
  stages: [
    { name: 'Source', execution: 'e-9', status: 'Succeeded' },
    { name: 'Build', execution: 'e-9', status: build },
    { name: 'Deploy', execution, status: deploy },
  ],
});
const run = (action: string, status: string, startedAt: number): ActionRun => ({ stage: 'Deploy', action, status, startedAt, updatedAt: startedAt + 5 });

describe('the stage to try again', () => {
  test.each<[string, PipelineNow, string | undefined, object]>([
    ['the one that failed', pipeline('Succeeded', 'Failed'), undefined, { name: 'Deploy', execution: 'e-9' }],
    ['the one that is named', pipeline('Failed', 'Failed', 'e-8'), 'Deploy', { name: 'Deploy', execution: 'e-8' }],
    ['none where several failed', pipeline('Failed', 'Failed', 'e-8'), undefined, { reason: 'Build and Deploy have failed; name the stage in the runbook' }],
    ['none where none failed', pipeline('Succeeded', 'InProgress'), undefined, { reason: 'no stage of it has failed' }],
    ['none where the named one did not', pipeline('Failed', 'InProgress'), 'Deploy', { reason: 'its stage Deploy is InProgress and has not failed' }],
    ['none by a wrong name', pipeline('Failed', ''), 'Test', { reason: 'it has no stage Test; its stages are Source, Build, Deploy' }],
  ])('is %s', (_what, now, wanted, found) => {
    expect(stageToRetry(now, wanted === undefined ? {} : { stage: wanted })).toMatchObject(found);
  });
});

test('an execution that is named has to be the one that has failed', () => {
  const failed = pipeline('Succeeded', 'Failed');
  expect(stageToRetry(failed, { execution: 'e-9' })).toMatchObject({ name: 'Deploy', execution: 'e-9' });
  expect(stageToRetry(failed, { execution: 'e-7' })).toEqual({ reason: 'execution e-7 is in no stage that has failed; e-9 is in Deploy' });
});

describe('a retry', () => {
  const from = { stage: 'Deploy', execution: 'e-9', lastStart: 100 };
  const before = [run('Roll out', 'Failed', 100), run('Migrate', 'Succeeded', 90)];
  test.each<[string, string, string, ActionRun[], string]>([
    ['has left no trace', 'e-9', 'Failed', before, 'absent'],
    ['goes on', 'e-9', 'InProgress', before, 'in-progress'],
    ['goes on between two actions', 'e-9', 'InProgress', [run('Roll out', 'Succeeded', 200), ...before], 'in-progress'],
    ['has succeeded, and its actions do not show', 'e-9', 'Succeeded', before, 'in-progress'],
    ['has succeeded', 'e-9', 'Succeeded', [run('Roll out', 'Succeeded', 200), ...before], 'done'],
    ['has failed again', 'e-9', 'Failed', [run('Roll out', 'Failed', 200), ...before], 'failed'],
    ['has failed, and was tried once more with success', 'e-9', 'Succeeded', [run('Roll out', 'Succeeded', 300), run('Roll out', 'Failed', 200)], 'done'],
    ['has succeeded, which the stage does not show yet', 'e-9', 'Failed', [run('Roll out', 'Succeeded', 200), ...before], 'in-progress'],
    ['was stopped', 'e-9', 'Stopped', [run('Roll out', 'Abandoned', 200), ...before], 'failed'],
    ['cannot come any more, as a newer execution has the stage', 'e-10', 'InProgress', before, 'failed'],
    ['has succeeded, and a newer execution has the stage', 'e-10', 'InProgress', [run('Roll out', 'Succeeded', 200), ...before], 'done'],
  ])('%s', (_what, execution, status, actions, state) => {
    expect(retried(from, { stage: { name: 'Deploy', execution, status }, actions, now: 60_000 }).state).toBe(state);
  });

  test('has failed where the stage says so long after its actions have succeeded', () => {
    const seen = { stage: { name: 'Deploy', execution: 'e-9', status: 'Failed' }, actions: [run('Roll out', 'Succeeded', 200), ...before] };
    expect(retried(from, { ...seen, now: 205 + 60_000 })).toEqual({ state: 'failed', detail: 'stage Deploy of execution e-9 was tried again and is Failed' });
  });

  test('is told from a first try where nothing is written down', () => {
    const stage = { name: 'Deploy', execution: 'e-9', status: 'InProgress' };
    expect(retryIn(stage, [run('Roll out', 'InProgress', 200), ...before], 150)).toEqual(from);
    expect(retryIn(stage, [run('Roll out', 'InProgress', 200), ...before], 250)).toBeUndefined();
    expect(retryIn(stage, before, 50)).toBeUndefined();
    expect(retryIn(stage, [run('Roll out', 'InProgress', 200)], 150)).toBeUndefined();
  });
});

const execution = (id: string, rollbackTo?: string): PipelineExecution => ({
  ...{ id, status: 'Succeeded', startedAt: 1, updatedAt: 2 },
  ...(rollbackTo !== undefined && { rollbackTo }),
});

describe('the execution that a stage is rolled back to', () => {
  const of = (now: PipelineNow, latestFirst: readonly PipelineExecution[], wanted?: string) =>
    stageTarget({ pipeline: now, stage: 'Deploy', succeeded: latestFirst }, wanted);

  test.each<[string, PipelineNow, PipelineExecution[], string]>([
    ['the one before what runs', pipeline('', 'Succeeded'), [execution('e-9'), execution('e-8')], 'e-8'],
    ['the last good one, after one that failed', pipeline('', 'Failed'), [execution('e-8'), execution('e-7')], 'e-8'],
    [
      'past what a rollback has left',
      pipeline('', 'Succeeded'),
      [execution('e-9'), execution('e-8', 'e-5'), execution('e-7'), execution('e-6'), execution('e-5')],
      'e-5',
    ],
  ])('is %s', (_what, now, executions, id) => {
    expect(of(now, executions)).toMatchObject({ id });
  });

  test('is the one that is named, where it succeeded and is no rollback', () => {
    const executions = [execution('e-9'), execution('e-8', 'e-6'), execution('e-6')];
    expect(of(pipeline('', 'Succeeded'), executions, 'e-6')).toMatchObject({ id: 'e-6' });
    expect(of(pipeline('', 'Succeeded'), executions, 'e-8')).toMatchObject({
      reason: expect.stringContaining('name the one that it went back to, e-6') as string,
    });
    expect(of(pipeline('', 'Succeeded'), executions, 'e-1')).toMatchObject({ reason: expect.stringContaining('none that succeeded') as string });
  });

  test.each<[string, PipelineNow, PipelineExecution[], RegExp]>([
    ['something is in the stage', pipeline('', 'InProgress'), [execution('e-8')], /e-9 is in its stage Deploy; wait/],
    [
      'it was rolled back already',
      pipeline('', 'Succeeded'),
      [execution('e-9', 'e-7'), execution('e-8'), execution('e-7')],
      /rolled back to e-7 already, by e-9/,
    ],
    ['nothing has succeeded before', pipeline('', 'Succeeded'), [execution('e-9')], /no earlier execution has succeeded/],
  ])('is none where %s', (_what, now, executions, reason) => {
    expect(of(now, executions)).toEqual({ reason: expect.stringMatching(reason) as string });
  });

  test('is none for sources and for a stage that is not there', () => {
    const now = pipeline('', 'Succeeded');
    const why = (stage: string) => stageTarget({ pipeline: now, stage, succeeded: [execution('e-8')] });
    expect(why('Source')).toMatchObject({ reason: expect.stringContaining('sources') as string });
    expect(why('Test')).toMatchObject({ reason: 'it has no stage Test; its stages are Source, Build, Deploy' });
  });
});

const ids = (...given: Parameters<typeof rollbacksFor>): string[] => rollbacksFor(...given).map(({ id }) => id);

test('the rollback of an effect is the one to its target that was not there before', () => {
  const executions = [execution('e-12', 'e-5'), execution('e-11', 'e-7'), execution('e-10', 'e-7'), execution('e-9')];
  expect(ids(executions, { stage: 'Deploy', target: 'e-7', before: ['e-10'] }, undefined, { from: 0 })).toEqual(['e-11']);
  expect(ids(executions, { stage: 'Deploy', target: 'e-7', before: ['e-10', 'e-11'] }, undefined, { from: 0 })).toEqual([]);
});

test('where nothing is written down it is the one that is in the stage', () => {
  const executions = [execution('e-12', 'e-5'), execution('e-11', 'e-7')];
  const stage = { name: 'Deploy', execution: 'e-11', status: 'InProgress' };
  expect(ids(executions, undefined, stage, { from: 0 })).toEqual(['e-11']);
  expect(ids(executions, undefined, stage, { from: 0, wanted: 'e-5' })).toEqual([]);
  expect(ids([execution('e-11')], undefined, stage, { from: 0 })).toEqual([]);
  // One that began before it was decided is somebody else's.
  expect(ids(executions, undefined, stage, { from: Date.parse('2100-01-01') })).toEqual([]);
});

test.each([
  ['InProgress', 'in-progress'],
  ['Stopping', 'in-progress'],
  ['Succeeded', 'done'],
  ['Failed', 'failed'],
  ['Superseded', 'failed'],
])('an execution that is %s is %s', (status, state) => {
  expect(endOf({ ...execution('e-9', 'e-8'), status }).state).toBe(state);
});
