import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CodeBuildClient } from '@aws-sdk/client-codebuild';
import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { errorCode, errorMessage } from '../../../domain/errors';
import { sendBuilds } from './door';
import type { Door, DoorVerdict } from './door';
import { hookCall } from './events';
import type { HookCall, LambdaContext } from './events';
import { finishedBuilds } from './finished-builds';
import { jobParameters } from './job-parameters';
import type { JobParameters } from './job-parameters';
import { answerJob, buildsOfExecution } from './pipeline-job';
import type { JobOutcome } from './pipeline-job';

/** What the function is set up with. */
export interface HookSettings extends Door {
  readonly service?: string;
  readonly environment?: string;
}

/** Parts of the function that tests put their own in the place of. */
export interface HookOptions {
  /** Throws `invalid_config` with what is missing; asked at each call, so that a pipeline is told. */
  readonly settings: () => HookSettings;
  readonly log: (line: string) => void;
  /** Settings of the SDK's clients beside those that the environment of a function gives. */
  readonly aws?: Readonly<Record<string, unknown>>;
}

/** What the function answers, for its log and its destination. */
export interface HookAnswer extends Partial<DoorVerdict> {
  readonly outcome: 'reported' | 'passed-over' | 'job-passed' | 'job-failed';
  readonly note?: string;
}

interface Clients {
  readonly codebuild: CodeBuildClient;
  readonly codepipeline: CodePipelineClient;
  readonly cloudwatch: CloudWatchClient;
}

/** Kept of the time of a call for telling the pipeline, milliseconds. */
const RESERVE_MS = 5_000;
/** Kept for the way to Nightshift and back, beside its wait for a verdict. */
const TRAVEL_MS = 2_000;
/** An answer of AWS takes no longer, milliseconds. */
const REQUEST_HANDLER = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true } as const;

/**
 * A function of Lambda that reports finished builds of CodeBuild to Nightshift and waits for the verdict. For an event of EventBridge it throws where that did not work, so that Lambda
 * tries again; a pipeline's job always gets its result, and passes where Nightshift does not answer, unless its parameters say otherwise.
 */
export function postBuildHandler(options: HookOptions): (event: unknown, context: LambdaContext) => Promise<HookAnswer> {
  let clients: Clients | undefined;
  return async (event, context) => {
    const call = hookCall(event);
    if (call.kind === 'other') return logged(options, { outcome: 'passed-over', note: call.why });
    clients ??= clientsOf(options.aws);
    const leftMs = (): number => Math.max(1, context.getRemainingTimeInMillis() - RESERVE_MS);
    const hook: Hook = { options, clients, leftMs, signal: AbortSignal.timeout(leftMs()) };
    if (call.kind === 'job') return logged(options, await answered(hook, call));
    return logged(options, { outcome: 'reported', ...(await report(hook, [call.buildId], undefined)) });
  };
}

interface Hook {
  readonly options: HookOptions;
  readonly clients: Clients;
  readonly leftMs: () => number;
  readonly signal: AbortSignal;
}

async function report({ options, clients, leftMs, signal }: Hook, ids: readonly string[], asked: string | undefined): Promise<DoorVerdict> {
  const settings = options.settings();
  const { service, environment } = settings;
  const builds = await finishedBuilds({ ...clients, service: asked ?? service, environment, signal, note: options.log }, ids);
  return sendBuilds({ ...settings, waitMs: Math.max(1, Math.min(settings.waitMs, leftMs() - TRAVEL_MS)) }, builds, signal);
}

async function answered(hook: Hook, call: Extract<HookCall, { kind: 'job' }>): Promise<HookAnswer> {
  const outcome = await outcomeOf(hook, call);
  await answerJob(hook.clients.codepipeline, call.jobId, outcome);
  return { outcome: outcome.passed ? 'job-passed' : 'job-failed', note: outcome.summary };
}

async function outcomeOf(hook: Hook, { parameters }: Extract<HookCall, { kind: 'job' }>): Promise<JobOutcome> {
  let asked: JobParameters;
  try {
    asked = jobParameters(parameters);
    hook.options.settings();
  } catch (error) {
    return { passed: false, misconfigured: true, summary: errorMessage(error) };
  }
  try {
    const ids =
      'buildId' in asked.of ? [asked.of.buildId] : await buildsOfExecution(hook.clients.codepipeline, asked.of.pipeline, asked.of.execution, hook.signal);
    const { verdict, reason } = await report(hook, ids, asked.service);
    const passed = !asked.fail.some((word) => word === verdict);
    return { passed, summary: `${verdict}: ${reason}`, variables: { verdict, reason: reason.slice(0, 500) } };
  } catch (error) {
    return { passed: !asked.fail.includes('unreported'), summary: `not reported to Nightshift: ${wording(error)}`, variables: { verdict: 'unreported' } };
  }
}

function wording(error: unknown): string {
  const name = errorCode(error) === undefined && error instanceof Error ? `${error.name}: ` : '';
  return `${name}${errorMessage(error)}`;
}

function clientsOf(over: HookOptions['aws']): Clients {
  const aws = { requestHandler: REQUEST_HANDLER, ...over };
  return { codebuild: new CodeBuildClient(aws), codepipeline: new CodePipelineClient(aws), cloudwatch: new CloudWatchClient(aws) };
}

function logged({ log }: HookOptions, answer: HookAnswer): HookAnswer {
  log(JSON.stringify(answer));
  return answer;
}
