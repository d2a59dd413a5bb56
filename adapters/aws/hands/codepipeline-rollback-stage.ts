import type { PipelineExecution } from '../../../domain/aws/pipeline';
import { endOf, rollbacksFor, stageTarget } from '../../../domain/aws/stage-rollback';
import type { RollbackTo } from '../../../domain/aws/stage-rollback';
import { NightshiftError } from '../../../domain/errors';
import type { Carrier, Effect, Wanted } from '../../../ports/hands';
import { awsCarrier, searchFrom } from './carrier';
import type { AwsHandsDeps } from './carrier';
import { pipelineName, stageArn } from './codepipeline-retry-stage';
import { stopExecution } from './pipeline-stop';
import { readPipelines } from './pipelines';
import type { OnPipeline, Pipelines } from './pipelines';
import { beforeOf, mayHaveSent, recordOnce, sendBy } from './record';
import { unbegun } from './unbegun';

/** What the functions below work with. */
interface Rollbacks extends AwsHandsDeps {
  readonly pipelines: Pipelines;
}

/** Carries out `codepipeline.rollback-stage`. There is no token: what it goes back to is written down with the rollbacks that were there, and the new one to the same is ours. */
export function codepipelineRollbackStage(deps: AwsHandsDeps): Carrier {
  const { actuator, state } = deps;
  const pipelines = readPipelines(actuator.access);
  const rollbacks: Rollbacks = { ...deps, pipelines };
  return awsCarrier('codepipeline.rollback-stage', 'codepipeline', {
    async look(on, effect) {
      const { reference } = effect;
      const lately = await pipelines.since(on, searchFrom(effect));
      if (reference !== undefined) {
        const known = lately.find(({ id }) => id === reference);
        return known ? endOf(known) : { state: 'in-progress', detail: `execution ${reference} was accepted and cannot be seen yet` };
      }
      const to = await recordOf(rollbacks, effect);
      if (to && !mayHaveSent(to)) return { state: 'absent', again: true };
      const stage = to ? undefined : (await pipelines.now(on)).stages.find(({ name }) => name === stageOf(effect));
      for (const found of rollbacksFor(lately, to, stage, { wanted: effect.inputs['to'], from: effect.intendedAt }))
        if (await isOf(pipelines, on, found, stageOf(effect))) return endOf(found);
      return { state: 'absent' };
    },
    async act(on, effect) {
      const earlier = await recordOf(rollbacks, effect);
      const first = !mayHaveSent(earlier);
      const to = earlier && !first ? earlier : await unbegun(() => begin(rollbacks, on, effect, earlier));
      const { CodePipelineClient, RollbackStageCommand } = await import('@aws-sdk/client-codepipeline');
      const input = { pipelineName: on.part.pipeline, stageName: to.stage, targetPipelineExecutionId: to.target };
      const refuse = (): Promise<void> => refuseStranger(pipelines, on, effect, { ...to, again: !first });
      const { pipelineExecutionId } = await sendBy(state, beforeOf(effect), { before: to, first }, async () => {
        await (first ? unbegun(refuse) : refuse());
        return actuator.acts({
          ...{ place: on.hands, effect, operation: 'codepipeline:RollbackStage' },
          may: [{ actions: ['codepipeline:RollbackStage'], resources: [stageArn(on, to.stage)] }],
          make: async (settings) => new CodePipelineClient(settings),
          send: (client) => client.send(new RollbackStageCommand(input)),
        });
      });
      return pipelineExecutionId;
    },
    async stop(on, effect) {
      const id = await toStop(rollbacks, on, effect);
      if (id !== undefined) await stopExecution(actuator, on, effect, id);
    },
    async unmet(on, wanted) {
      const target = await targetOf(pipelines, on, wanted);
      return 'reason' in target ? `${pipelineName(on)} is not rolled back: ${target.reason}` : undefined;
    },
    async preview(on, wanted) {
      const target = await targetOf(pipelines, on, wanted);
      if ('reason' in target) return `would do nothing: ${target.reason}`;
      const from = target.from === undefined ? '' : ` from execution ${target.from}`;
      const what = target.revision === undefined ? '' : ` (${target.revision})`;
      return `brings stage ${stageOf(wanted)} of ${pipelineName(on)}${from} back to execution ${target.id}${what}, as a new execution`;
    },
  });
}

