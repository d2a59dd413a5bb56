import { z } from 'zod';
import type { BuildResult } from '../build';
import { maybe } from './aws-envelope';
import { eventReader, eventSource, text } from './aws-event';
import type { ToldEvent } from './aws-event';
import { awsEnvironment, consoleLink, isEnvironment } from './aws-names';
import { awsTime } from './aws-times';
import { words } from './cloudwatch-names';
import { serviceOf } from './names';
import type { Normalised, SourceContext } from './source';
import { toBuild } from './to-build';
import { toChange } from './to-change';

const moment = z.unknown().optional();
const training = z.looseObject({
  ...{ TrainingJobName: z.string(), TrainingJobStatus: z.string(), FailureReason: text, TrainingStartTime: moment, TrainingEndTime: moment },
});
const endpoint = z.looseObject({
  EndpointName: z.string(),
  EndpointStatus: z.string(),
  EndpointConfigName: text,
  FailureReason: text,
  LastModifiedTime: moment,
});
const model = z.looseObject({
  ...{ ModelPackageGroupName: text, ModelPackageName: text, ModelPackageArn: text, ModelPackageVersion: maybe(z.union([z.string(), z.number()])) },
  ...{ ModelApprovalStatus: text, ModelPackageStatus: text, LastModifiedTime: moment },
});
type Training = ToldEvent<z.output<typeof training>>;
type Endpoint = ToldEvent<z.output<typeof endpoint>>;
type Model = ToldEvent<z.output<typeof model>>;

const RESULTS: Readonly<Record<string, BuildResult>> = { completed: 'succeeded', failed: 'failed', stopped: 'cancelled' };

/**
 * SageMaker: a training job that ended is a build; an endpoint that came into service, or failed to, is a deployment; the approval of a model package is a change of configuration.
 * Hyperparameters and the environment of jobs may hold secrets and are never read. https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
 */
export const sagemaker = eventSource({
  ...{
    name: 'sagemaker',
    title: 'Amazon SageMaker, training jobs, endpoints and model packages by EventBridge',
    gives: ['change', 'build'],
    service: 'aws.sagemaker',
  },
  readers: {
    'SageMaker Training Job State Change': eventReader(training, ofTraining),
    'SageMaker Endpoint State Change': eventReader(endpoint, ofEndpoint),
    'SageMaker Model Package State Change': eventReader(model, ofModel),
  },
  otherwise: 'as only training jobs, endpoints and model packages are kept',
});

function ofTraining({ detail, at, account, region }: Training, context: SourceContext): Normalised[] | string {
  const { TrainingJobName: job, TrainingJobStatus: status } = detail;
  const result = RESULTS[status.toLowerCase()];
  if (result === undefined) return `the training job ${job} that has not ended (${status})`;
  // Jobs have the name of what is trained with a time behind it.
  const name = job.replace(/(?:-\d[\d-]*)+$/, '') || job;
  return [
    toBuild(
      {
        ...{ id: idOf('training', account, region, job), source: 'sagemaker', name, run: job, result, ...placeOf(name, context) },
        ...{ startedAt: awsTime(detail.TrainingStartTime), endedAt: awsTime(detail.TrainingEndTime) ?? at },
        link: /^[\w-]+$/.test(job) ? consoleLink(region, 'sagemaker/home', `/jobs/${job}`) : undefined,
      },
      context,
    ),
  ];
}

function ofEndpoint({ detail, at, account, region }: Endpoint, context: SourceContext): Normalised[] | string {
  const { EndpointName: name, EndpointStatus: status, EndpointConfigName: config, FailureReason: reason } = detail;
  const state = status.toLowerCase().replace(/[^a-z]/g, '');
  if (!['inservice', 'failed', 'updaterollbackfailed'].includes(state)) return `the endpoint ${name} in the state ${status}, which is no end`;
  const failed = state !== 'inservice';
  const changedAt = awsTime(detail.LastModifiedTime) ?? at;
  const link = /^[\w-]+$/.test(name) ? consoleLink(region, 'sagemaker/home', `/endpoints/${name}`) : undefined;
  const facts = { id: idOf('endpoint', account, region, name, String(changedAt ?? ''), state), ...placeOf(name, context), author: 'sagemaker', link };
  const summary = `Endpoint ${name} ${failed ? 'failed' : 'is in service'}${config ? ` with ${config}` : ''}${reason ? `: ${reason}` : ''}`;
  return [
    toChange({ kind: 'deployment', ...facts, at: changedAt, to: config, summary }, context),
    toBuild({ ...facts, source: 'sagemaker', name, run: config ?? name, result: failed ? 'failed' : 'succeeded', endedAt: changedAt }, context),
  ];
}

function ofModel({ detail, at, account, region, resources }: Model, context: SourceContext): Normalised[] | string {
  const arn = detail.ModelPackageArn ?? resources[0] ?? detail.ModelPackageName ?? '';
  const [group = 'unknown', version = ''] = [detail.ModelPackageGroupName, detail.ModelPackageVersion === undefined ? '' : String(detail.ModelPackageVersion)];
  const status = detail.ModelApprovalStatus ?? '';
  if (status !== 'Approved' && status !== 'Rejected') return `the model package ${group} ${version}, which nobody has approved or rejected`;
  const changedAt = awsTime(detail.LastModifiedTime) ?? at;
  return [
    toChange(
      {
        ...{ kind: 'configuration', id: idOf('model', account, region, arn, status, String(changedAt ?? '')), ...placeOf(group, context), at: changedAt },
        ...{ author: 'sagemaker', to: version, summary: `Model package ${group} ${version} was ${status.toLowerCase()}` },
      },
      context,
    ),
  ];
}

function idOf(...parts: readonly string[]): string {
  return ['sagemaker', ...parts].filter((part) => part !== '').join(':');
}

function placeOf(name: string, context: SourceContext): { readonly environment: string; readonly service: string } {
  return { environment: awsEnvironment([name.split(/[-_./]/).findLast(isEnvironment)], context), service: serviceOf([name, ...words(name)], context) };
}
