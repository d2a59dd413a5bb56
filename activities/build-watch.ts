import type { Alert } from '../domain/alert';
import { rerunRecord } from '../domain/aws/build-rerun';
import type { RerunSource } from '../domain/aws/build-rerun';
import type { Build } from '../domain/build';
import { CALM_PIPELINE, followBuild } from '../domain/build-anomaly';
import { failureFingerprint, followFailure } from '../domain/build-failure';
import type { FailureNews } from '../domain/build-failure';
import { isFailed } from '../domain/build-oddities';
import { sameCommit } from '../domain/build-phase';
import { judgeBuild } from '../domain/build-score';
import { BUILD_WATCH_STATE, readBuildWatch } from '../domain/build-watch-state';
import type { KeptBuildWatch } from '../domain/build-watch-state';
import { errorMessage } from '../domain/errors';
import { findService } from '../domain/inventory';
import type { Inventory } from '../domain/inventory';
import type { AnomalyStore } from '../ports/anomalies';
import type { BuildReader } from '../ports/archive';
import type { Clock } from '../ports/clock';
import type { Inbox, StateStore } from '../ports/store';
import { buildsBefore } from './build-verdicts';
import { repeat } from './repeat';
import type { Repeated } from './repeat';

/** What watching builds works with. */
export interface BuildWatchDeps {
  readonly builds: Pick<BuildReader, 'get' | 'list'>;
  readonly inbox: Pick<Inbox, 'accept'>;
  readonly anomalies: Pick<AnomalyStore, 'put'>;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
  readonly inboxLimit: number;
  /** Says whose failed builds are told. */
  readonly inventory: Inventory;
  /** Whether builds are compared with those before them; failures are followed anyway. */
  readonly unusual: boolean;
  /** Called when alerts were committed. */
  readonly onAlerts: () => void;
}

const MINUTE_MS = 60_000;
/** A build is judged so long after its end: what two senders tell of it is together by then. */
const SETTLE_MS = 2 * MINUTE_MS;
/** Builds that are told so much later than they ended are judged still. */
const LATE_MS = 120 * MINUTE_MS;
/** Builds that are read at a time. */
const PAGE = 500;
/** Builds that are judged in one turn, the oldest first. */
const MOST_BUILDS = 200;
/** How far builds were judged is saved so often where none came: after a restart no build is judged that came too late before it. */
const SAVE_MS = 30 * MINUTE_MS;

/** Watches the builds of every pipeline. */
export interface BuildWatcher {
  /** Judges the builds that ended since. Throws what reading or the inbox throws; then nothing has happened. */
  turn(): Promise<void>;
}

/** Judges every finished build once, in the order of their ends. What was told is saved after the alerts are committed: killed in between, it is told again under the same ids. */
export function buildWatcher(deps: BuildWatchDeps): BuildWatcher {
  let kept: KeptBuildWatch | undefined;
  let savedTo = 0;
  return {
    async turn() {
      const { clock, state } = deps;
      const due = clock.now() - SETTLE_MS;
      // What ended before the first start is history.
      kept ??= readBuildWatch(await state.load(BUILD_WATCH_STATE));
      if (!kept) {
        const history = await buildsSince(deps.builds, due - LATE_MS, due);
        const begun = { judgedTo: due, judged: endsOf(history), pipelines: {}, failing: {} };
        await state.save(BUILD_WATCH_STATE, begun);
        kept = begun;
        savedTo = due;
        return;
      }
      savedTo ||= kept.judgedTo;
      const before = kept;
      const found = await buildsSince(deps.builds, before.judgedTo - LATE_MS, due);
      const next = found.filter(({ id }) => before.judged[id] === undefined);
      const after = await judge(deps, before, next.slice(0, MOST_BUILDS), next.length <= MOST_BUILDS ? due : undefined);
      if (next.length > 0 || after.judgedTo - savedTo > SAVE_MS) {
        await state.save(BUILD_WATCH_STATE, after);
        savedTo = after.judgedTo;
      }
      kept = after;
    },
  };
}

