import type { Alert, AlertNote } from './alert';
import type { Build } from './build';
import { BUILD_ALERTS, BUILD_SEVERITY, isOfBuilds } from './build-anomaly';
import { isBuild } from './build-later';
import { isFailed } from './build-oddities';
import { failedWhere, sameCommit, shortCommit } from './build-phase';
import { defined } from './defined';
import type { BuildRule } from './inventory';
import { cleanText, digestId } from './outside-text';

/** Name of the alert that a build of a watched branch failed. */
export const BUILD_FAILED = 'BuildFailed';
const NAME = 120;

/** The failed build that a standing alert began with. Plain JSON. */
export interface FailedSince {
  readonly environment: string;
  readonly service: string;
  readonly name: string;
  readonly build: string;
  readonly since: string;
  readonly commit?: string;
  readonly branch?: string;
  /** The newest that failed since, which raised no alert of its own. */
  readonly last?: { readonly build: string; readonly endedAt: string; readonly commit?: string };
}

/** What a finished build leads to. */
export interface FailureNews {
  /** Those that stand now, by the fingerprints of their alerts. */
  readonly failing: Readonly<Record<string, FailedSince>>;
  readonly alerts: readonly Alert[];
  /** Ids of builds that failed after what has passed now, while its alert stood: they are to be followed again. */
  readonly untold?: readonly string[];
}

/** Whether a build is one whose failure is told. */
export function isWatched(rule: BuildRule | undefined, { branch }: Pick<Build, 'branch'>): boolean {
  return branch === undefined ? rule?.withoutBranch === true : rule?.branches.includes(branch) === true;
}

/** Identity of the condition that builds of this pipeline and branch fail. */
export function failureFingerprint({ environment, service, name, branch }: Pick<Build, 'environment' | 'service' | 'name' | 'branch'>): string {
  return `build-failed:${environment}/${service}/${digestId('branch', [name, branch ?? null])}`;
}

/**
 * Follows pipelines build by build: the first failure on a watched branch is an alert, which ends with the next success on that branch, or of the same commit, or with a rerun of the build that
 * passes: reruns may tell neither branch nor commit. `rerunOf` is the id that CodeBuild gave to the build that this one is known to be a rerun of. A build that was cancelled says nothing.
 */
export function followFailure(failing: FailureNews['failing'], build: Build, rule: BuildRule | undefined, rerunOf?: string): FailureNews {
  const key = failureFingerprint(build);
  if (build.result === 'succeeded') return passed(failing, build, key, rerunOf);
  if (!isFailed(build.result)) return { failing, alerts: [] };
  // Building the same again, as a remedy does, is no failure of its own.
  if (rerunOf !== undefined || Object.values(failing).some((each) => isRerunOf(each, build, rerunOf) && failing[key] !== each)) return { failing, alerts: [] };
  const { environment, service, name, id, endedAt, commit, branch } = build;
  const stands = failing[key];
  if (stands) {
    const isNewer = endedAt > (stands.last?.endedAt ?? stands.since);
    return { failing: isNewer ? { ...failing, [key]: { ...stands, last: { build: id, endedAt, ...defined({ commit }) } } } : failing, alerts: [] };
  }
  if (!isWatched(rule, build)) return { failing, alerts: [] };
  const since: FailedSince = { environment, service, name, build: id, since: endedAt, ...defined({ commit, branch }) };
  return { failing: { ...failing, [key]: since }, alerts: [alertOf(key, since, build, 'firing')] };
}

function passed(failing: FailureNews['failing'], build: Build, key: string, rerunOf: string | undefined): FailureNews {
  const over = Object.entries(failing).filter(([other, each]) => each.since <= build.endedAt && (other === key || isRerunOf(each, build, rerunOf)));
  const ended = new Set(over.map(([other]) => other));
  // A branch is as its newest build is, of which a rerun of an older one says nothing.
  const isNewest = rerunOf === undefined || build.branch !== undefined;
  const untold = over.flatMap(([other, { last }]) => (!last || (other === key && isNewest) || isSame(last, build, rerunOf) ? [] : [last.build]));
  return {
    failing: Object.fromEntries(Object.entries(failing).filter(([other]) => !ended.has(other))),
    alerts: over.map(([other, each]) => alertOf(other, each, build, 'resolved')),
    ...(untold.length > 0 && { untold }),
  };
}

/** Whether an incident is about builds alone and one of them failed. */
export function isOfFailedBuilds(alerts: readonly Pick<AlertNote, 'name' | 'source' | 'status'>[]): boolean {
  return isOfBuilds(alerts) && alerts.some(isBuildFailed);
}

/** Whether an alert says that a build failed. */
export function isBuildFailed({ name, source }: Pick<AlertNote, 'name' | 'source'>): boolean {
  return name === BUILD_FAILED && source === BUILD_ALERTS;
}

function isRerunOf(each: FailedSince, build: Build, rerunOf: string | undefined): boolean {
  const isOfPipeline = each.environment === build.environment && each.service === build.service && each.name === build.name;
  return isOfPipeline && [each, each.last].some((one) => one !== undefined && isSame(one, build, rerunOf));
}

function isSame(failed: { readonly build: string; readonly commit?: string }, build: Build, rerunOf: string | undefined): boolean {
  return sameCommit(failed, build) === true || (rerunOf !== undefined && isBuild(failed.build, rerunOf));
}

function alertOf(fingerprint: string, failed: FailedSince, build: Build, status: Alert['status']): Alert {
  const { environment, service, name, since } = failed;
  const over = status === 'resolved';
  const on = [build.branch === undefined ? '' : `on ${build.branch}`, build.commit === undefined ? '' : `at ${shortCommit(build.commit)}`];
  const what = over ? ['passed'] : [build.result === 'timed-out' ? 'timed out' : 'failed', failedWhere(build)];
  const text = [`build ${cleanText(build.run, NAME)}`, ...what, ...on].filter((part) => part !== '').join(' ');
  return {
    ...{ id: `${fingerprint}:${digestId('build', [failed.build])}:${status}`, fingerprint, status, source: BUILD_ALERTS, environment, service },
    ...{ name: BUILD_FAILED, severity: BUILD_SEVERITY, summary: `${service}: pipeline ${cleanText(name, NAME)}: ${text}`, startsAt: since },
    ...{ signal: 'build', labels: {}, ...(over && { endsAt: build.endedAt }), ...defined({ link: build.link }) },
  };
}
