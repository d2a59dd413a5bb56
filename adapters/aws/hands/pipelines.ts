import type { ActionExecutionDetail, PipelineExecutionSummary } from '@aws-sdk/client-codepipeline';
import type { ActionRun, PipelineExecution, PipelineNow } from '../../../domain/aws/pipeline';
import { defined } from '../../../domain/defined';
import type { AwsAccess } from '../access';
import { awsClients } from '../clients';
import type { On } from './carrier';

/** A pipeline with where it is. */
export type OnPipeline = Pick<On<'codepipeline'>, 'part' | 'hands'>;

/** Reads a pipeline. Throws errors of ours. */
export interface Pipelines {
  now(on: OnPipeline): Promise<PipelineNow>;
  /** Executions that began since a moment, the latest first. */
  since(on: OnPipeline, from: Date): Promise<readonly PipelineExecution[]>;
  /** Executions that succeeded in a stage, the latest first; at most the hundred that CodePipeline gives at once. */
  succeededIn(on: OnPipeline, stage: string): Promise<readonly PipelineExecution[]>;
  /** What the actions of an execution did. */
  actions(on: OnPipeline, execution: string): Promise<readonly ActionRun[]>;
  /** Version of the pipeline that an execution ran. */
  versionOf(on: OnPipeline, execution: string): Promise<number>;
}

const MOST = 100;

/** Reads them by one client for each place. */
export function readPipelines(access: AwsAccess): Pipelines {
  const clients = awsClients(access, async (settings) => {
    const { CodePipelineClient } = await import('@aws-sdk/client-codepipeline');
    return new CodePipelineClient(settings);
  });
  /** Pages of executions until one says that it is enough. */
  async function executions(
    { part, hands }: OnPipeline,
    stage: string | undefined,
    enough: (found: readonly PipelineExecution[]) => boolean,
  ): Promise<readonly PipelineExecution[]> {
    const { ListPipelineExecutionsCommand } = await import('@aws-sdk/client-codepipeline');
    const filter = stage === undefined ? {} : { filter: { succeededInStage: { stageName: stage } } };
    const found: PipelineExecution[] = [];
    let nextToken: string | undefined;
    do {
      const input = { pipelineName: part.pipeline, ...filter, ...(nextToken !== undefined && { nextToken }) };
      const page = await clients.ask(hands, 'codepipeline:ListPipelineExecutions', (client) => client.send(new ListPipelineExecutionsCommand(input)));
      found.push(...(page.pipelineExecutionSummaries ?? []).map(executionOf));
      nextToken = page.nextToken;
    } while (nextToken !== undefined && !enough(found));
    return found;
  }
  return {
    async now({ part, hands }) {
      const { GetPipelineStateCommand } = await import('@aws-sdk/client-codepipeline');
      const command = new GetPipelineStateCommand({ name: part.pipeline });
      const { pipelineVersion: version = 0, stageStates = [] } = await clients.ask(hands, 'codepipeline:GetPipelineState', (client) => client.send(command));
      const stages = stageStates.map(({ stageName: name = '', latestExecution: last }) =>
        defined({ name, execution: last?.pipelineExecutionId, status: last?.status }),
      );
      return { version, stages };
    },
    async since(on, from) {
      const begun = await executions(on, undefined, (found) => found.length > 0 && (found.at(-1)?.startedAt ?? 0) < from.getTime());
      return begun.filter(({ startedAt }) => startedAt >= from.getTime());
    },
    succeededIn: (on, stage) => executions(on, stage, (found) => found.length >= MOST),
    async actions({ part, hands }, pipelineExecutionId) {
      const { ListActionExecutionsCommand } = await import('@aws-sdk/client-codepipeline');
      const runs: ActionRun[] = [];
      let nextToken: string | undefined;
      do {
        const input = { pipelineName: part.pipeline, filter: { pipelineExecutionId }, ...(nextToken !== undefined && { nextToken }) };
        const page = await clients.ask(hands, 'codepipeline:ListActionExecutions', (client) => client.send(new ListActionExecutionsCommand(input)));
        runs.push(...(page.actionExecutionDetails ?? []).map(runOf));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return runs;
    },
    async versionOf({ part, hands }, pipelineExecutionId) {
      const { GetPipelineExecutionCommand } = await import('@aws-sdk/client-codepipeline');
      const command = new GetPipelineExecutionCommand({ pipelineName: part.pipeline, pipelineExecutionId });
      const { pipelineExecution } = await clients.ask(hands, 'codepipeline:GetPipelineExecution', (client) => client.send(command));
      return pipelineExecution?.pipelineVersion ?? 0;
    },
  };
}

function executionOf(summary: PipelineExecutionSummary): PipelineExecution {
  const { pipelineExecutionId: id = '', status = '', startTime, lastUpdateTime, rollbackMetadata, executionType, sourceRevisions = [] } = summary;
  const revision = sourceRevisions.map(({ revisionId = '' }) => revisionId.slice(0, 12)).join(', ');
  const startedAt = startTime?.getTime() ?? 0;
  const rollbackTo = executionType === 'ROLLBACK' ? (rollbackMetadata?.rollbackTargetPipelineExecutionId ?? '') : undefined;
  return defined({ id, status, startedAt, updatedAt: lastUpdateTime?.getTime() ?? startedAt, rollbackTo, revision: revision === '' ? undefined : revision });
}

function runOf({ stageName, actionName, status, startTime, lastUpdateTime, output }: ActionExecutionDetail): ActionRun {
  const startedAt = startTime?.getTime() ?? 0;
  const times = { startedAt, updatedAt: lastUpdateTime?.getTime() ?? startedAt };
  const summary = output?.executionResult?.errorDetails?.message ?? output?.executionResult?.externalExecutionSummary;
  return defined({ stage: stageName ?? '', action: actionName ?? '', status: status ?? '', ...times, summary });
}