/** Takes a turn each minute, until it is stopped. */
export function createBuildWatchLoop(deps: BuildWatchDeps): Repeated {
  const watcher = buildWatcher(deps);
  return repeat(async () => {
    await watcher.turn().catch((error: unknown) => {
      deps.log.warn({ error: errorMessage(error) }, 'builds could not be judged; it is tried again');
    });
    return MINUTE_MS;
  });
}

/** Oldest first. */
async function buildsSince(builds: Pick<BuildReader, 'list'>, from: number, to: number): Promise<readonly Build[]> {
  const all: Build[] = [];
  for (;;) {
    const last = all.at(-1);
    const page = await builds.list({ from, to, limit: PAGE, ...(last && { after: last }) });
    all.push(...page);
    if (page.length < PAGE) return all.reverse();
  }
}

function endsOf(builds: readonly Build[]): Readonly<Record<string, number>> {
  return Object.fromEntries(builds.map(({ id, endedAt }) => [id, Date.parse(endedAt)]));
}

async function judge(deps: BuildWatchDeps, before: KeptBuildWatch, next: readonly Build[], due: number | undefined): Promise<KeptBuildWatch> {
  const pipelines = { ...before.pipelines };
  const alerts: Alert[] = [];
  let { failing } = before;
  for (const build of next) {
    const failure = await followed(deps, failing, build);
    failing = failure.failing;
    alerts.push(...failure.alerts);
    if (!deps.unusual) continue;
    const key = JSON.stringify([build.environment, build.service, build.name]);
    const usual = await buildsBefore(deps.builds, build);
    const news = followBuild(pipelines[key] ?? CALM_PIPELINE, build, judgeBuild(build, usual), usual);
    pipelines[key] = news.state;
    alerts.push(...news.alerts);
    if (news.record) await deps.anomalies.put(news.record);
  }
  if (alerts.length > 0) {
    await deps.inbox.accept(alerts, deps.clock.now(), deps.inboxLimit);
    deps.onAlerts();
  }
  const judgedTo = Math.max(before.judgedTo, due ?? Date.parse(next.at(-1)?.endedAt ?? '1970-01-01'));
  const judged = { ...before.judged, ...endsOf(next) };
  return {
    judgedTo,
    failing,
    judged: Object.fromEntries(Object.entries(judged).filter(([, at]) => at >= judgedTo - LATE_MS)),
    // What is calm is as one that was never looked at.
    pipelines: Object.fromEntries(Object.entries(pipelines).filter(([, { odd, firing }]) => firing !== null || Object.keys(odd).length > 0)),
  };
}

async function followed(deps: BuildWatchDeps, failing: FailureNews['failing'], build: Build): Promise<FailureNews> {
  const rule = findService(deps.inventory, build.environment, build.service)?.builds;
  const news = followFailure(failing, build, rule, await rerunOf(deps.state, build));
  if (isFailed(build.result) && news.alerts.length > 0) return (await isOver(deps.builds, build)) ? { failing, alerts: [] } : news;
  let { failing: stands, alerts } = news;
  for (const id of news.untold ?? []) {
    const later = await deps.builds.get(id);
    const told = later && followFailure(stands, later, rule);
    if (told) [stands, alerts] = [told.failing, [...alerts, ...told.alerts]];
  }
  return { failing: stands, alerts };
}

/** Of one that is told late, or passed when it was tried again at once, nothing is left to do. */
async function isOver(builds: BuildWatchDeps['builds'], build: Build): Promise<boolean> {
  const { environment, service, name, endedAt } = build;
  const from = Date.parse(endedAt) + 1;
  const since = await builds.list({ environment, service, name, results: ['succeeded'], from, to: Number.MAX_SAFE_INTEGER, limit: MOST_BUILDS });
  return since.some((each) => failureFingerprint(each) === failureFingerprint(build) || sameCommit(each, build) === true);
}

/** The build that an action of ours began this one to build again, by the id of CodeBuild. */
async function rerunOf(state: BuildWatchDeps['state'], { id, source }: Build): Promise<string | undefined> {
  return source === 'codebuild' ? ((await state.load(rerunRecord(id))) as RerunSource | undefined)?.build : undefined;
}
