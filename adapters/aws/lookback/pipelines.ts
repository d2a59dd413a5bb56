import type {
  ActionExecutionDetail,
  CodePipelineClient,
  ListActionExecutionsCommandOutput,
  ListPipelineExecutionsCommandOutput,
} from '@aws-sdk/client-codepipeline';
import type { ListPipelinesCommandOutput, PipelineExecutionSummary } from '@aws-sdk/client-codepipeline';
import { placeText } from '../../../domain/aws/place';
import type { AwsPlace } from '../../../domain/aws/place';
import { runChange } from '../../../domain/lookback/aws/changes';
import type { PastChange, PastFact } from '../../../domain/lookback/facts';
import { actorOf } from '../../../domain/sources/aws-names';
import type { Ask } from './ask';
import { beginChain, readChain } from './chain';
import type { ChainOptions } from './chain';
import { wholeList } from './kind';
import type { KindPart, PastKind } from './kind';

const EXECUTIONS = 'codepipeline:ListPipelineExecutions';
const ACTIONS = 'codepipeline:ListActionExecutions';
const PAGE = 100;
const MOST_PAGES = 50;
/** Runs that failed whose action is looked up, of a pipeline; the newest. */
const MOST_FAILED = 50;

/** Runs of CodePipeline, a part a pipeline; of those that failed, the stage and the action. */
export const pipelines: PastKind = {
  name: 'pipelines',
  async plan({ place, span, settings }, ask) {
    const sdk = await import('@aws-sdk/client-codepipeline');
    const { CodePipelineClient, ListActionExecutionsCommand, ListPipelineExecutionsCommand } = sdk;
    const client = new CodePipelineClient(settings);
    const found = await listPipelines(client, ask);
    const chainOf = (pipelineName: string, by: Ask): ChainOptions<PipelineExecutionSummary> => ({
      ...{ from: span.from, most: MOST_PAGES, time: ({ startTime }) => startTime?.getTime() ?? 0 },
      page: async (nextToken) => {
        const command = new ListPipelineExecutionsCommand({ pipelineName, nextToken, maxResults: PAGE });
        const answer: ListPipelineExecutionsCommandOutput = await by(EXECUTIONS, (options) => client.send(command, options));
        return { items: answer.pipelineExecutionSummaries ?? [], next: answer.nextToken };
      },
    });
    const failedAction = async (pipelineName: string, pipelineExecutionId: string, by: Ask): Promise<ActionExecutionDetail | undefined> => {
      // Newest first: what failed is among the last actions of a run.
      const command = new ListActionExecutionsCommand({ pipelineName, filter: { pipelineExecutionId }, maxResults: PAGE });
      const answer: ListActionExecutionsCommandOutput = await by(ACTIONS, (options) => client.send(command, options));
      return answer.actionExecutionDetails?.find(({ status }) => status === 'Failed');
    };
    const parts: KindPart[] = [];
    for (const name of found) {
      const chain = await beginChain(chainOf(name, ask));
      const failed = chain.more === 0 ? failuresOf(chain.first.items, span.from, span.to).length : MOST_FAILED;
      const read = async (by: Ask): Promise<PastFact[]> => {
        const { items, cut } = await readChain(chain, chainOf(name, by));
        const runs = inSpan(items, span.from, span.to);
        const actions = new Map<string, ActionExecutionDetail | undefined>();
        for (const id of failuresOf(runs, span.from, span.to)) actions.set(id, await failedAction(name, id, by));
        const text = `The pipeline ${name} of ${placeText(place)} ran so often that its earliest runs were not read.`;
        return [
          ...runs.flatMap((run) => changeOf(run, name, actions.get(run.pipelineExecutionId ?? ''), place)),
          ...(cut ? [{ kind: 'note' as const, text }] : []),
        ];
      };
      parts.push({ name, calls: { [EXECUTIONS]: chain.more, [ACTIONS]: failed }, read });
    }
    return { parts, facts: [], close: () => client.destroy() };
  },
};

/** Names of all pipelines. Throws errors of ours. */
export async function listPipelines(client: CodePipelineClient, ask: Ask): Promise<readonly string[]> {
  const { ListPipelinesCommand } = await import('@aws-sdk/client-codepipeline');
  const found = await wholeList(async (nextToken) => {
    const answer: ListPipelinesCommandOutput = await ask('codepipeline:ListPipelines', (options) =>
      client.send(new ListPipelinesCommand({ nextToken }), options),
    );
    return { items: answer.pipelines ?? [], next: answer.nextToken };
  });
  return found.flatMap(({ name }) => name ?? []);
}

function inSpan(runs: readonly PipelineExecutionSummary[], from: number, to: number): PipelineExecutionSummary[] {
  return runs.filter(({ startTime }) => startTime !== undefined && startTime.getTime() >= from && startTime.getTime() < to);
}

function failuresOf(runs: readonly PipelineExecutionSummary[], from: number, to: number): string[] {
  return inSpan(runs, from, to)
    .filter(({ status }) => status === 'Failed')
    .flatMap(({ pipelineExecutionId }) => pipelineExecutionId ?? [])
    .slice(0, MOST_FAILED);
}

function changeOf(run: PipelineExecutionSummary, name: string, failed: ActionExecutionDetail | undefined, place: AwsPlace): PastChange[] {
  const { pipelineExecutionId: id, startTime, lastUpdateTime, status = '', trigger } = run;
  if (id === undefined || startTime === undefined) return [];
  const where = failed === undefined ? '' : ` in ${failed.stageName ?? ''}/${failed.actionName ?? ''}`;
  const ended = status === 'InProgress' || lastUpdateTime === undefined ? {} : { endedAt: lastUpdateTime.getTime() };
  const author = actorOf(trigger?.triggerDetail) ?? trigger?.triggerType ?? 'codepipeline';
  return [runChange({ kind: 'codepipeline', id, name, ...place, startedAt: startTime.getTime(), ...ended, status: `${status}${where}`, author })];
}
