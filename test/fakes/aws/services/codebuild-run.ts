import { isDeepStrictEqual } from 'node:util';
import type {
  Build,
  BuildPhase,
  BuildPhaseType,
  EnvironmentVariable,
  Project,
  RetryBuildInput,
  RetryBuildOutput,
  StartBuildInput,
  StartBuildOutput,
  StatusType,
  StopBuildInput,
  StopBuildOutput,
} from '@aws-sdk/client-codebuild';
import { makeCourses } from '../course';
import type { Course } from '../course';
import { AwsError } from '../errors';
import type { Call } from '../service';
import type { Place } from '../world';
import { BUILDS, PROJECTS } from './codebuild-store';
import { found, idOf, stateKey } from './support';

type End = Exclude<StatusType, 'IN_PROGRESS' | 'STOPPED'>;

interface Used {
  readonly id: string;
  readonly at: number;
  readonly input: object;
}

const COURSES = makeCourses<End, Build>('courses of builds');
const TOKENS = stateKey('tokens of builds', () => new Map<string, Used>());
const LIMIT = stateKey('limit of builds', () => ({ running: 60 }));
const NUMBERS = stateKey('numbers of builds', () => new Map<string, number>());
/** What a build that was started here was started with, by its id: a retry takes it again. */
const INPUTS = stateKey('inputs of builds', () => new Map<string, StartBuildInput>());
/** How long a token is good for; the reference says five minutes. */
const TOKEN_MS = 300_000;
const QUEUED_MS = 1_000;
const BUILD_MS = 60_000;

/** Says how the builds of a project go from now on. */
export function putBuildCourse(place: Place, { projectName, ...course }: Course<End, Build> & { readonly projectName: string }): void {
  COURSES.put(place, projectName, course);
}

/** How many builds may run at once; one more is refused. */
export function setBuildLimit(place: Place, { running }: { readonly running: number }): void {
  place.state(LIMIT).running = running;
}

/** Starts a build, or tells the one that its token started in the last five minutes. */
export function startBuild(input: StartBuildInput, call: Call): StartBuildOutput {
  return once(call, 'StartBuild', input, () => begin(call, input));
}

/** Starts a build as an earlier one was started. */
export function retryBuild(input: RetryBuildInput, call: Call): RetryBuildOutput {
  return once(call, 'RetryBuild', input, () => {
    const before = buildOf(call, input.id);
    const again = call.place.state(INPUTS).get(before.id ?? '') ?? { projectName: before.projectName, sourceVersion: before.sourceVersion };
    return begin(call, { ...again, idempotencyToken: input.idempotencyToken });
  });
}

function once(call: Call, operation: string, { idempotencyToken: token, ...input }: StartBuildInput | RetryBuildInput, make: () => Build): StartBuildOutput {
  const { place, now } = call;
  const key = `${operation}/${token ?? ''}`;
  const used = token === undefined ? undefined : place.state(TOKENS).get(key);
  if (used && now - used.at < TOKEN_MS) {
    if (!isDeepStrictEqual(used.input, input))
      throw new AwsError('InvalidInputException', 'Parameter mismatch: the idempotency token was used with other parameters');
    return { build: place.state(BUILDS).get(used.id) };
  }
  const build = make();
  if (token !== undefined) place.state(TOKENS).set(key, { id: build.id ?? '', at: now, input });
  return { build };
}

function begin(call: Call, input: StartBuildInput): Build {
  const { place, now } = call;
  const { projectName = '' } = input;
  const project = found(
    place.state(PROJECTS).get(projectName),
    'ResourceNotFoundException',
    `Project cannot be found: ${place.arn('codebuild', `project/${projectName}`)}`,
  );
  const running = [...place.state(BUILDS).values()].filter(({ buildStatus }) => buildStatus === 'IN_PROGRESS');
  if (running.length >= place.state(LIMIT).running) throw new AwsError('AccountLimitExceededException', 'Cannot have more builds in queue for the account');
  const build = fresh(call, project, input);
  const { id = '' } = build;
  place.state(BUILDS).set(id, build);
  place.state(INPUTS).set(id, input);
  const comment = (input.environmentVariablesOverride ?? []).map(({ name, value }) => `${name ?? ''}=${value ?? ''}`).join(',');
  call.made({ kind: 'codebuild.build', id, target: projectName, token: input.idempotencyToken, comment });
  place.world.agenda.after(now, QUEUED_MS, (at) => goOn(place, id, at, 'BUILD'));
  place.world.agenda.after(now, QUEUED_MS + (COURSES.get(place, projectName)?.durationMs ?? BUILD_MS), (at) => finish(place, id, at));
  return build;
}

