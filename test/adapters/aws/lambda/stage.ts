import type { Build } from '@aws-sdk/client-codebuild';
import { postBuildHandler } from '../../../../adapters/aws/lambda/post-build';
import type { HookAnswer, HookSettings } from '../../../../adapters/aws/lambda/post-build';
import type { Build as OurBuild } from '../../../../domain/build';
import type { BuildVerdict } from '../../../../domain/build-verdict';
import { harness, NOW } from '../../../api/harness';
import { testClock } from '../../../fakes/aws/clock';
import { keysOf } from '../../../fakes/aws/identity';
import { startFakeAws } from '../../../fakes/aws/server';
import type { FakeAws } from '../../../fakes/aws/server';
import { putSeries } from '../../../fakes/aws/services/cloudwatch-series';
import { putBuild, putReport } from '../../../fakes/aws/services/codebuild';
import { jobResult, putActionExecution, putPipeline, putPipelineJob } from '../../../fakes/aws/services/codepipeline';
import type { JobResult } from '../../../fakes/aws/services/codepipeline';
import type { Place } from '../../../fakes/aws/world';

export const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';
export const UUID = '0f3c9e10-1111-4222-8333-444455556666';
export const BUILD_ID = `checkout:${UUID}`;
export const BUILD_ARN = `arn:aws:codebuild:${REGION}:${ACCOUNT}:build/${BUILD_ID}`;
const REPORT_ARN = `arn:aws:codebuild:${REGION}:${ACCOUNT}:report/checkout-tests:1`;
export const COMMIT = 'a'.repeat(40);
export const START = NOW - 300_000;

/** A build of four minutes as CodeBuild tells it. */
export const BUILD: Build = {
  ...{ id: BUILD_ID, projectName: 'checkout', buildNumber: 7, buildStatus: 'SUCCEEDED', buildComplete: true, initiator: 'codepipeline/checkout' },
  ...{ startTime: new Date(START), endTime: new Date(START + 240_000), sourceVersion: 'refs/heads/main', resolvedSourceVersion: COMMIT },
  source: { type: 'GITHUB' },
  phases: [
    { phaseType: 'QUEUED', phaseStatus: 'SUCCEEDED', durationInSeconds: 60 },
    { phaseType: 'BUILD', phaseStatus: 'SUCCEEDED', durationInSeconds: 180 },
    { phaseType: 'COMPLETED' },
  ],
  reportArns: [REPORT_ARN],
  logs: { deepLink: 'https://console.aws.amazon.com/cloudwatch/home#logEvent' },
};

/** The function between an AWS and a Nightshift, both on loopback. */
export interface HookStage {
  readonly aws: FakeAws;
  readonly place: Place;
  readonly handle: (event: unknown, leftMs?: number) => Promise<HookAnswer>;
  readonly log: readonly string[];
  readonly settings: HookSettings;
  kept(): Promise<readonly OurBuild[]>;
  close(): Promise<void>;
}

/** Starts both; `over` replaces settings of the function, and `judge` gives verdicts. */
export async function hookStage({ over, judge }: { over?: Partial<HookSettings>; judge?: BuildVerdict } = {}): Promise<HookStage> {
  const aws = await startFakeAws({ clock: testClock(NOW) });
  const place = aws.place(REGION, ACCOUNT);
  const verdicts = judge && { of: (builds: readonly OurBuild[]) => Promise.resolve(builds.map(() => judge)) };
  const { app, store } = await harness({ deps: verdicts ? { verdicts } : {} });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const { key } = await store.keys.create({ name: 'hook', role: 'responder' }, new Date(NOW).toISOString());
  const settings: HookSettings = { url, key, waitMs: 2_000, pausesMs: [1], ...over };
  const log: string[] = [];
  const client = { endpoint: aws.endpoint, region: REGION, credentials: keysOf(ACCOUNT), maxAttempts: 2 };
  const handler = postBuildHandler({ settings: () => settings, log: (line) => log.push(line), aws: client });
  return {
    ...{ aws, place, log, settings },
    handle: (event, leftMs = 60_000) => handler(event, { getRemainingTimeInMillis: () => leftMs }),
    kept: () => store.archive.builds.list({ from: 0, to: NOW, limit: 100 }),
    async close() {
      await app.close();
      await aws.close();
    },
  };
}

/** What CodeBuild and CloudWatch know of the build. */
export function putTold({ place }: HookStage, build: Partial<Build> = {}): void {
  putBuild(place, { ...BUILD, ...build });
  const counts = { SUCCEEDED: 400, FAILED: 2, ERROR: 1, SKIPPED: 9 };
  putReport(place, { arn: REPORT_ARN, type: 'TEST', testSummary: { total: 412, statusCounts: counts, durationInNanoSeconds: 1 } });
  const dimensions = { BuildId: UUID, BuildNumber: '7', ProjectName: 'checkout' };
  const minutes = (values: readonly number[]) => values.map((value, i) => [START + 60_000 + i * 60_000, value] as const);
  putSeries(place, { namespace: 'AWS/CodeBuild', metric: 'CPUUtilized', dimensions, samples: minutes([1024, 2048, 3072]) });
  putSeries(place, { namespace: 'AWS/CodeBuild', metric: 'MemoryUtilized', dimensions, samples: minutes([100, 700, 300]) });
}

/** What EventBridge sends when a build changes. */
export const changed = (status: string): object => ({
  ...{ id: 'e-1', source: 'aws.codebuild', 'detail-type': 'CodeBuild Build State Change', account: ACCOUNT, region: REGION },
  detail: { 'build-status': status, 'project-name': 'checkout', 'build-id': BUILD_ARN },
});

export const EXECUTION = '7f0c0d7a-0000-4000-8000-000000000001';
const SECRET = 'secret-of-the-artifacts';

/** A pipeline whose execution has built, and whose next action calls the function. */
export function putJob({ place }: HookStage): void {
  putPipeline(place, { name: 'checkout', roleArn: `arn:aws:iam::${ACCOUNT}:role/pipeline`, stages: [] });
  const action = (id: string, provider: string, externalExecutionId: string) => ({
    pipeline: 'checkout',
    action: {
      ...{ pipelineExecutionId: EXECUTION, actionExecutionId: id, status: 'Succeeded' as const, startTime: new Date(START) },
      input: { actionTypeId: { category: 'Build' as const, owner: 'AWS' as const, provider, version: '1' } },
      output: { executionResult: { externalExecutionId } },
    },
  });
  putActionExecution(place, action('a-1', 'CodeBuild', BUILD_ID));
  putActionExecution(place, action('a-2', 'CodeDeploy', 'd-1'));
  putPipelineJob(place, { jobId: 'job-1' });
}

/** What CodePipeline sends to the function. */
export const job = (parameters: object | string = { pipeline: 'checkout', execution: EXECUTION }): object => ({
  'CodePipeline.job': {
    ...{ id: 'job-1', accountId: ACCOUNT },
    data: {
      actionConfiguration: {
        configuration: { FunctionName: 'nightshift', UserParameters: typeof parameters === 'string' ? parameters : JSON.stringify(parameters) },
      },
      artifactCredentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: SECRET },
    },
  },
});

/** What the pipeline was told of its job. */
export function told({ place }: HookStage): JobResult | undefined {
  return jobResult(place, 'job-1');
}
