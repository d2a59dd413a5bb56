import type { MeasureKind } from '../../domain/anomaly/kinds';
import { seededRandom } from '../../domain/seeded-random';

/** A made series: rows in order of time (epoch milliseconds), and the windows (first and last row) in which something was wrong. */
export interface MadeSeries {
  readonly name: string;
  readonly kind: MeasureKind;
  readonly rows: readonly { readonly at: number; readonly value: number }[];
  readonly windows: readonly (readonly [number, number])[];
}

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const BEGIN = Date.UTC(2026, 0, 5);
const STEP = 5 * MINUTE;
/** Share of the rows that the windows of a series have together, as in NAB. */
const WINDOW_SHARE = 0.1;

/** How long a series is made, and whether anything goes wrong in it. */
export interface MadeOptions {
  readonly days: number;
  readonly healthy: boolean;
}

interface World {
  readonly random: () => number;
  readonly normal: () => number;
}

interface Trouble {
  readonly from: number;
  readonly to: number;
}

/** A kind of series: its healthy value at a time, and what trouble makes of it; `share` of the way through the trouble. */
interface Kind {
  readonly kind: MeasureKind;
  readonly healthy: (at: number, world: World) => number;
  readonly troubled: (value: number, share: number, world: World) => number;
  readonly minutes: number;
  /** Trouble that comes back so often, or once and stays. */
  readonly repeats: number;
  readonly stays?: true;
}

const daily = (at: number): number => (1 - Math.cos((2 * Math.PI * ((at - BEGIN) % DAY)) / DAY)) / 2;
const weekend = (at: number): boolean => Math.floor((at - BEGIN) / DAY) % 7 >= 5;
const busy = (at: number): number => (0.25 + 0.75 * daily(at)) * (weekend(at) ? 0.5 : 1);
const lognormal = (world: World, sigma: number): number => Math.exp(sigma * world.normal());

const KINDS: Readonly<Record<string, Kind>> = {
  'requests-outage': {
    kind: 'rate',
    healthy: (at, w) => 400 * busy(at) * lognormal(w, 0.06),
    troubled: (_v, _s, w) => 3 * w.random(),
    minutes: 40,
    repeats: 5,
  },
  'requests-third': {
    kind: 'rate',
    healthy: (at, w) => 900 * busy(at) * lognormal(w, 0.05),
    troubled: (value) => value * 0.35,
    minutes: 60,
    repeats: 4,
  },
  'errors-burst': {
    kind: 'errorShare',
    healthy: (_at, w) => (w.random() < 0.8 ? 0 : 0.02 * w.random()),
    troubled: (_v, _s, w) => 0.25 + 0.02 * w.normal(),
    minutes: 30,
    repeats: 5,
  },
  'latency-step': {
    kind: 'latency',
    healthy: (at, w) => (80 + 60 * busy(at)) * lognormal(w, 0.12),
    troubled: (value) => value * 3,
    minutes: 45,
    repeats: 4,
  },
  'latency-heavy-tail': {
    kind: 'latency',
    healthy: (_at, w) => 50 * lognormal(w, 0.5) * (w.random() < 0.003 ? 6 : 1),
    troubled: (value) => value * 8,
    minutes: 45,
    repeats: 4,
  },
  'cpu-saturated': {
    kind: 'saturation',
    healthy: (at, w) => Math.min(95, 15 + 40 * busy(at) + 3 * w.normal()),
    troubled: (_v, _s, w) => 97 + w.random(),
    minutes: 90,
    repeats: 4,
  },
  'queue-depth': {
    kind: 'saturation',
    healthy: (_at, w) => (w.random() < 0.9 ? 0 : Math.floor(3 * w.random())),
    troubled: (_v, share) => Math.floor(40 + 400 * share),
    minutes: 50,
    repeats: 4,
  },
  'memory-leak': {
    kind: 'saturation',
    healthy: (at, w) => 300 + 150 * (((at - BEGIN) % (2 * DAY)) / (2 * DAY)) + 4 * w.normal(),
    troubled: (value, share) => value + 500 * share,
    minutes: 180,
    repeats: 4,
  },
  'level-shift': {
    kind: 'other',
    healthy: (at, w) => (200 + 20 * daily(at)) * lognormal(w, 0.04),
    troubled: (value) => value * 1.8,
    minutes: 120,
    repeats: 1,
    stays: true,
  },
  'stuck-value': {
    kind: 'other',
    healthy: (at, w) => 60 + 30 * busy(at) + 2 * w.normal(),
    troubled: () => 20,
    minutes: 120,
    repeats: 4,
  },
};

/** The series of one seed: each kind once, on rows of 5 minutes with a few gaps, every third kind sampled irregularly. */
export function madeSeries(seed: number, options: MadeOptions = { days: 28, healthy: false }): MadeSeries[] {
  return Object.entries(KINDS).map(([name, kind], i) => ({ ...makeOne(kind, seed * 100 + i, i % 3 === 2, options), name: `${name}-${String(seed)}` }));
}

function makeOne(kind: Kind, seed: number, irregular: boolean, { days, healthy }: MadeOptions): Omit<MadeSeries, 'name'> {
  const random = seededRandom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const world = { random, normal };
  const troubles = healthy ? [] : plan(kind, random, days);
  const gaps = [0, 1, 2].map(() => {
    const from = BEGIN + random() * days * DAY;
    return { from, to: from + (1 + 5 * random()) * 60 * MINUTE };
  });
  const rows: { at: number; value: number }[] = [];
  for (let at = BEGIN; at < BEGIN + days * DAY; at += irregular ? STEP * (0.4 + 1.2 * random()) : STEP) {
    if (inside(gaps, at) && !inside(troubles, at)) continue;
    const usual = kind.healthy(at, world);
    const trouble = troubles.find(({ from, to }) => at >= from && at < to);
    const value = trouble ? kind.troubled(usual, (at - trouble.from) / (trouble.to - trouble.from), world) : usual;
    rows.push({ at: Math.round(at / 1000) * 1000, value: Number(value.toPrecision(6)) });
  }
  return { kind: kind.kind, rows, windows: windowsOf(rows, troubles) };
}

/** Trouble begins after the first quarter, each in a stretch of its own, so that two windows never touch. */
function plan(kind: Kind, random: () => number, days: number): Trouble[] {
  const begin = days / 4;
  const length = (days - begin - 1) / kind.repeats;
  return Array.from({ length: kind.repeats }, (_, i) => {
    const from = BEGIN + (begin + length * (i + 0.6 * random())) * DAY;
    return { from, to: kind.stays ? Infinity : from + kind.minutes * MINUTE };
  });
}

/** As in NAB: windows of a series share a tenth of its rows; but they begin with the trouble, as nobody can see it before. */
function windowsOf(rows: readonly { readonly at: number }[], troubles: readonly Trouble[]): [number, number][] {
  const length = Math.floor((WINDOW_SHARE * rows.length) / Math.max(2, troubles.length));
  return troubles.map(({ from }) => {
    const first = rows.findIndex(({ at }) => at >= from);
    return [first, Math.min(rows.length - 1, first + length - 1)];
  });
}

function inside(spans: readonly Trouble[], at: number): boolean {
  return spans.some(({ from, to }) => at >= from && at < to);
}
