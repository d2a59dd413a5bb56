import { quantileMs } from '../../../domain/histogram';
import type { WindowStats } from '../../../domain/metrics';
import { Draws } from '../draws';
import { plannedMinutes } from './happenings';
import type { Minutes } from './happenings';
import { LatencyShape, SHOP } from './shop-shape';

export const MINUTE_MS = 60_000;
export const WEEK_MINUTES = 7 * 1440;
/** A Monday, 00:00 UTC. */
export const BEGIN = Date.UTC(2026, 0, 5);
/** A scrape each 15 s, as by default. */
const SCRAPES = 4;

/** What one service is like: drawn once from its seed. */
interface Character {
  /** Mean requests a second: from a sixteenth of the practice service's on. */
  readonly rate: number;
  /** Daily swing as a share of the mean (the practice service has 0.2), its phase, and traffic at the weekend as a share. */
  readonly swing: number;
  readonly phase: number;
  readonly weekend: number;
}

/** The rows, a minute each, of some weeks of a healthy service. The same seed gives the same rows. */
export function* simulatedWeeks(seed: number, weeks: number): Generator<WindowStats> {
  const draws = new Draws(seed);
  const character = characterOf(draws);
  const planned = plannedMinutes(draws, weeks * WEEK_MINUTES);
  const shape = new LatencyShape();
  const drift = { traffic: 0, slow: 0 };
  for (let minute = 0; minute < weeks * WEEK_MINUTES; minute += 1) {
    // Drifts of the traffic and of the time that answers take: first order autoregressive, 4 % and 5 % about the usual, forgotten in some ten minutes.
    drift.traffic = 0.9 * drift.traffic + 0.017 * draws.normal();
    drift.slow = 0.9 * drift.slow + 0.022 * draws.normal();
    const load = usualAt(character, minute) * Math.exp(drift.traffic) * (planned.traffic[minute] as number);
    yield row(minute, { load, slow: Math.exp(drift.slow), shape, planned, draws });
  }
}

function characterOf(draws: Draws): Character {
  return {
    rate: SHOP.requestsPerSecond * Math.exp(draws.between(Math.log(1 / 16), 0)),
    swing: draws.between(0.2, 0.6),
    phase: draws.between(0, 2 * Math.PI),
    weekend: draws.between(0.5, 1),
  };
}

/** Requests a second. */
function usualAt({ rate, swing, phase, weekend }: Character, minute: number): number {
  const day = Math.floor(minute / 1440) % 7;
  return rate * (1 + swing * Math.sin((2 * Math.PI * minute) / 1440 + phase)) * (day >= 5 ? weekend : 1);
}

interface Moment {
  readonly load: number;
  readonly slow: number;
  readonly shape: LatencyShape;
  readonly planned: Minutes;
  readonly draws: Draws;
}

function row(minute: number, { load, slow, shape, planned, draws }: Moment): WindowStats {
  const from = BEGIN + minute * MINUTE_MS;
  const to = from + MINUTE_MS;
  const scrapes = Math.round(SCRAPES * (1 - (planned.away[minute] as number)));
  if (scrapes === 0)
    return {
      from,
      to,
      samples: 0,
      upShare: null,
      requests: 0,
      errors: 0,
      errorShare: null,
      ratePerSecond: null,
      latencyP95Ms: null,
      routes: {},
      saturation: {},
    };
  const began = planned.began[minute] as number;
  // A process takes with it what it counted since its last scrape: half the pause between two, on average.
  const seconds = (60 * scrapes) / SCRAPES - (began > 0 ? draws.between(0, 60 / SCRAPES) : 0);
  const failed = Math.min(planned.errors[minute] as number, Math.round(load * seconds));
  const served = draws.poisson(load * seconds);
  const missed = planned.missed[minute] as number;
  const cache = began > 0 && draws.chance(0.2) ? SHOP.cache * draws.uniform() : SHOP.cache;
  const handles = Math.min(1, mostHandles(draws, (SHOP.handles.mean * load) / SHOP.requestsPerSecond, scrapes) / SHOP.handles.limit);
  return {
    ...{ from, to, samples: scrapes, upShare: 1 - Math.min(missed, scrapes) / scrapes },
    ...{ requests: served + failed, errors: failed, errorShare: served + failed > 0 ? failed / (served + failed) : null },
    ratePerSecond: (served + failed) / ((60 * scrapes) / SCRAPES),
    latencyP95Ms: p95Of(served, slow * (planned.slow[minute] as number), planned.tail[minute] as number, shape, draws),
    routes: {},
    saturation: {
      'order handles': { first: handles, last: handles, max: handles },
      'search cache': { first: SHOP.cache, last: cache, max: SHOP.cache },
    },
  };
}

/** By the buckets of the service's histogram, each of them counted with its chance. */
function p95Of(requests: number, slow: number, tail: number, shape: LatencyShape, draws: Draws): number | null {
  const counts = new Map<number, number>();
  shape.shares(slow).forEach((share, i) => {
    const count = draws.poisson(requests * (1 - tail) * share);
    if (count > 0) counts.set(SHOP.bounds[i] as number, count);
  });
  // What has to wait for something waits from 0.1 to 0.5 s.
  if (tail > 0) for (const bound of [0.25, 0.5]) counts.set(bound, (counts.get(bound) ?? 0) + draws.poisson((requests * tail) / 2));
  return quantileMs(counts, 0.95);
}

function mostHandles(draws: Draws, mean: number, scrapes: number): number {
  let most = 0;
  for (let i = 0; i < scrapes; i += 1) most = Math.max(most, draws.poisson(mean));
  return most;
}
