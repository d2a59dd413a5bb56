import { median } from '../quantile';
import type { SeriesHistory } from './history';
import type { Finding } from './mark';

/** Factors between units of the same thing: milli and micro, kibi, seconds and minutes, shares and percent. */
const FACTORS = [
  [1e6, 'such as between microseconds and seconds, or bytes and megabytes'],
  [1024, 'such as between bytes and kibibytes'],
  [1000, 'such as between milliseconds and seconds, or bytes and kilobytes'],
  [100, 'such as between a share and percent'],
  [60, 'such as between seconds and minutes'],
] as const;
/** How near to a factor a jump of the level must be: 12 %. */
const NEAR = Math.log(1.12);
/** Values on each side of the jump. */
const LEAST_SIDE = 12;
/** A change that was declared is told for so long, milliseconds: then the new unit is the usual one. */
const NEWS_MS = 86_400_000;
/** Values of one level lie within this factor of its median, nearly all of them; a jump is only plain where levels are that narrow. */
const LEVEL = Math.log(4);
const NEARLY_ALL = 0.9;
/** More values are not looked at. */
const MOST_VALUES = 500;

/**
 * Whether the unit of a series changed: its sender declares another one, or its level jumped once by a factor that lies between units, and stays there. Counters are judged by
 * what they grow by.
 */
export function findUnitChange(history: SeriesHistory, now: number): Finding | undefined {
  if (history.unitChanges > 0 && now - history.createdAt < NEWS_MS) {
    const unit = history.unit === undefined ? 'without a unit' : `in ${history.unit}`;
    return { rule: 'unit-change', since: history.createdAt, severity: 'error', detail: `The metric is told ${unit} now, and was told in another unit before.` };
  }
  const values = levels(history);
  const split = biggestJump(values);
  if (split === undefined) return undefined;
  const sides = [values.slice(0, split), values.slice(split)] as const;
  const [before, after] = [median(sides[0].map(({ log }) => log)), median(sides[1].map(({ log }) => log))];
  if (!isLevel(sides[0], before) || !isLevel(sides[1], after)) return undefined;
  const factor = nearestFactor(Math.abs(after - before));
  if (!factor) return undefined;
  const times = Math.exp(Math.abs(after - before)).toPrecision(3);
  const detail = `Its level ${after > before ? 'rose' : 'fell'} at once by a factor of ${times} and stays there: that looks like another unit, ${factor[1]}.`;
  return { rule: 'unit-change', since: sides[1][0]?.at ?? history.createdAt, severity: 'warning', detail };
}

interface Level {
  readonly at: number;
  /** Natural logarithm of the size of the value. */
  readonly log: number;
}

function levels({ kind, points }: SeriesHistory): Level[] {
  const recent = points.slice(-MOST_VALUES);
  const grows = kind === 'counter' || kind === 'histogram';
  const values = grows ? recent.slice(1).map(({ at, value }, i) => ({ at, value: value - (recent[i]?.value ?? value) })) : recent;
  return values.filter(({ value }) => (grows ? value > 0 : value !== 0)).map(({ at, value }) => ({ at, log: Math.log(Math.abs(value)) }));
}

/** Where the second side begins; undefined where a side would be too short. */
function biggestJump(values: readonly Level[]): number | undefined {
  let found: number | undefined;
  let biggest = 0;
  for (let i = LEAST_SIDE; i <= values.length - LEAST_SIDE; i += 1) {
    const jump = Math.abs((values[i]?.log ?? 0) - (values[i - 1]?.log ?? 0));
    if (jump > biggest) [found, biggest] = [i, jump];
  }
  return found;
}

function isLevel(values: readonly Level[], middle: number): boolean {
  return values.filter(({ log }) => Math.abs(log - middle) <= LEVEL).length >= NEARLY_ALL * values.length;
}

function nearestFactor(jump: number): (typeof FACTORS)[number] | undefined {
  const ranked = FACTORS.map((each) => ({ each, off: Math.abs(jump - Math.log(each[0])) })).sort((a, b) => a.off - b.off);
  return ranked[0] && ranked[0].off <= NEAR ? ranked[0].each : undefined;
}
