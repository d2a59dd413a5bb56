import { humanDuration, utcTime } from '../human-time';
import { plainNumber } from '../wording';
import type { Band } from './band';
import type { AnomalyKind, Direction } from './kinds';
import { EXPERTS } from './presets';
import type { Rarity } from './threshold';

/** What speaks for an anomaly: an expert, or that the value is outside its band. */
export const SIGNS = [...EXPERTS, 'band'] as const;
export type Sign = (typeof SIGNS)[number];

/** A value that a series should not have had, and why we think so. Times are epoch milliseconds, values in the unit of the series. */
export interface Anomaly {
  readonly at: number;
  readonly value: number;
  /** 0 to 1, and what it had to reach. */
  readonly score: number;
  readonly threshold: number;
  readonly kind: AnomalyKind;
  /** The sign with the largest share, and the share of each, together 1. */
  readonly sign: Sign;
  readonly shares: Readonly<Record<Sign, number>>;
  readonly band: Band;
  readonly direction: Direction;
  /** First of the values outside the band that lead to this one. */
  readonly since: number;
  readonly rarity: Rarity;
  /** The series has less than two seasons of history. */
  readonly learning: boolean;
  /** Whether it may open an incident; else it is evidence only. */
  readonly alerting: boolean;
  /** Whose score it is, a sentence, where it is not, or should not be, our own. */
  readonly note?: string;
}

const REASONS: Readonly<Record<Sign, string>> = {
  value: 'a value that it did not have before',
  season: 'unusual for this time',
  spread: 'far outside its usual spread',
  level: 'a level that it did not have before',
  band: 'far outside its band',
};

/** The sign with the largest share. */
export function leading(shares: Readonly<Record<Sign, number>>): Sign {
  return SIGNS.reduce((best, each) => (shares[each] > shares[best] ? each : best));
}

/** One sentence on an anomaly: what was measured, what was expected, since when, why, and how rare. `format` writes a value of the series. */
export function explain(anomaly: Anomaly, format: (value: number) => string = plainNumber): string {
  const { value, band, direction, at, since, sign, shares, rarity, learning, note } = anomaly;
  const range = `${format(band.low)} to ${format(band.high)}`;
  const lasting = at > since ? `for ${humanDuration(at - since)} since ${utcTime(since)}` : `at ${utcTime(at)}`;
  const why = `${REASONS[sign]} (${String(Math.round(100 * shares[sign]))} % of the score)`;
  const tail = learning ? 'the series is still being learnt' : rareText(rarity);
  return `${format(value)} is ${direction} the expected ${range}, ${lasting}: ${why}; ${tail}.${note === undefined ? '' : ` ${note}`}`;
}

function rareText({ days, never }: Rarity): string {
  if (days < 1) return never ? 'too little is known to say how rare' : 'this happens several times a day';
  const count = days < 10 ? Number(days.toFixed(1)) : Math.round(days);
  return never ? `not seen in the ${String(count)} days that are remembered` : `about once in ${String(count)} days`;
}
