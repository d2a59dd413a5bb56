import type { AlertNote } from '../domain/alert';
import type { Build } from '../domain/build';
import { failureFingerprint, isBuildFailed } from '../domain/build-failure';
import { laterBuilds } from '../domain/build-later';
import type { LaterBuilds } from '../domain/build-later';
import { isFailed } from '../domain/build-oddities';
import { sameCommit } from '../domain/build-phase';
import { classOfRerun, otherPipelines } from '../domain/build-rerun';
import type { ClassedBuild, OtherPipelines } from '../domain/build-rerun';
import { judgeBuild } from '../domain/build-score';
import type { RawFailedBuild } from '../domain/evidence-builds';
import type { BuildReader } from '../ports/archive';
import { buildsBefore } from './build-verdicts';

/** What is read of builds. */
export type BuildList = Pick<BuildReader, 'list'>;
type Place = Pick<Build, 'environment' | 'service'>;

/** Builds of others within this time of a build (milliseconds, to either side) ended at the time of it. */
const ABOUT_MS = 15 * 60_000;
/** Builds that are read of one time. */
const MOST = 500;

/** The failed builds that alerts stand for, with what is kept about each; those that are kept no more are left out. `now` in epoch milliseconds. */
export async function readFailedBuilds(builds: BuildList, place: Place, alerts: readonly AlertNote[], now: number): Promise<readonly RawFailedBuild[]> {
  const told = alerts.filter(isBuildFailed);
  const firing = told.filter(({ status }) => status === 'firing');
  const found = await Promise.all((firing.length > 0 ? firing : told).map((alert) => failedBuild(builds, place, alert)));
  return Promise.all(found.filter((build) => build !== undefined).map((build) => readAbout(builds, build, now)));
}

/** What was built after a failed build, and what that makes of it. `rerun` is the id that CodeBuild gave to the one that an action began. */
export async function followBuild(
  builds: BuildList,
  first: Build,
  now: number,
  rerun?: string,
): Promise<{ readonly later: LaterBuilds; readonly classed?: ClassedBuild; readonly others: OtherPipelines }> {
  const { environment, service, name, endedAt } = first;
  const after = await builds.list({ environment, service, name, from: Date.parse(endedAt), to: now, limit: MOST });
  const later = laterBuilds(first, after, rerun);
  const others = await othersAt(builds, first);
  if (!later.again) return { later, others };
  const { again, clean } = later;
  return { later, others, classed: classOfRerun({ first, again, clean, others: { first: others, again: await othersAt(builds, again) } }) };
}

/** An alert says since when, which is the end of its build. */
async function failedBuild(builds: BuildList, { environment, service: own }: Place, alert: AlertNote): Promise<Build | undefined> {
  const at = Date.parse(alert.startsAt);
  const service = alert.service ?? own;
  const ended = await builds.list({ environment, service, from: at, to: at, limit: MOST });
  return ended.find((build) => isFailed(build.result) && failureFingerprint(build) === alert.fingerprint);
}

async function readAbout(builds: BuildList, build: Build, now: number): Promise<RawFailedBuild> {
  const [before, followed] = await Promise.all([buildsBefore(builds, build), followBuild(builds, build, now)]);
  const passedBefore = before.find((each) => sameCommit(each, build) === true);
  return { build, verdict: judgeBuild(build, before), ...followed, ...(passedBefore && { passedBefore }) };
}

async function othersAt(builds: BuildList, { environment, service, endedAt }: Build): Promise<OtherPipelines> {
  const at = Date.parse(endedAt);
  return otherPipelines({ environment, service }, await builds.list({ environment, from: at - ABOUT_MS, to: at + ABOUT_MS, limit: MOST }));
}
