import { clip, plainText } from '../plain-text';
import { redact } from '../redact';
import { codebuildVersion } from '../sources/codebuild-words';

/** What is known of a build, in the words of CodeBuild. */
export interface BuildFacts {
  readonly id?: string | undefined;
  readonly buildStatus?: string | undefined;
  readonly initiator?: string | undefined;
  readonly startTime?: Date | undefined;
  readonly endTime?: Date | undefined;
  readonly sourceVersion?: string | undefined;
  readonly resolvedSourceVersion?: string | undefined;
  readonly currentPhase?: string | undefined;
  readonly phases?: readonly BuildPhaseFacts[] | undefined;
  readonly environment?:
    { readonly environmentVariables?: readonly { readonly name?: string | undefined; readonly value?: string | undefined }[] | undefined } | undefined;
}

interface BuildPhaseFacts {
  readonly phaseType?: string | undefined;
  readonly phaseStatus?: string | undefined;
  readonly contexts?: readonly { readonly statusCode?: string | undefined; readonly message?: string | undefined }[] | undefined;
}

/** Which build is rerun. */
export interface RerunSource {
  readonly build: string;
  /** As the build resolved it; absent where its source has no versions. */
  readonly commit?: string;
}

/** How a rerun ended, as the detail of the action tells it. */
export interface RerunEnd {
  readonly build: string;
  /** As CodeBuild says it: `SUCCEEDED`, `FAILED`, `FAULT`, `TIMED_OUT` or `STOPPED`. */
  readonly status: string;
  /** The phase that did not succeed, such as `BUILD` or `PROVISIONING`. */
  readonly phase?: string;
  readonly source?: RerunSource;
  /** What the phase said. */
  readonly message?: string;
}

/** Environment variable of a rerun that holds the token of its effect. */
export const TOKEN_VARIABLE = 'NIGHTSHIFT_TOKEN';
const FAILED = ['FAILED', 'FAULT', 'TIMED_OUT'];
const LONGEST_MESSAGE = 300;
const END = /^build (\S+) ended ([A-Z_]+)(?: in phase ([A-Z_]+))?(?:, a rerun of (\S*[^\s:,])(?: at (\S*[^\s:,]))?)?(?:: (.*))?/s;

/** Says how a rerun ended, in a form that `rerunEnd` reads. */
export function rerunText({ build, status, phase, source, message }: RerunEnd): string {
  const of = source ? `, a rerun of ${source.build}${source.commit === undefined ? '' : ` at ${source.commit}`}` : '';
  return `build ${build} ended ${status}${phase === undefined ? '' : ` in phase ${phase}`}${of}${message === undefined ? '' : `: ${message}`}`;
}

/** Reads what `rerunText` wrote; undefined where it is something else. */
export function rerunEnd(text: string): RerunEnd | undefined {
  const [, build, status, phase, of, commit, message] = END.exec(text) ?? [];
  if (build === undefined || status === undefined) return undefined;
  const source = of === undefined ? undefined : { build: of, ...(commit !== undefined && { commit }) };
  return { build, status, ...(phase !== undefined && { phase }), ...(source && { source }), ...(message !== undefined && { message }) };
}

/** What a rerun has come to. One that failed is done all the same, as its failing again is what it was to tell; one that was stopped tells nothing. */
export function rerunSighting(
  build: BuildFacts,
  source: RerunSource | undefined,
): { readonly state: 'in-progress' | 'failed'; readonly detail: string } | { readonly state: 'done'; readonly detail: string; readonly at: string } {
  const { id = '', buildStatus: status = 'IN_PROGRESS', currentPhase, endTime } = build;
  if (status === 'IN_PROGRESS' || endTime === undefined) return { state: 'in-progress', detail: `build ${id} is in phase ${currentPhase ?? 'SUBMITTED'}` };
  const bad = status === 'SUCCEEDED' ? undefined : (build.phases ?? []).find(({ phaseStatus }) => phaseStatus !== undefined && BAD_PHASE.includes(phaseStatus));
  const said = (bad?.contexts ?? []).flatMap(({ statusCode, message }) => [statusCode, message]).filter((text) => text !== undefined && text !== '');
  const detail = rerunText({
    ...{ build: id, status },
    ...(bad?.phaseType !== undefined && { phase: bad.phaseType }),
    ...(source && { source }),
    ...(said.length > 0 && { message: clip(plainText(redact(said.join(': '))), LONGEST_MESSAGE) }),
  });
  return status === 'STOPPED' ? { state: 'failed', detail } : { state: 'done', detail, at: endTime.toISOString() };
}

const BAD_PHASE = ['FAILED', 'FAULT', 'TIMED_OUT', 'CLIENT_ERROR', 'STOPPED'];

/** Whether a build was started with a token. */
export function carries({ environment }: BuildFacts, token: string): boolean {
  return (environment?.environmentVariables ?? []).some(({ name, value }) => name === TOKEN_VARIABLE && value === token);
}

