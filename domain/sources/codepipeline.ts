import { z } from 'zod';
import type { BuildResult } from '../build';
import { cleanText } from '../outside-text';
import { toBuild } from './to-build';
import { detailTypeOf, eventFields, everyPart, maybe, nothing, readParts } from './aws-envelope';
import { actorOf, consoleLink } from './aws-names';
import { awsTime } from './aws-times';
import { environmentOf, serviceOf } from './names';
import type { Reading, Source, SourceContext, WireMessage } from './source';
import { readAs } from './wire';

const SERVICE = 'aws.codepipeline';
const EXECUTION_CHANGE = 'CodePipeline Pipeline Execution State Change';

const text = maybe(z.string());
const event = z.looseObject({
  ...eventFields,
  detail: z.looseObject({
    ...{
      pipeline: z.string(),
      'execution-id': z.string(),
      state: z.string(),
      'start-time': text,
      'last-retry-attempt-time': text,
      'pipeline-execution-attempt': maybe(z.number()),
    },
    'execution-trigger': maybe(z.looseObject({ 'trigger-detail': text })),
  }),
});
type Told = z.output<typeof event>;

/** States that end an execution; one that a newer has overtaken did not fail. */
const RESULTS: Readonly<Record<string, BuildResult>> = {
  ...{ SUCCEEDED: 'succeeded', FAILED: 'failed', CANCELED: 'cancelled', STOPPED: 'cancelled', SUPERSEDED: 'cancelled' },
};

/**
 * Executions of CodePipeline, told when they end. Stages and actions are left aside: each comes as a message of its own, so that they cannot be steps of one build, and as
 * builds they would count one failure three times; CodeBuild and CodeDeploy tell what their actions did.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
 */
export const codepipeline: Source = {
  name: 'codepipeline',
  title: 'AWS CodePipeline, changes of an execution by EventBridge',
  gives: ['build'],
  recognises: (message) => everyPart(message, (json) => detailTypeOf(json, SERVICE) !== undefined),
  read: (message, context) => readParts(message, context, readPart),
};

function readPart(part: WireMessage, context: SourceContext): Reading {
  const type = detailTypeOf(part.json, SERVICE);
  if (type !== undefined && type !== EXECUTION_CHANGE) return nothing(`"${cleanText(type, 100)}", as only whole executions are kept`);
  const told = readAs(part, event);
  const { pipeline, state } = told.detail;
  const result = Object.hasOwn(RESULTS, state) ? RESULTS[state] : undefined;
  if (result === undefined) return nothing(`an execution of ${cleanText(pipeline, 200)} that has not ended (${cleanText(state, 40)})`);
  return { objects: [buildOf(told, result, context)], passedOver: [] };
}

function buildOf({ detail, time, region }: Told, result: BuildResult, context: SourceContext) {
  const { pipeline, 'execution-id': execution, 'pipeline-execution-attempt': attempt, state } = detail;
  const page = `codesuite/codepipeline/pipelines/${pipeline}/executions/${execution}/timeline`;
  // The start is that of the first attempt: a later one may come days after.
  const startedAt = awsTime(attempt !== undefined && attempt > 1 ? detail['last-retry-attempt-time'] : detail['start-time']);
  return toBuild(
    {
      // A retry goes on under the same execution id, and ends a second time.
      ...{ id: `codepipeline:${execution}:${String(attempt ?? state.toLowerCase())}`, source: 'codepipeline', name: pipeline, run: execution, result },
      ...{ environment: environmentOf([], context), service: serviceOf([pipeline], context) },
      ...{ startedAt, endedAt: awsTime(time), author: actorOf(detail['execution-trigger']?.['trigger-detail']) },
      link: /^[\w.@-]+$/.test(pipeline + execution) ? consoleLink(region, page) : undefined,
    },
    context,
  );
}
