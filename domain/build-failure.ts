import type { Alert, AlertNote } from './alert';
import type { Build } from './build';
import { BUILD_ALERTS, BUILD_SEVERITY, isOfBuilds } from './build-anomaly';
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
}

/** What a finished build leads to. */
export interface FailureNews {
  /** Those that stand now, by the fingerprints of their alerts. */
  readonly failing: Readonly<Record<string, FailedSince>>;
  readonly alerts: readonly Alert[];
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
 * Follows pipelines build by build: the first failure on a watched branch is an alert, which the next success on that branch ends, or one of the same commit: a rerun may not tell its branch. A
 * build that was cancelled says nothing.
 */
export function followFailure(failing: FailureNews['failing'], build: Build, rule: BuildRule | undefined): FailureNews {
  const key = failureFingerprint(build);
  if (build.result === 'succeeded') {
    const over = Object.entries(failing).filter(([other, each]) => each.since <= build.endedAt && (other === key || isRerunOf(each, build)));
    const ended = new Set(over.map(([other]) => other));
    return {
      failing: Object.fromEntries(Object.entries(failing).filter(([other]) => !ended.has(other))),
      alerts: over.map(([other, each]) => alertOf(other, each, build, 'resolved')),
    };
  }
  // Building the same commit again, as a remedy does, is no failure of its own.
  const told = failing[key] !== undefined || Object.values(failing).some((each) => isRerunOf(each, build));
  if (!isFailed(build.result) || !isWatched(rule, build) || told) return { failing, alerts: [] };
  const { environment, service, name, id, endedAt, commit, branch } = build;
  const since: FailedSince = { environment, service, name, build: id, since: endedAt, ...defined({ commit, branch }) };
  return { failing: { ...failing, [key]: since }, alerts: [alertOf(key, since, build, 'firing')] };
}

/** Whether an incident is about builds alone and one of them failed. */
export function isOfFailedBuilds(alerts: readonly Pick<AlertNote, 'name' | 'source' | 'status'>[]): boolean {
  return isOfBuilds(alerts) && alerts.some(isBuildFailed);
}

/** Whether an alert says that a build failed. */
export function isBuildFailed({ name, source }: Pick<AlertNote, 'name' | 'source'>): boolean {
  return name === BUILD_FAILED && source === BUILD_ALERTS;
}

function isRerunOf(each: FailedSince, build: Build): boolean {
  return each.environment === build.environment && each.service === build.service && each.name === build.name && sameCommit(each, build) === true;
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
