import { arnIn } from '../../../domain/aws/arn';
import { retried, retryIn, stageToRetry, supersededText } from '../../../domain/aws/stage-retry';
import type { RetryFrom } from '../../../domain/aws/stage-retry';
import { NightshiftError } from '../../../domain/errors';
import type { Carrier, Effect, Sighting } from '../../../ports/hands';
import { awsCarrier } from './carrier';
import type { AwsHandsDeps } from './carrier';
import { causeName } from './outcome';
import { readPipelines } from './pipelines';
import type { OnPipeline, Pipelines } from './pipelines';
import { beforeOf, recordOnce } from './record';
import { unbegun } from './unbegun';

/** Answers that say that the stage is not as it was any more: it is looked at again. */
const CHANGED = ['StageNotRetryableException', 'NotLatestPipelineExecutionException'];

/** Carries out `codepipeline.retry-stage`. There is no token: the stage must still be failed and its execution the latest, and what it was before is written down. */
export function codepipelineRetryStage({ actuator, state, clock }: AwsHandsDeps): Carrier {
  const pipelines = readPipelines(actuator.access);
  const recorded = async (effect: Effect): Promise<RetryFrom | undefined> => (await state.load(beforeOf(effect))) as RetryFrom | undefined;

  async function look(on: OnPipeline, effect: Effect): Promise<Sighting> {
    const from = (await recorded(effect)) ?? (await triedAgain(pipelines, on, effect));
    if (!from) return { state: 'absent' };
    // The actions first: between the two the retry may begin, and a stage that is read later is never behind them.
    const actions = await pipelines.actions(on, from.execution);
    const { stages } = await pipelines.now(on);
    const stage = stages.find(({ name }) => name === from.stage);
    const found = retried(from, { stage, actions, now: clock.now() });
    if (found.state !== 'absent' || effect.reference === undefined) return found;
    return { state: 'in-progress', detail: `execution ${effect.reference} was accepted for another try, which cannot be seen yet` };
  }

  /** How it stands. */
  async function begin(on: OnPipeline, effect: Effect): Promise<RetryFrom> {
    const stage = stageToRetry(await pipelines.now(on), effect.inputs);
    if ('reason' in stage) throw new NightshiftError('effect_failed', `${pipelineName(on)}: ${stage.reason}; nothing was done`);
    const runs = (await pipelines.actions(on, stage.execution)).filter((one) => one.stage === stage.name);
    return { stage: stage.name, execution: stage.execution, lastStart: Math.max(0, ...runs.map(({ startedAt }) => startedAt)) };
  }

  return awsCarrier('codepipeline.retry-stage', 'codepipeline', {
    look,
    async act(on, effect) {
      const from = await recordOnce(state, beforeOf(effect), () => unbegun(() => begin(on, effect)));
      const { stages } = await pipelines.now(on);
      const stage = stages.find(({ name }) => name === from.stage);
      if (stage?.execution !== from.execution) throw new NightshiftError('effect_failed', `${pipelineName(on)}: ${supersededText(from, stage)}`);
      const { CodePipelineClient, RetryStageExecutionCommand } = await import('@aws-sdk/client-codepipeline');
      const retryMode = effect.inputs['mode'] === 'ALL_ACTIONS' ? 'ALL_ACTIONS' : 'FAILED_ACTIONS';
      const input = { pipelineName: on.part.pipeline, stageName: from.stage, pipelineExecutionId: from.execution, retryMode } as const;
      try {
        await actuator.acts({
          ...{ place: on.hands, effect, operation: 'codepipeline:RetryStageExecution' },
          may: [{ actions: ['codepipeline:RetryStageExecution'], resources: [stageArn(on, from.stage)] }],
          make: async (settings) => new CodePipelineClient(settings),
          send: (client) => client.send(new RetryStageExecutionCommand(input)),
        });
      } catch (error) {
        if (!CHANGED.includes(causeName(error)) || (await look(on, effect)).state === 'absent') throw error;
      }
      return from.execution;
    },
    async unmet(on, { inputs }) {
      const stage = stageToRetry(await pipelines.now(on), inputs);
      return 'reason' in stage ? `${pipelineName(on)} is not tried again: ${stage.reason}` : undefined;
    },
    async preview(on, { inputs }) {
      const stage = stageToRetry(await pipelines.now(on), inputs);
      if ('reason' in stage) return `would do nothing: ${stage.reason}`;
      const what = inputs['mode'] === 'ALL_ACTIONS' ? 'all actions' : 'the failed actions';
      return `tries ${what} of stage ${stage.name} of ${pipelineName(on)} again, in execution ${stage.execution}`;
    },
  });
}

/** Where nothing is written down, a retry that began since it was intended, as long as no stage has failed. */
async function triedAgain(pipelines: Pipelines, on: OnPipeline, effect: Effect): Promise<RetryFrom | undefined> {
  const wanted = effect.inputs['stage'];
  const stages = (await pipelines.now(on)).stages.filter(({ name }) => wanted === undefined || wanted === name);
  // What is to be tried again is there.
  if (stages.some(({ status }) => status === 'Failed')) return undefined;
  for (const stage of stages) {
    if (stage.execution === undefined) continue;
    const found = retryIn(stage, await pipelines.actions(on, stage.execution), effect.intendedAt);
    if (found) return found;
  }
  return undefined;
}

/** For people: `shop in 111122223333/eu-central-1`. */
export function pipelineName({ part, hands }: OnPipeline): string {
  return `pipeline ${part.pipeline} in ${hands.account}/${hands.region}`;
}

/** What IAM knows a stage by. */
export function stageArn({ part, hands }: OnPipeline, stage: string): string {
  return arnIn(hands, 'codepipeline', `${part.pipeline}/${stage}`);
}
