import { setImmediate as breathe } from 'node:timers/promises';
import type { Alert } from '../domain/alert';
import { errorMessage } from '../domain/errors';
import { forecastBy } from '../domain/forecast/forecast';
import { stepsIn } from '../domain/forecast/grid';
import type { Step } from '../domain/forecast/grid';
import { planForecast } from '../domain/forecast/plan';
import type { Plan } from '../domain/forecast/plan';
import { humanDuration } from '../domain/human-time';
import type { Service } from '../domain/inventory';
import { predictionKey } from '../domain/prediction/prediction-alert';
import { PREDICTIONS_STATE, readPredictions } from '../domain/prediction/prediction-state';
import type { KeptPrediction } from '../domain/prediction/prediction-state';
import { endPrediction, lookAhead, NOTHING_PREDICTED } from '../domain/prediction/prediction-watch';
import type { PredictionLook } from '../domain/prediction/prediction-watch';
import type { SeriesDefinition } from '../domain/series/definition';
import type { Archive } from '../ports/archive';
import type { Clock } from '../ports/clock';
import type { MeasureHistory } from '../ports/measures';
import type { SampleArchive } from '../ports/metrics';
import type { Inbox, StateStore } from '../ports/store';
import { declaredFollower, saturationFollower } from './prediction-series';
import type { Followed, Follower } from './prediction-series';
import { repeat } from './repeat';
import type { Repeated } from './repeat';

/** What predicting works with; durations in milliseconds. */
export interface PredictionDeps {
  readonly services: readonly Service[];
  readonly definitions: readonly SeriesDefinition[];
  readonly archive: Pick<Archive, 'points'>;
  readonly history: Pick<MeasureHistory, 'read'>;
  readonly samples: Pick<SampleArchive, 'read'>;
  readonly inbox: Pick<Inbox, 'accept'>;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
  readonly settings: {
    readonly everyMs: number;
    readonly horizonMs: number;
    /** Length of the rows that are judged. */
    readonly rowMs: number;
    readonly measuresMs: number;
    readonly samplesMs: number;
    readonly pointsMs: number;
    readonly inboxLimit: number;
  };
  /** Called when alerts were committed. */
  readonly onAlerts: () => void;
}

/** Looks ahead. */
export interface Predictor {
  /** Looks at every series with a limit once, and puts what begins or ends into the inbox. Throws what reading the state or the inbox throws; then nothing has happened. */
  turn(): Promise<void>;
}

/** Series that are looked at; each costs a backtest of up to a second a few times a day. */
const MOST_SERIES = 200;
/** Furthest look ahead as a share of what is known. */
const REACH_SHARE = 1 / 3;
/** How long a plan is used, and how long it is taken that there is none, as shares of the horizon. */
const PLAN_SHARE = 1 / 4;
const DECLINED_SHARE = 1 / 24;
/** A series without a value for so many steps is not looked at. */
const STALE_STEPS = 3;
/** The first turn, after what was missed has been filled in. */
const FIRST_MS = 60_000;

interface Made {
  readonly plan: Plan | Pick<Plan, 'record'>;
  readonly until: number;
}

/** Forecasts every series with a limit, and tells what will be broken before it is. What was told is saved after the alerts are committed: killed in between, it is told again under the same id. */
export function predictor(deps: PredictionDeps): Predictor {
  const { horizonMs } = deps.settings;
  const followers = followersOf(deps);
  const plans = new Map<string, Made>();
  let kept: ReadonlyMap<string, KeptPrediction> | undefined;
  return {
    async turn() {
      const now = deps.clock.now();
      const before = (kept ??= readPredictions(await deps.state.load(PREDICTIONS_STATE)));
      const { all, whole } = await readAll(deps, followers, now);
      const after = new Map<string, KeptPrediction>();
      const alerts: Alert[] = [];
      const silent = new Set<string>();
      for (const followed of all) {
        const key = predictionKey(followed.series);
        // A backtest takes up to a second, and others wait for this process too.
        await breathe();
        const look = lookOf(followed, key, plans, now, horizonMs);
        const state = before.get(key)?.state ?? NOTHING_PREDICTED;
        if (look === 'ended') {
          alerts.push(...endPrediction(state, followed.series, { at: now, why: `Nothing was measured for ${humanDuration(horizonMs)}.`, blind: true }));
          silent.add(key);
          continue;
        }
        const seen = look ? lookAhead(state, followed.series, look) : { state, alerts: [] };
        after.set(key, { series: followed.series, state: seen.state });
        alerts.push(...seen.alerts);
      }
      for (const [key, { series, state }] of before) {
        if (after.has(key) || silent.has(key)) continue;
        if (!whole) after.set(key, { series, state });
        else alerts.push(...endPrediction(state, series, { at: now, why: 'It has no limit any more, or nothing is measured of it.', blind: true }));
      }
      for (const key of plans.keys()) if (!after.has(key)) plans.delete(key);
      await commit(deps, alerts, after, before, now);
      kept = after;
    },
  };
}

