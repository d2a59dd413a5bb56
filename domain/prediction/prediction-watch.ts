import type { Alert } from '../alert';
import { breaks, etaOf } from '../forecast/breach';
import type { BreachState } from '../forecast/breach-watch';
import { BREACH_NOMINAL, NO_BREACH, watchBreach } from '../forecast/breach-watch';
import type { LeadForecast } from '../forecast/forecast';
import type { ForecastRecord } from '../forecast/record';
import { utcTime } from '../human-time';
import { plainNumber } from '../wording';
import { brokenAlert, firingAlert, goneAlert, mendedAlert } from './prediction-alert';
import type { Ending, PredictedSeries } from './prediction-alert';

/** Looks running that end what was told, or show that it came true: one may be chance. */
const LOOKS = 2;

/** What is remembered of one series between two looks. Times are epoch milliseconds; plain JSON. */
export interface PredictionState {
  readonly breach: BreachState;
  /** Since when a prediction stands that was told; null where none does. */
  readonly toldAt: number | null;
  /** Since when a predicted breach has come true and was told. */
  readonly brokenAt: number | null;
  /** Looks running in which what stands did not show, and in which a predicted breach was here. */
  readonly gone: number;
  readonly here: number;
}

/** The state of a series that was not looked at yet. */
export const NOTHING_PREDICTED: PredictionState = { breach: NO_BREACH, toldAt: null, brokenAt: null, gone: 0, here: 0 };

/** One look at a series and its forecast, which is empty where there is none. */
export interface PredictionLook {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly value: number | null;
  readonly forecast: readonly LeadForecast[];
  readonly horizonMs: number;
  readonly record: ForecastRecord;
}

/** What a look leads to. */
export interface Foreseen {
  readonly state: PredictionState;
  readonly alerts: readonly Alert[];
}

/**
 * Looks ahead once more. A prediction is told by the rule of `watchBreach` (near edge, twice running, once), and ends when in two looks running not even the middle of the forecast
 * crosses the limit within the horizon. When it comes true, the alert that the limit is broken takes its place, until the limit has held in two looks running.
 */
export function lookAhead(state: PredictionState, series: PredictedSeries, look: PredictionLook): Foreseen {
  const broken = look.value !== null && breaks(series.limit, look.value);
  if (state.brokenAt !== null) return whileBroken(state, state.brokenAt, series, look, broken);
  if (state.toldAt !== null) return whileTold(state, state.toldAt, series, look, broken);
  const { state: breach, predicted } = watchBreach(state.breach, { ...look, limit: series.limit });
  const first = predicted[0];
  if (!first) return { state: { ...state, breach }, alerts: [] };
  return { state: { ...NOTHING_PREDICTED, breach, toldAt: look.now }, alerts: [firingAlert(series, first)] };
}

/** Ends what stands, as nobody looks any more. */
export function endPrediction({ toldAt, brokenAt }: PredictionState, series: PredictedSeries, ending: Ending): readonly Alert[] {
  return [...(toldAt === null ? [] : [goneAlert(series, toldAt, ending)]), ...(brokenAt === null ? [] : [mendedAlert(series, brokenAt, ending)])];
}

function whileTold(state: PredictionState, toldAt: number, series: PredictedSeries, look: PredictionLook, broken: boolean): Foreseen {
  const { now, value, horizonMs } = look;
  if (broken && value !== null) {
    const here = state.here + 1;
    if (here < LOOKS) return { state: { ...state, gone: 0, here }, alerts: [] };
    const alerts = [brokenAlert(series, now, value), goneAlert(series, toldAt, { at: now, why: 'It has come true.' })];
    return { state: { ...NOTHING_PREDICTED, brokenAt: now }, alerts };
  }
  const within = look.forecast.filter(({ at }) => at <= now + horizonMs);
  const comes = etaOf(within, series.limit, BREACH_NOMINAL)?.expected ?? null;
  if (comes !== null) return { state: { ...state, gone: 0, here: 0 }, alerts: [] };
  const gone = state.gone + 1;
  if (gone < LOOKS) return { state: { ...state, gone, here: 0 }, alerts: [] };
  // What cannot be foretold any more may come all the same.
  const blind = within.length === 0;
  const why = blind ? look.record.why : `It is not expected to come before ${utcTime(now + horizonMs)} any more${valueText(value)}.`;
  return { state: NOTHING_PREDICTED, alerts: [goneAlert(series, toldAt, { at: now, why, blind })] };
}

function whileBroken(state: PredictionState, brokenAt: number, series: PredictedSeries, { now, value }: PredictionLook, broken: boolean): Foreseen {
  // Without a value nothing is known, and what is not known is not mended.
  if (broken || value === null) return { state: { ...state, gone: 0 }, alerts: [] };
  const gone = state.gone + 1;
  if (gone < LOOKS) return { state: { ...state, gone }, alerts: [] };
  return { state: NOTHING_PREDICTED, alerts: [mendedAlert(series, brokenAt, { at: now, why: `The limit holds again${valueText(value)}.` })] };
}

function valueText(value: number | null): string {
  return value === null ? '' : `; it is ${plainNumber(value)} now`;
}
