import type { Judged } from '../anomaly/watch';
import type { SeriesDefinition } from '../series/definition';

/** Rows inside the band, one after the other, that end a condition. */
const CLEAR_ROWS = 3;
/** Rows outside, one after the other, that begin it again within one episode of the detector. */
const AGAIN_ROWS = 3;

/** Longest time (milliseconds) from a service being well to the end of its condition: the row that is under way, those that must be good, and a look at the last of them. */
export function anomalyEndsMs({ enabled, rowMs }: { readonly enabled: boolean; readonly rowMs: number }): number {
  return enabled ? (CLEAR_ROWS + 2) * rowMs : 0;
}

/** Longest pause (milliseconds) from a window of a declared series being whole to its being made. */
const MADE_WITHIN_MS = 6000;

/**
 * Longest time (milliseconds) from a service being well to the end of the last condition of the declared series that are judged: windows that still hold something bad, those that must be good,
 * what is waited for the last of them, and a look at it.
 */
export function seriesEndMs(series: readonly SeriesDefinition[], { enabled, rowMs }: { readonly enabled: boolean; readonly rowMs: number }): number {
  const judged = enabled ? series.filter(({ anomalies }) => anomalies !== undefined) : [];
  return Math.max(
    0,
    ...judged.map(({ windowMs, slideMs, latenessMs, settleMs }) => windowMs + CLEAR_ROWS * slideMs + latenessMs + settleMs + MADE_WITHIN_MS + 2 * rowMs),
  );
}

/** What is remembered of the condition of one measure. Plain JSON; times are epoch milliseconds. */
export interface ConditionState {
  /** Begin of the condition that was told and has not ended. */
  readonly firingSince: number | null;
  /** Rows inside the band (while it fires) or outside of it (while it does not) in a row, and the time of the first of them. */
  readonly rows: number;
  readonly rowsSince: number;
}

/** Nothing is wrong. */
export const CALM: ConditionState = { firingSince: null, rows: 0, rowsSince: 0 };

/** What one row makes of a condition. */
export interface ConditionStep {
  readonly state: ConditionState;
  readonly event?: { readonly kind: 'begins' | 'ends'; readonly since: number; readonly at: number };
}

/**
 * Follows the condition of a measure over its rows: it begins with an alerting anomaly, ends after three rows inside the band, and begins again after three rows outside while the detector, which
 * tells an episode once, has not closed it. A row that measured nothing changes nothing.
 */
export function follow(state: ConditionState, at: number, value: number | null, judged: Judged, alerted: boolean): ConditionStep {
  if (value === null) return { state };
  const outside = judged.effect >= 1;
  if (state.firingSince !== null) return whileFiring(state, at, outside);
  if (judged.anomaly?.alerting === true) return begins(judged.anomaly.since, at);
  const strong = outside && alerted && judged.score >= judged.threshold;
  if (!strong) return { state: state.rows === 0 ? state : CALM };
  const rows = state.rows + 1;
  const since = state.rows === 0 ? at : state.rowsSince;
  return rows >= AGAIN_ROWS ? begins(since, at) : { state: { firingSince: null, rows, rowsSince: since } };
}

function begins(since: number, at: number): ConditionStep {
  return { state: { firingSince: since, rows: 0, rowsSince: 0 }, event: { kind: 'begins', since, at } };
}

function whileFiring(state: ConditionState, at: number, outside: boolean): ConditionStep {
  if (outside) return { state: { ...state, rows: 0, rowsSince: 0 } };
  const rows = state.rows + 1;
  const rowsSince = state.rows === 0 ? at : state.rowsSince;
  if (rows < CLEAR_ROWS || state.firingSince === null) return { state: { ...state, rows, rowsSince } };
  return { state: CALM, event: { kind: 'ends', since: state.firingSince, at: rowsSince } };
}
