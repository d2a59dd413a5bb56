import { putActionExecution, putPipeline, putPipelineExecution } from '../../../../test/fakes/aws/services/codepipeline';
import type { Place } from '../../../../test/fakes/aws/world';
import type { Scenario, Variant } from '../scenario';

const PIPELINE = 'shop';
const MINUTE_MS = 60_000;
const STAGES = ['Source', 'Build', 'Deploy'] as const;

function declare(place: Place): void {
  putPipeline(place, {
    ...{ name: PIPELINE, roleArn: 'arn:aws:iam::111122223333:role/pipeline', version: 1 },
    stages: STAGES.map((name) => ({ name, actions: [{ name: `${name} it`, actionTypeId: { category: name, owner: 'AWS', provider: 'Some', version: '1' } }] })),
  });
}

function ran(place: Place, number: number, minutesAgo: number, end: 'Succeeded' | 'Failed'): void {
  const at = place.world.clock.now() - minutesAgo * MINUTE_MS;
  const pipelineExecutionId = `11111111-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const times = { startTime: new Date(at), lastUpdateTime: new Date(at + 2 * MINUTE_MS) };
  const sourceRevisions = [{ actionName: 'Source it', revisionId: `commit-${String(number)}` }];
  putPipelineExecution(place, { pipeline: PIPELINE, execution: { pipelineExecutionId, status: end, ...times, sourceRevisions } });
  for (const [i, stageName] of STAGES.entries()) {
    const [startTime, lastUpdateTime] = [new Date(at + (i * MINUTE_MS) / 2), new Date(at + ((i + 1) * MINUTE_MS) / 2)];
    const ids = { pipelineExecutionId, actionExecutionId: `${pipelineExecutionId}/${stageName}`, pipelineVersion: 1, stageName, actionName: `${stageName} it` };
    putActionExecution(place, {
      pipeline: PIPELINE,
      action: { ...ids, startTime, lastUpdateTime, status: stageName === 'Deploy' ? end : 'Succeeded' },
    });
  }
}

function lay(place: Place): void {
  declare(place);
  ran(place, 1, 90, 'Succeeded');
  ran(place, 2, 60, 'Succeeded');
}

const common: Pick<Variant, 'parts' | 'inputs'> = { parts: { codepipeline: { pipeline: PIPELINE } }, inputs: { stage: 'Deploy' } };

/** A deployment that failed. */
export const codepipelineRetryStage: Scenario = [
  {
    ...common,
    name: 'failed',
    lay(place) {
      lay(place);
      ran(place, 3, 30, 'Failed');
    },
    effects: { 'codepipeline.retry': 1 },
  },
];

/** A deployment that brought something bad. */
export const codepipelineRollbackStage: Scenario = [
  {
    ...common,
    name: 'bad',
    lay(place) {
      lay(place);
      ran(place, 3, 30, 'Succeeded');
    },
    effects: { 'codepipeline.rollback': 1 },
  },
];