function fresh({ place, now, principal }: Call, project: Project, input: StartBuildInput): Build {
  const { name: projectName = '', environment, source, cache, serviceRole, timeoutInMinutes = 60, queuedTimeoutInMinutes = 480, encryptionKey } = project;
  const id = `${projectName}:${idOf(place)}`;
  const buildNumber = (place.state(NUMBERS).get(projectName) ?? 0) + 1;
  place.state(NUMBERS).set(projectName, buildNumber);
  const usual = { type: 'LINUX_CONTAINER', image: 'aws/codebuild/standard:7.0', computeType: 'BUILD_GENERAL1_SMALL' } as const;
  return {
    ...{ id, arn: place.arn('codebuild', `build/${id}`), projectName, buildNumber, startTime: new Date(now), buildStatus: 'IN_PROGRESS', buildComplete: false },
    ...{
      currentPhase: 'QUEUED',
      phases: [phase('SUBMITTED', now, now), phase('QUEUED', now)],
      initiator: principal.arn.replace(/^.*?:(user|assumed-role)\//, ''),
    },
    ...{ serviceRole, timeoutInMinutes, queuedTimeoutInMinutes, encryptionKey, cache: input.cacheOverride ?? cache ?? { type: 'NO_CACHE' } },
    ...(input.sourceVersion !== undefined && { sourceVersion: input.sourceVersion, resolvedSourceVersion: input.sourceVersion }),
    source: { type: 'NO_SOURCE', ...source, ...(input.buildspecOverride !== undefined && { buildspec: input.buildspecOverride }) },
    environment: {
      ...{ ...usual, ...environment },
      ...(input.imageOverride !== undefined && { image: input.imageOverride }),
      ...(input.computeTypeOverride !== undefined && { computeType: input.computeTypeOverride }),
      environmentVariables: merged(environment?.environmentVariables ?? [], input.environmentVariablesOverride ?? []),
    },
    logs: { groupName: `/aws/codebuild/${projectName}`, streamName: id.split(':')[1] },
  };
}

function merged(own: readonly EnvironmentVariable[], over: readonly EnvironmentVariable[]): EnvironmentVariable[] {
  const given = over.map((variable) => ({ type: 'PLAINTEXT' as const, ...variable }));
  return [...own.filter(({ name }) => !over.some((variable) => variable.name === name)), ...given];
}

function phase(phaseType: BuildPhaseType, from: number, to?: number): BuildPhase {
  const ended = to !== undefined && { endTime: new Date(to), phaseStatus: 'SUCCEEDED' as const, durationInSeconds: Math.round((to - from) / 1000) };
  return { phaseType, startTime: new Date(from), ...ended };
}

/** Ends the phase that is at work, and begins another. */
function goOn(place: Place, id: string, at: number, phaseType: BuildPhaseType, phaseStatus: StatusType = 'SUCCEEDED'): void {
  const build = place.state(BUILDS).get(id);
  if (build?.buildStatus !== 'IN_PROGRESS') return;
  const phases = (build.phases ?? []).map((each) =>
    each.endTime ? each : { ...phase(each.phaseType ?? 'BUILD', each.startTime?.getTime() ?? at, at), phaseStatus },
  );
  place.state(BUILDS).set(id, { ...build, currentPhase: phaseType, phases: [...phases, phase(phaseType, at)] });
}

function finish(place: Place, id: string, at: number, stopped?: 'STOPPED'): void {
  const build = place.state(BUILDS).get(id);
  if (build?.buildStatus !== 'IN_PROGRESS') return;
  const buildStatus = stopped ?? COURSES.end(place, build.projectName ?? '', build, 'SUCCEEDED');
  goOn(place, id, at, 'COMPLETED', buildStatus);
  place.state(BUILDS).set(id, { ...place.state(BUILDS).get(id), buildStatus, buildComplete: true, endTime: new Date(at) });
}

function buildOf({ place, visible }: Call, idOrArn = ''): Build {
  const id = idOrArn.replace(/^arn:.*:build\//, '');
  return found(visible(id) ? place.state(BUILDS).get(id) : undefined, 'ResourceNotFoundException', `Build cannot be found: ${idOrArn}`);
}

/** Stops a build that runs; one that has ended stays as it is. */
export function stopBuild({ id }: StopBuildInput, call: Call): StopBuildOutput {
  const { id: known = '', projectName = '', buildStatus } = buildOf(call, id);
  if (buildStatus === 'IN_PROGRESS') {
    call.effect({ kind: 'codebuild.stop', id: known, target: projectName });
    finish(call.place, known, call.now, 'STOPPED');
  }
  return { build: call.place.state(BUILDS).get(known) };
}
