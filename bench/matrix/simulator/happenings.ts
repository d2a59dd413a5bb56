import type { Draws } from '../draws';

const WEEK = 7 * 1440;

/**
 * How often a week something happens to a healthy service, and how it is. Deployments, restarts and gaps do what the recordings of them show; how often they come, and the rest, is what
 * services commonly meet and no measurement.
 */
export const HAPPENINGS = {
  /** Traffic goes up or down for 10 minutes to 3 hours, mostly by less than a third: standard deviation of the logarithm. */
  swings: { perWeek: 3, sigma: 0.15 },
  /** A campaign: 1.4 to 1.8 times the traffic, as recorded, for one to three hours. */
  campaigns: { perWeek: 0.5 },
  /** Deployments, and restarts without one: the counters begin again, and the first minute is slower. */
  deployments: { perWeek: 5 },
  restarts: { perWeek: 1 },
  /** Nothing is scraped for 1 to 90 minutes, or a part of the scrapes of 1 to 10 minutes is missing. */
  gaps: { perWeek: 2 },
  thinScrapes: { perWeek: 3 },
  /** A scrape that is not answered in time, though the service serves. */
  missedScrapes: { perWeek: 4 },
  /** A minute in which 2 to 8 % of the requests wait for something; and 2 to 15 minutes in which all takes up to half as long again. */
  tails: { perWeek: 20 },
  slowTimes: { perWeek: 3 },
  /** One or two failed requests in a minute. */
  errorBursts: { perWeek: 10 },
} as const;

/** What happens in each minute. */
export interface Minutes {
  /** What the usual traffic, and the time that answers take, is multiplied by. */
  readonly traffic: Float32Array;
  readonly slow: Float32Array;
  /** Share of the requests that wait for something. */
  readonly tail: Float32Array;
  /** Share of the scrapes that are missing. */
  readonly away: Float32Array;
  /** Processes that began, scrapes without an answer, and failed requests. */
  readonly began: Uint8Array;
  readonly missed: Uint8Array;
  readonly errors: Uint8Array;
}

/** Draws what happens in so many minutes. */
export function plannedMinutes(draws: Draws, minutes: number): Minutes {
  const floats = (usual: number): Float32Array => new Float32Array(minutes).fill(usual);
  const bytes = (): Uint8Array => new Uint8Array(minutes);
  const all: Minutes = { traffic: floats(1), slow: floats(1), tail: floats(0), away: floats(0), began: bytes(), missed: bytes(), errors: bytes() };
  const each = ({ perWeek }: { readonly perWeek: number }, happens: (at: number) => void): void => {
    for (let at = draws.wait(WEEK / perWeek); at < minutes; at += draws.wait(WEEK / perWeek)) happens(Math.floor(at));
  };
  const { swings, campaigns, deployments, restarts, gaps, thinScrapes, missedScrapes, tails, slowTimes, errorBursts } = HAPPENINGS;
  each(swings, (at) => multiply(all.traffic, at, draws.between(10, 180), Math.exp(swings.sigma * draws.normal())));
  each(campaigns, (at) => multiply(all.traffic, at, draws.between(60, 180), draws.between(1.4, 1.8)));
  for (const kind of [deployments, restarts]) each(kind, (at) => begin(all, at, draws));
  each(gaps, (at) => set(all.away, at, draws.between(1, 90), 1));
  each(thinScrapes, (at) => set(all.away, at, draws.between(1, 10), draws.between(0.2, 0.8)));
  each(missedScrapes, (at) => (all.missed[at] = 1));
  each(tails, (at) => (all.tail[at] = draws.between(0.02, 0.08)));
  each(slowTimes, (at) => multiply(all.slow, at, draws.between(2, 15), draws.between(1.1, 1.5)));
  each(errorBursts, (at) => (all.errors[at] = 1 + draws.below(2)));
  return all;
}

function begin({ began, slow }: Minutes, at: number, draws: Draws): void {
  began[at] = (began[at] as number) + 1;
  multiply(slow, at, 1, draws.between(1, 1.3));
}

/** Changes by a factor, with a ramp of 5 minutes at either end where it lasts. */
function multiply(values: Float32Array, at: number, minutes: number, factor: number): void {
  const last = Math.min(values.length, Math.ceil(at + minutes));
  const ramp = minutes > 20 ? 5 : 1;
  for (let i = at; i < last; i += 1) {
    const share = Math.min(1, (i - at + 1) / ramp, (last - i) / ramp);
    values[i] = (values[i] as number) * factor ** share;
  }
}

function set(values: Float32Array, at: number, minutes: number, value: number): void {
  values.fill(value, at, Math.min(values.length, Math.ceil(at + minutes)));
}
