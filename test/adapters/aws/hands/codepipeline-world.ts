import { putActionExecution, putPipeline, putPipelineExecution } from '../../../fakes/aws/services/codepipeline';
import { putActionCourse } from '../../../fakes/aws/services/codepipeline-run';
import { TOKENLESS } from './befalls';
import { handsWorld, NOW } from './world';
import type { HandsWorld } from './world';

/** Ids of executions as CodePipeline gives them, and other than the fake's own. */
export const execution = (number: number): string => `11111111-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** A service that comes by a pipeline of three stages, Source, Build and Deploy, with hands on it. */
export interface PipelineWorld extends HandsWorld {
  /** An execution that began so many minutes ago and came to Deploy, with what its action there did; it took two minutes. */
  ran(number: number, minutesAgo: number, end: 'Succeeded' | 'Failed' | 'InProgress', more?: { readonly version?: number }): void;
  /** Declares it anew, as another structure. */
  redeclare(version: number): void;
}

/** Starts one; nothing has run yet. */
export async function pipelineWorld(): Promise<PipelineWorld> {
  const world = await handsWorld({ codepipeline: { pipeline: 'shop' } });
  const stage = (name: string, category: 'Source' | 'Build' | 'Deploy') => ({
    name,
    actions: [{ name: `${name} it`, actionTypeId: { category, owner: 'AWS' as const, provider: 'Some', version: '1' } }],
  });
  const redeclare = (version: number): void =>
    putPipeline(world.place, {
      ...{ name: 'shop', roleArn: 'arn:aws:iam::111122223333:role/pipeline', version },
      stages: [stage('Source', 'Source'), stage('Build', 'Build'), stage('Deploy', 'Deploy')],
    });
  redeclare(1);
  for (const name of ['Build', 'Deploy']) putActionCourse(world.place, { pipeline: 'shop', stage: name, durationMs: 500 });
  return {
    ...world,
    redeclare,
    ran(number, minutesAgo, end, { version = 1 } = {}) {
      const at = NOW - minutesAgo * 60_000;
      const id = execution(number);
      const times = { startTime: new Date(at), lastUpdateTime: new Date(at + 120_000) };
      const sourceRevisions = [{ actionName: 'Source it', revisionId: `commit-${String(number)}` }];
      putPipelineExecution(world.place, { pipeline: 'shop', execution: { pipelineExecutionId: id, status: end, ...times, sourceRevisions } });
      for (const [i, name] of ['Source', 'Build', 'Deploy'].entries())
        putActionExecution(world.place, {
          pipeline: 'shop',
          action: {
            ...{ pipelineExecutionId: id, actionExecutionId: `${id}/${name}`, pipelineVersion: version, stageName: name, actionName: `${name} it` },
            ...{ startTime: new Date(at + i * 30_000), lastUpdateTime: new Date(at + (i + 1) * 30_000), status: name === 'Deploy' ? end : 'Succeeded' },
          },
        });
    },
  };
}

/** What befalls a call of CodePipeline, which also refuses what is done beside something else. */
export const BEFALLS = [
  ...TOKENLESS,
  ['refused as something else goes on, for a moment', { effect: 'error', error: { name: 'ConflictException' }, times: 1 }, 'done', 1],
] as const;
