import type { Backtest } from './backtest';
import type { Method } from './methods';

/** Which method a series is forecast by, and why; or why by none. */
export interface ForecastRecord {
  readonly method: Method | null;
  /** Error of the best method against that of the best seasonal naive forecast in the backtest; null where there was none. */
  readonly mase: number | null;
  /** Share of the values of the backtest that lay in intervals made before, by nominal probability; null where no forecast is made. */
  readonly coverage: Readonly<Record<string, number>> | null;
  /** A sentence for people. */
  readonly why: string;
}

/** What a choice rests on. */
interface Facts extends Backtest {
  readonly method: Method;
  readonly mase: number;
  readonly flatRatio: number;
}

/** The record of a series that is not forecast: for a reason in words, or the figures of a backtest that no method passed. */
export function declined(reason: string | Facts): ForecastRecord {
  if (typeof reason === 'string') return { method: null, mase: null, coverage: null, why: `No forecast: ${reason}.` };
  const why =
    reason.mase < 1
      ? `No forecast: in ${reason.origins} trials on its past the best method (${reason.method}) erred ${share(reason.flatRatio)} of what a flat line did, so there is no pattern to go by.`
      : `No forecast: in ${reason.origins} trials on its past the best method (${reason.method}) erred ${share(reason.mase)} of what ${naiveName(reason.base.season)} did.`;
  return { method: null, mase: reason.mase, coverage: null, why };
}

/** Why a method was chosen. */
export function answered({ origins, method, mase, base, flatRatio }: Facts): string {
  return `In ${origins} trials on its past ${method} erred ${share(mase)} of what ${naiveName(base.season)} did, and ${share(flatRatio)} of what a flat line did.`;
}

function naiveName(season: number): string {
  return season === 1 ? 'repeating the last value' : `repeating the last season (${season} steps)`;
}

function share(ratio: number): string {
  return Number.isFinite(ratio) ? `${Math.round(ratio * 100)} %` : 'more than any share';
}
