import { findClockSkew } from './clock';
import { findGap } from './gaps';
import type { SeriesHistory } from './history';
import type { Finding } from './mark';
import { findStuck } from './stuck';
import { findUnitChange } from './units';

/** How far back points are looked at, milliseconds. */
export const QUALITY_LOOKBACK_MS = 3_600_000;

/** What the rules find wrong with one series; nothing where all is well, or where too little is known. */
export function checkSeries(history: SeriesHistory, now: number): Finding[] {
  return [findGap(history, now), findStuck(history), findClockSkew(history, now), findUnitChange(history, now)].filter((each) => each !== undefined);
}
