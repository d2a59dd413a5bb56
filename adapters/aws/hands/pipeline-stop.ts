import { arnIn } from '../../../domain/aws/arn';
import type { Effect } from '../../../ports/hands';
import type { Actuator } from './actuator';
import { causeName } from './outcome';
import type { OnPipeline } from './pipelines';

/** Answers that say that it stops already, or has ended. */
const STOPPED = ['DuplicatedStopRequestException', 'PipelineExecutionNotStoppableException'];

/**
 * Tells an execution to stop. Actions that are under way end as they would, and none begins after them: given up, they could leave a deployment half done.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-stop.html
 */
export async function stopExecution(actuator: Actuator, on: OnPipeline, effect: Effect, id: string): Promise<void> {
  const { CodePipelineClient, StopPipelineExecutionCommand } = await import('@aws-sdk/client-codepipeline');
  const { pipeline: pipelineName } = on.part;
  const input = { pipelineName, pipelineExecutionId: id, abandon: false, reason: `cancelled in Nightshift, incident ${effect.incidentId}` };
  try {
    await actuator.acts({
      ...{ place: on.hands, effect, operation: 'codepipeline:StopPipelineExecution' },
      may: [{ actions: ['codepipeline:StopPipelineExecution'], resources: [arnIn(on.hands, 'codepipeline', pipelineName)] }],
      make: async (settings) => new CodePipelineClient(settings),
      send: (client) => client.send(new StopPipelineExecutionCommand(input)),
    });
  } catch (error) {
    if (!STOPPED.includes(causeName(error))) throw error;
  }
}
