import type { Sample, WindowStats } from '../../domain/metrics';
import { windowStats } from '../../domain/windows';
import { Draws } from './draws';
import type { Recording } from './recording';
import type { Scrape } from './trace';
import { samplesOf, scrapesOf } from './trace';

/** The day of the practice service's customers and its swing as a share of the mean (examples/bookshop/loadgen.mjs). */
export const DAY_MS = 24_000;
const SWING = 0.2;
/** A scrape each second. */
const EVERY_MS = 1000;

/** Samples before a window that give its first difference a start, however long scrapes were away. */
const BEFORE_MS = 30_000;
/** Seasons of healthy history before the recording: two are learning, and the threshold of a series is known after eight. */
const HISTORY_SEASONS = 9;
/** Most that is left out of the beginning of a recording, so that its onset is elsewhere. */
const CUT_MS = 20_000;
/** By how much a ratio that says how full something is differs from one reading to the next, one standard deviation. */
const RATIO_NOISE = 0.02;
const BEGIN = Date.UTC(2026, 0, 5);

/** The start of a recording that says how much traffic it is about. */
const START_MS = 30_000;

/** How long rows and seasons are, milliseconds. */
export interface Pace {
  readonly rowMs: number;
  readonly seasonMs: number;
}

/** Rows of one run, with the times (epoch milliseconds) at which the recording and, where it has one, its fault begin in them. */
export interface Replay {
  readonly rows: readonly WindowStats[];
  readonly from: number;
  readonly onset: number | null;
}

/**
 * A recording as it might have been: behind a history of other recordings' usual traffic, as much of it as the recording begins with, at another time of the day, with all counts drawn anew
 * (Poisson with the recorded count as mean, times what the other time of the day makes of the traffic), and resources a little fuller or emptier. The same seed gives the same rows.
 */
export function replay(recording: Recording, usual: readonly Recording[], pace: Pace, seed: number): Replay {
  const draws = new Draws(seed);
  const history = usual.filter((each) => each.head.name !== recording.head.name);
  const scrapes: Scrape[] = [];
  let at = BEGIN + draws.below(pace.seasonMs);
  const until = at + HISTORY_SEASONS * pace.seasonMs;
  while (at < until) {
    const source = history[draws.below(history.length)];
    if (!source) break;
    at = append(scrapes, source, { at, cut: 0, until, times: trafficOf(recording) / trafficOf(source) }, draws).due;
  }
  const shift = append(scrapes, recording, { at, cut: draws.below(CUT_MS), until: Infinity, times: 1 }, draws).shift;
  const { onset } = recording.head;
  return { rows: rowsOf(scrapes, bounds(recording), pace.rowMs), from: at, onset: onset === null ? null : onset + shift };
}

interface Place {
  /** When its first scrape is. */
  readonly at: number;
  /** Milliseconds that are left out of its beginning. */
  readonly cut: number;
  readonly until: number;
  /** What its traffic is multiplied by. */
  readonly times: number;
}

/** Puts a recording at a time; returns when the next scrape after it is due, and by how much its times are shifted. */
function append(
  scrapes: Scrape[],
  { head, samples }: Recording,
  { at, cut, until, times }: Place,
  draws: Draws,
): { readonly due: number; readonly shift: number } {
  const kept = scrapesOf(samples).filter((scrape) => scrape.at >= head.from + cut);
  const shift = at - (kept[0]?.at ?? 0);
  const placed = kept.map((scrape) => ({ ...scrape, at: scrape.at + shift })).filter((scrape) => scrape.at < until);
  for (const scrape of placed) scrapes.push(drawn(scrape, (times * wanted(scrape.at)) / wanted(scrape.at - shift), draws));
  return { due: (placed.at(-1)?.at ?? at) + EVERY_MS, shift };
}

/** Requests in the first half minute, a whole day or more, or what is recorded of it. */
function trafficOf({ head, samples }: Recording): number {
  const first = windowStats(samples, head.from, head.from + START_MS);
  return Math.max(1, first.ratePerSecond ?? 1);
}

/** What the customers want at a time, as a multiple of their mean. */
function wanted(at: number): number {
  return 1 + SWING * Math.sin((2 * Math.PI * at) / DAY_MS);
}

function drawn(scrape: Scrape, times: number, draws: Draws): Scrape {
  const routes = Object.entries(scrape.routes).map(([route, { requests, errors }]) => {
    const failed = draws.poisson(errors * times);
    return [route, { requests: failed + draws.poisson((requests - errors) * times), errors: failed }] as const;
  });
  const saturation = Object.entries(scrape.saturation).map(([name, ratio]) => [name, Math.min(1, ratio * (1 + RATIO_NOISE * draws.normal()))] as const);
  return {
    ...scrape,
    routes: Object.fromEntries(routes),
    latency: scrape.latency.map((count) => draws.poisson(count * times)),
    saturation: Object.fromEntries(saturation),
  };
}

function bounds({ samples }: Recording): Sample['latency']['le'] {
  return samples.find(({ up }) => up)?.latency.le ?? [];
}

function rowsOf(scrapes: readonly Scrape[], le: Sample['latency']['le'], rowMs: number): WindowStats[] {
  const samples = samplesOf(scrapes, le, { service: 'bookshop', environment: 'demo', instance: 'bookshop' });
  const [first, last] = [samples[0]?.at ?? 0, samples.at(-1)?.at ?? 0];
  const rows: WindowStats[] = [];
  let begin = 0;
  let end = 0;
  for (let to = Math.ceil((first + rowMs) / rowMs) * rowMs; to <= last; to += rowMs) {
    while ((samples[begin]?.at ?? Infinity) < to - rowMs - BEFORE_MS) begin += 1;
    while ((samples[end]?.at ?? Infinity) <= to) end += 1;
    rows.push(windowStats(samples.slice(begin, end), to - rowMs, to));
  }
  return rows;
}
