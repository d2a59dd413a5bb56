import type { ReadTemplate } from '../../../domain/log-watch/line-counts';
import { seededRandom } from '../../../domain/seeded-random';

const MINUTE = 60_000;
const DAY = 1440;

/** Lines of a healthy service, minute by minute: the archive's rows of each minute, which begins at `at`. */
export interface HealthyLines {
  readonly minute: (index: number) => readonly { readonly id: number; readonly lines: number }[];
  readonly rows: (index: number, at: number, more?: readonly { readonly id: number; readonly lines: number }[]) => readonly ReadTemplate[];
}

interface Kind {
  readonly level: 'error' | 'warn';
  /** Lines a minute, and the minutes from and to which it is written. */
  readonly rate: number;
  readonly from: number;
  readonly to: number;
}

/** What is put into single minutes. */
interface Burst {
  readonly id: number;
  readonly lines: number;
}

const RATES = [0, 0.01, 0.1, 0.5, 2, 10, 50] as const;

/**
 * A service whose error and warning lines are Poisson with a daily swing, less at weekends, and a rate that wanders; a job that fails each day in some; three bursts a week of one or two minutes, some
 * of three or four with few lines; two deployments a week whose restart writes errors for one to three minutes, and which bring new templates, some that take the place of an old one.
 */
export function healthyLines(seed: number, weeks: number): HealthyLines {
  const random = seededRandom(seed);
  const minutes = weeks * 7 * DAY;
  const base = RATES[seed % RATES.length] ?? 0;
  const swing = 0.2 + 0.5 * random();
  const wander = 0.5 * random();
  const kinds: Kind[] = [];
  const bursts = new Map<number, Burst[]>();
  const burst = (at: number, id: number, lines: number): void => void bursts.set(at, [...(bursts.get(at) ?? []), { id, lines }]);
  const parts = 2 + Math.floor(random() * 5);
  for (let i = 0; i < parts; i += 1) kinds.push({ level: i % 2 === 0 ? 'error' : 'warn', rate: (2 * base) / parts, from: 0, to: minutes });
  const job = random() < 0.4 ? Math.floor(random() * DAY) : -1;
  const jobLines = 5 + 80 * random();
  const own = kinds.push({ level: 'error', rate: 0, from: 0, to: minutes }) - 1;
  for (let day = 0; job >= 0 && day < weeks * 7; day += 1) burst(day * DAY + job, own, jobLines);
  for (let i = 0; i < weeks * 3; i += 1) {
    const at = Math.floor(random() * minutes);
    const long = random() < 0.2;
    const length = long ? 3 + Math.floor(random() * 2) : 1 + Math.floor(random() * 2);
    const lines = long ? 2 + 8 * random() : 5 * Math.exp(3 * random());
    // Half of them in words that were never there before.
    const id = random() < 0.5 ? own : kinds.push({ level: 'error', rate: 0, from: 0, to: minutes }) - 1;
    for (let j = 0; j < length; j += 1) burst(at + j, id, lines);
  }
  for (let i = 0; i < weeks * 2; i += 1) {
    const at = Math.floor(random() * minutes);
    const restart = random() < 0.5 ? own : kinds.push({ level: 'error', rate: 0, from: 0, to: minutes }) - 1;
    const length = 1 + Math.floor(random() * 3);
    const lines = 30 * random();
    for (let j = 0; j < length; j += 1) burst(at + j, restart, lines / (j + 1));
    const to = Math.min(minutes, at + Math.floor(3.5 * DAY));
    if (random() < 0.5) kinds.push({ level: random() < 0.5 ? 'error' : 'warn', rate: 0.5 * random(), from: at, to });
    if (random() < 0.3) {
      const old = kinds.findIndex(({ rate, to: end }) => rate > 0 && end > at);
      const replaced = kinds[old];
      if (replaced) {
        kinds[old] = { ...replaced, to: at };
        kinds.push({ ...replaced, from: at });
      }
    }
  }
  let slow = 1;
  const minute = (index: number): readonly Burst[] => {
    const weekend = Math.floor(index / DAY) % 7 >= 5 ? 0.6 : 1;
    if (index % 30 === 0) slow = Math.exp(wander * (random() + random() + random() - 1.5));
    const now = weekend * slow * (1 + swing * Math.sin((2 * Math.PI * (index % DAY)) / DAY));
    const written = kinds.flatMap(({ rate, from, to }, id) => (rate > 0 && index >= from && index < to ? [{ id, lines: poisson(rate * now, random) }] : []));
    const all = [...written, ...(bursts.get(index) ?? []).map(({ id, lines }) => ({ id, lines: poisson(lines, random) }))];
    return all.filter(({ lines }) => lines > 0);
  };
  return {
    minute,
    rows: (index, at, more = []) => {
      const sums = new Map<number, number>();
      for (const { id, lines } of [...minute(index), ...more]) sums.set(id, (sums.get(id) ?? 0) + lines);
      return [...sums].map(([id, lines]) => ({ id, level: kinds[id]?.level ?? 'error', ...text(id), minutes: [{ at, lines }] }));
    },
  };
}

/** Begin of the minute with an index, epoch milliseconds; a Monday at 0. */
export function minuteAt(index: number): number {
  return Date.parse('2026-01-05T00:00:00Z') + index * MINUTE;
}

const THINGS = ['order', 'basket', 'invoice', 'parcel', 'coupon', 'session', 'catalogue', 'search', 'payment', 'address', 'review', 'voucher'];
const FAULTS = ['could not be read', 'was refused by the store', 'timed out', 'has no owner', 'is locked', 'was lost on the way'];

/** Different words for each kind of line. */
function text(id: number): { readonly template: string; readonly sample: string } {
  const thing = THINGS[id % THINGS.length] ?? '';
  const other = THINGS[Math.floor(id / THINGS.length) % THINGS.length] ?? '';
  const template = `${thing} <n> of the ${other} ${FAULTS[(id * 7) % FAULTS.length] ?? ''}${' again'.repeat(Math.floor(id / 144))}`;
  return { template, sample: template.replace('<n>', '17') };
}

/** A Poisson number: Knuth's method, beyond 60 the normal distribution. */
function poisson(mean: number, random: () => number): number {
  if (mean <= 0) return 0;
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())));
  let [count, chance] = [0, random()];
  for (const least = Math.exp(-mean); chance > least; count += 1) chance *= random();
  return count;
}
