import { z } from 'zod';
import type { BuildResult } from '../build';
import { cleanText } from '../outside-text';
import { actorOf } from './aws-names';
import { toBuild } from './to-build';
import type { ToldStep } from './to-build';
import { detailTypeOf, eventFields, everyPart, maybe, nothing, readParts } from './aws-envelope';
import { awsTime } from './aws-times';
import { codebuildFault, codebuildId, codebuildReason, codebuildResult, codebuildVersion } from './codebuild-words';
import { environmentOf, serviceOf } from './names';
import type { Reading, Source, SourceContext, WireMessage } from './source';
import { readAs } from './wire';

const SERVICE = 'aws.codebuild';
const STATE_CHANGE = 'CodeBuild Build State Change';

const text = maybe(z.string());
const phase = z.looseObject({
  'phase-type': z.string(),
  'phase-status': text,
  'phase-context': maybe(z.array(z.string())),
  'start-time': text,
  'duration-in-seconds': maybe(z.number()),
});
type Phase = z.output<typeof phase>;

const information = z.looseObject({
  ...{ 'build-number': maybe(z.number()), initiator: text, 'build-start-time': text, 'source-version': text },
  source: maybe(z.looseObject({ type: text, location: text })),
  logs: maybe(z.looseObject({ 'deep-link': text })),
  phases: maybe(z.array(phase)),
});
const event = z.looseObject({
  ...eventFields,
  detail: z.looseObject({ 'build-status': z.string(), 'project-name': z.string(), 'build-id': z.string(), 'additional-information': maybe(information) }),
});
type Told = z.output<typeof event>;

/** Builds of CodeBuild, told when they end. Variables of the build may hold secrets and are never read. https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications.html */
export const codebuild: Source = {
  name: 'codebuild',
  title: 'AWS CodeBuild, changes of a build by EventBridge',
  gives: ['build'],
  recognises: (message) => everyPart(message, (json) => detailTypeOf(json, SERVICE) !== undefined),
  read: (message, context) => readParts(message, context, readPart),
};

function readPart(part: WireMessage, context: SourceContext): Reading {
  const type = detailTypeOf(part.json, SERVICE);
  if (type !== undefined && type !== STATE_CHANGE) {
    return nothing(`"${cleanText(type, 100)}", as a build tells all of its phases when it ends`);
  }
  const told = readAs(part, event);
  const { 'build-status': status, 'project-name': project } = told.detail;
  const result = codebuildResult(status);
  if (result === undefined) {
    const state = status === 'IN_PROGRESS' ? 'that has only begun' : `in the state "${cleanText(status, 40)}"`;
    return nothing(`a build of ${cleanText(project, 200)} ${state}`);
  }
  return { objects: [buildOf(told, result, context)], passedOver: [] };
}

function buildOf({ detail, time }: Told, result: BuildResult, context: SourceContext) {
  const { 'build-id': id, 'project-name': project } = detail;
  const told: Partial<z.output<typeof information>> = detail['additional-information'] ?? {};
  const { source, phases = [], logs, initiator } = told;
  const timedOut = result === 'failed' && phases.some((each) => each['phase-status'] === 'TIMED_OUT');
  const completed = phases.find((each) => each['phase-type'] === 'COMPLETED')?.['start-time'];
  return toBuild(
    {
      ...{ id: codebuildId(id), source: 'codebuild', name: project, result: timedOut ? 'timed-out' : result },
      fault: codebuildFault(detail['build-status']),
      ...{ environment: environmentOf([], context), service: serviceOf([project, repositoryOf(source?.location)], context) },
      run: String(told['build-number'] ?? id.split(':').at(-1)),
      ...{ startedAt: awsTime(told['build-start-time']), endedAt: awsTime(completed) ?? awsTime(time) },
      ...codebuildVersion(told['source-version'] ?? '', source?.type),
      ...{ author: actorOf(initiator), steps: phases.flatMap(stepOf), link: logs?.['deep-link'] },
    },
    context,
  );
}

/** `checkout` of `https://github.com/example/checkout.git`. */
function repositoryOf(location: string | undefined): string | undefined {
  return location
    ?.split('/')
    .at(-1)
    ?.replace(/\.git$/, '');
}

/** A phase that ended. The last, COMPLETED, has no status: it only marks the end. */
function stepOf({ 'phase-type': name, 'phase-status': status, 'phase-context': context, 'duration-in-seconds': seconds }: Phase): ToldStep[] {
  const result = codebuildResult(status);
  return result === undefined
    ? []
    : [{ name, result, detail: result === 'succeeded' ? undefined : codebuildReason(context), durationMs: seconds === undefined ? undefined : seconds * 1000 }];
}
