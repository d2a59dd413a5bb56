import { ListActionExecutionsCommand, PutJobFailureResultCommand, PutJobSuccessResultCommand } from '@aws-sdk/client-codepipeline';
import type { CodePipelineClient, FailureType } from '@aws-sdk/client-codepipeline';
import { NightshiftError } from '../../../domain/errors';

/** What becomes of a pipeline's job. */
export interface JobOutcome {
  readonly passed: boolean;
  /** Shown with the action. */
  readonly summary: string;
  /** Whether the action itself is wrong, not what it looked at. */
  readonly misconfigured?: boolean;
  /** For later actions of the pipeline, as `#{namespace.verdict}`. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** As many as one call of CodeBuild takes. */
const MOST_BUILDS = 100;
const LONGEST_SUMMARY = 2000;

/** Ids of the builds of CodeBuild that have ended in an execution of a pipeline. Throws `not_found` where there is none. */
export async function buildsOfExecution(client: CodePipelineClient, pipeline: string, execution: string, abortSignal: AbortSignal): Promise<readonly string[]> {
  const ids = new Set<string>();
  let nextToken: string | undefined;
  do {
    const command = new ListActionExecutionsCommand({ pipelineName: pipeline, filter: { pipelineExecutionId: execution }, nextToken });
    const page = await client.send(command, { abortSignal });
    for (const { status, input, output } of page.actionExecutionDetails ?? []) {
      const id = output?.executionResult?.externalExecutionId;
      if (input?.actionTypeId?.provider === 'CodeBuild' && status !== 'InProgress' && id !== undefined) ids.add(id);
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined && ids.size < MOST_BUILDS);
  if (ids.size === 0) throw new NightshiftError('not_found', `No build of CodeBuild has ended in the execution ${execution} of the pipeline ${pipeline}.`);
  return [...ids].slice(0, MOST_BUILDS);
}

/** Tells the pipeline what became of its job. A job that has its result already keeps it: the function was called twice. */
export async function answerJob(client: CodePipelineClient, jobId: string, { passed, summary, misconfigured, variables }: JobOutcome): Promise<void> {
  const text = summary.slice(0, LONGEST_SUMMARY);
  const type: FailureType = misconfigured === true ? 'ConfigurationError' : 'JobFailed';
  try {
    if (passed)
      await client.send(new PutJobSuccessResultCommand({ jobId, executionDetails: { summary: text }, ...(variables && { outputVariables: variables }) }));
    else await client.send(new PutJobFailureResultCommand({ jobId, failureDetails: { type, message: text } }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'InvalidJobStateException') throw error;
  }
}