async function recordOf({ state }: Rollbacks, effect: Effect): Promise<RollbackTo | undefined> {
  return (await state.load(beforeOf(effect))) as RollbackTo | undefined;
}

/** Writes down what it goes back to; of two at once the first holds for both. Where nothing was begun by it, the rollbacks that are there are written down anew, and the rest stays as it was approved. */
async function begin(rollbacks: Rollbacks, on: OnPipeline, effect: Effect, earlier: RollbackTo | undefined): Promise<RollbackTo> {
  const { pipelines, state } = rollbacks;
  const { unsent: _, ...to } = earlier ?? (await wayBack(pipelines, on, effect));
  const lately = await pipelines.since(on, searchFrom(effect));
  const now = { ...to, before: lately.filter(({ rollbackTo }) => rollbackTo === to.target).map(({ id }) => id) };
  if (!earlier) return recordOnce(state, beforeOf(effect), () => Promise.resolve(now));
  await state.save(beforeOf(effect), now);
  return now;
}

async function wayBack(pipelines: Pipelines, on: OnPipeline, effect: Effect): Promise<RollbackTo> {
  const target = await targetOf(pipelines, on, effect);
  if ('reason' in target) throw new NightshiftError('effect_failed', `${pipelineName(on)}: ${target.reason}; nothing was done`);
  return { stage: stageOf(effect), target: target.id, before: [], ...(target.from !== undefined && { from: target.from }) };
}

/** The execution to stop, while it goes on. Without its id none is: one to the same that came since may be of somebody else, whose rollback must go on. Throws `ambiguous_effect` then. */
async function toStop({ pipelines }: Rollbacks, on: OnPipeline, effect: Effect): Promise<string | undefined> {
  const { reference } = effect;
  if (reference === undefined)
    throw new NightshiftError('ambiguous_effect', `it is not known which execution of ${pipelineName(on)} was begun, so none is stopped`);
  const known = (await pipelines.since(on, searchFrom(effect))).find(({ id }) => id === reference);
  return known === undefined || known.status === 'InProgress' ? reference : undefined;
}

type Target = PipelineExecution & { readonly from?: string };

async function targetOf(pipelines: Pipelines, on: OnPipeline, wanted: Wanted): Promise<Target | { readonly reason: string }> {
  const stage = stageOf(wanted);
  const pipeline = await pipelines.now(on);
  const now = pipeline.stages.find(({ name }) => name === stage);
  const target = stageTarget({ pipeline, stage, succeeded: now ? await pipelines.succeededIn(on, stage) : [] }, wanted.inputs['to']);
  if ('reason' in target) return target;
  if ((await pipelines.versionOf(on, target.id)) !== pipeline.version)
    return { reason: `the pipeline has another structure since execution ${target.id}, so CodePipeline cannot go back to it; go back by a new execution` };
  return { ...target, ...(now?.execution !== undefined && { from: now.execution }) };
}

/** What went into the stage since is not written over. */
async function refuseStranger(pipelines: Pipelines, on: OnPipeline, effect: Effect, to: RollbackTo & { readonly again: boolean }): Promise<void> {
  const now = (await pipelines.now(on)).stages.find(({ name }) => name === to.stage)?.execution;
  const since = await pipelines.since(on, new Date(effect.intendedAt + 1));
  const listed = since.some(({ id }) => id === now);
  if (now === to.from && !listed) return;
  // An attempt before this one may have brought it; whoever looks finds it as soon as it is listed.
  if (to.again && !listed) throw new NightshiftError('not_begun', `execution ${now ?? ''} went into stage ${to.stage} and is not listed yet`);
  const why = `execution ${now ?? ''} went into stage ${to.stage} of ${pipelineName(on)} after this was approved, so nothing was done`;
  throw new NightshiftError('effect_failed', `${why}; look whether it mends the trouble, then decide anew`);
}

/** Whether it is of this stage, as far as its actions show it. */
async function isOf(pipelines: Pipelines, on: OnPipeline, { id }: PipelineExecution, stage: string): Promise<boolean> {
  const runs = await pipelines.actions(on, id);
  return runs.length === 0 || runs.some((one) => one.stage === stage);
}

function stageOf({ inputs }: Wanted): string {
  return inputs['stage'] ?? '';
}