function followersOf({ definitions, services, archive, history, samples, settings }: PredictionDeps): readonly Follower[] {
  const { horizonMs, pointsMs } = settings;
  const declared = definitions.flatMap((each) =>
    each.limit ? [declaredFollower({ ...each, limit: each.limit }, services, { reader: archive.points, keepMs: pointsMs, horizonMs })] : [],
  );
  const full = services.filter(({ metrics }) => metrics !== undefined && metrics.saturation.length > 0);
  return [...declared, ...full.map((service) => saturationFollower(service, { history, samples, ...settings }))];
}

/** The histories, and whether all could be read. */
async function readAll(
  { log }: PredictionDeps,
  followers: readonly Follower[],
  now: number,
): Promise<{ readonly all: readonly Followed[]; readonly whole: boolean }> {
  const all: Followed[] = [];
  let whole = true;
  for (const follower of followers) {
    try {
      all.push(...(await follower.refresh(now)));
    } catch (error) {
      whole = false;
      log.warn({ series: follower.name, error: errorMessage(error) }, 'a series could not be read for its forecast; it is tried again');
    }
  }
  if (all.length > MOST_SERIES) log.warn({ series: all.length }, `more series have limits than are forecast; the first ${MOST_SERIES} are`);
  return { all: all.slice(0, MOST_SERIES), whole };
}

/** Takes a turn in each interval, until it is stopped. */
export function createPredictionLoop(deps: PredictionDeps): Repeated {
  const looking = predictor(deps);
  return repeat(
    async () => {
      await looking.turn().catch((error: unknown) => {
        deps.log.warn({ error: errorMessage(error) }, 'what is to come could not be predicted; it is tried again');
      });
      return deps.settings.everyMs;
    },
    Math.min(FIRST_MS, deps.settings.everyMs),
  );
}

/** One look, undefined where the newest value is too old to say anything, `ended` where it is older than anything could be said from. */
function lookOf({ means }: Followed, key: string, plans: Map<string, Made>, now: number, mostMs: number): PredictionLook | 'ended' | undefined {
  const points = means.points(now);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || now - last.at > mostMs) return 'ended';
  if (now - last.at > (STALE_STEPS + 1) * means.stepMs) return undefined;
  const step: Step = { unit: 'ms', size: means.stepMs };
  const leads = stepsIn(step, Math.min(mostMs, (last.at - first.at) * REACH_SHARE));
  const known = plans.get(key);
  const made = known && known.until > now ? known : planned(planForecast(points, { leads, step }), now, leads * means.stepMs);
  plans.set(key, made);
  const { plan } = made;
  const look = { now, value: last.value, record: plan.record };
  if (!('fitted' in plan)) return { ...look, forecast: [], horizonMs: leads * means.stepMs };
  return { ...look, forecast: forecastBy(plan, points), horizonMs: plan.leads * means.stepMs };
}

function planned(plan: Made['plan'], now: number, horizonMs: number): Made {
  return { plan, until: now + horizonMs * ('fitted' in plan ? PLAN_SHARE : DECLINED_SHARE) };
}

async function commit(
  { inbox, state, settings, onAlerts }: PredictionDeps,
  alerts: readonly Alert[],
  after: ReadonlyMap<string, KeptPrediction>,
  before: ReadonlyMap<string, KeptPrediction>,
  now: number,
): Promise<void> {
  if (alerts.length > 0) {
    await inbox.accept(alerts, now, settings.inboxLimit);
    onAlerts();
  }
  const value = Object.fromEntries(after);
  if (JSON.stringify(value) !== JSON.stringify(Object.fromEntries(before))) await state.save(PREDICTIONS_STATE, value);
}