/**
 * The build to rerun among those of a project, or why there is none: `wanted`, or the newest failed one that had started by `at` (epoch milliseconds). One after which the same commit or branch has
 * passed is not built again: what an older commit publishes would be older too.
 */
export function buildToRerun(builds: readonly BuildFacts[], { project, wanted, at }: RerunChoice): RerunSource | string {
  const one = wanted === undefined ? newestFailed(builds, at) : builds.find(({ id }) => id === wanted);
  if (one?.initiator?.startsWith(PIPELINE)) return `build ${one.id ?? ''} is one of the pipeline ${one.initiator.slice(PIPELINE.length)}; try its stage again`;
  if (one?.id !== undefined && hasFailed(one)) return passedSince(builds, one, project) ?? sourceOf(one, one.id);
  if (one) return `build ${wanted ?? ''} ${ENDED_ELSE[one.buildStatus ?? ''] ?? 'has not failed'}`;
  if (wanted !== undefined) return `project ${project} has no build ${wanted}; name a failed build of it`;
  const running = builds.find(({ buildStatus }) => buildStatus === 'IN_PROGRESS');
  return `project ${project} has no failed build${running ? `; build ${running.id ?? ''} still runs` : ''}`;
}

/** Whether as many builds, the newest first, are enough to choose by: the one to rerun is among them, with all that came after it and what tells its branch. */
export function enoughToChoose(builds: readonly BuildFacts[], { wanted, at }: RerunChoice): boolean {
  const one = wanted === undefined ? newestFailed(builds, at) : builds.find(({ id }) => id === wanted);
  return one !== undefined && (!hasFailed(one) || lineOf(builds, one) !== undefined);
}

/** Name under which it is kept which build another one is a rerun of. `build` is the id that CodeBuild gave to it, or one that ends with that, as of an ARN. */
export function rerunRecord(build: string): string {
  return `rerun:${build.slice(build.lastIndexOf('/') + 1)}`;
}

/** Who began a build of a pipeline; it has no source of its own. */
const PIPELINE = 'codepipeline/';

/** What is looked for. */
export interface RerunChoice {
  readonly project: string;
  readonly wanted: string | undefined;
  readonly at: number;
}

const ENDED_ELSE: Readonly<Record<string, string>> = {
  IN_PROGRESS: 'still runs; wait for its end',
  SUCCEEDED: 'succeeded, so that there is nothing to rerun',
  STOPPED: 'was stopped and has not failed; start it anew where it is needed',
};

function newestFailed(builds: readonly BuildFacts[], at: number): BuildFacts | undefined {
  return builds.filter((build) => hasFailed(build) && startOf(build) <= at).sort((a, b) => startOf(b) - startOf(a))[0];
}

function hasFailed({ buildStatus = '' }: BuildFacts): boolean {
  return FAILED.includes(buildStatus);
}

function passedSince(builds: readonly BuildFacts[], failed: BuildFacts, project: string): string | undefined {
  const [commit, line] = [commitOf(failed), lineOf(builds, failed)];
  const good = builds.find((each) => {
    if (each.buildStatus !== 'SUCCEEDED' || startOf(each) <= startOf(failed)) return false;
    return (commit !== undefined && commitOf(each) === commit) || (line !== undefined && lineOf(builds, each) === line);
  });
  if (!good) return undefined;
  const same = commit !== undefined && commitOf(good) === commit;
  const what = same ? `commit ${commit}` : line === '' || line === undefined ? `project ${project}` : line;
  return `a newer build ${good.id ?? ''} of ${what} passed at ${(good.endTime ?? good.startTime)?.toISOString() ?? 'a time that is not told'}: nothing to rerun`;
}

/** What a build stands in a row with: its branch, tag or pull request; '' for what the project builds by itself. Begun by a commit alone it has that of others of the same commit. */
function lineOf(builds: readonly BuildFacts[], build: BuildFacts): string | undefined {
  const commit = commitOf(build);
  return (
    refOf(build) ??
    (commit === undefined
      ? undefined
      : builds
          .filter((each) => commitOf(each) === commit)
          .map(refOf)
          .find((ref) => ref !== undefined))
  );
}

function refOf({ sourceVersion = '' }: BuildFacts): string | undefined {
  const [ref = ''] = sourceVersion.split('^{');
  return COMMIT.test(ref) ? undefined : ref.replace(/^refs\/heads\//, '');
}

function commitOf({ resolvedSourceVersion, sourceVersion = '' }: BuildFacts): string | undefined {
  return resolvedSourceVersion ?? codebuildVersion(sourceVersion, undefined).commit;
}

const COMMIT = /^[0-9a-f]{40}$/;

function sourceOf({ resolvedSourceVersion, sourceVersion }: BuildFacts, build: string): RerunSource {
  const commit = resolvedSourceVersion ?? sourceVersion;
  return commit === undefined ? { build } : { build, commit };
}

function startOf({ startTime }: BuildFacts): number {
  return startTime?.getTime() ?? 0;
}
