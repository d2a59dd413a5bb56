import type { CauseNode, NodeSeries, SeriesKind, SeriesValue } from '../../../domain/root-cause/types';
import type { Chance } from './chance';
import type { Truth } from './simulate';
import type { Service } from './topology';

/** How a service is measured. */
export interface Meter {
  readonly id: string;
  /** Steps by which its values come late. */
  readonly lag: number;
  /** Kinds that are not measured; all of them for a service that is not instrumented. */
  readonly missing: readonly SeriesKind[];
  /** Share of the values that are lost. */
  readonly gaps: number;
  /** Factor of its latency since some time between the normal period and the window: older than the incident, and no part of it. */
  readonly drift: number;
  /** Probability in a step of a hiccup that lasts one or two steps, also in normal time. */
  readonly hiccups: number;
  /** A disturbance that has nothing to do with the incident: kind, first step, steps and factor. */
  readonly loud?: { readonly kind: SeriesKind; readonly from: number; readonly steps: number; readonly factor: number };
}

/** Times of the steps, and the first step of the window. */
export interface Clock {
  readonly at: readonly number[];
  readonly window: number;
}

/** The measured series of a service: mean, median and 95 % quantile of latency, availability, requests and use of a resource. */
export function measured(chance: Chance, meter: Meter, service: Service, truths: readonly Truth[], clock: Clock): CauseNode {
  const rows = truths.map((_truth, step) => row(chance, meter, service, truths[Math.max(0, step - meter.lag)], step, clock));
  const series = (name: string, kind: SeriesKind, value: (each: Row) => number | null): NodeSeries[] => {
    if (meter.missing.includes(kind)) return [];
    const values = rows.map((each, step): SeriesValue => ({
      at: clock.at[step] ?? 0,
      value: chance.happens(meter.gaps) ? null : loudly(meter, kind, value(each), step),
    }));
    return [{ name, kind, values }];
  };
  return {
    id: meter.id,
    series: [
      ...series('latency mean', 'latency', ({ mean }) => mean),
      ...series('latency p50', 'latency', ({ p50 }) => p50),
      ...series('latency p95', 'latency', ({ p95 }) => p95),
      ...series('availability', 'availability', ({ good }) => good),
      ...series('requests', 'requests', ({ requests }) => requests),
      ...series('use', 'saturation', ({ use }) => use),
    ],
  };
}

interface Row {
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly good: number | null;
  readonly requests: number;
  readonly use: number;
}

function row(chance: Chance, meter: Meter, service: Service, truth: Truth | undefined, step: number, clock: Clock): Row {
  if (!truth) return { mean: null, p50: null, p95: null, good: null, requests: 0, use: 0 };
  const requests = truth.down ? 0 : poisson(chance, truth.requests);
  const use = Math.max(0, truth.use + 0.02 * chance.normal());
  if (requests === 0) return { mean: null, p50: null, p95: null, good: null, requests, use };
  const drift = step >= clock.window ? meter.drift : 1;
  const hiccup = chance.happens(meter.hiccups) ? chance.ratio(1.3, 4) : 1;
  const noise = Math.exp(service.noise * chance.normal() + (0.8 * chance.normal()) / Math.sqrt(requests)) * drift * hiccup;
  const usual = truth.latency - truth.slowShare * truth.slowBy;
  const least = Math.max(0.2 * truth.latency, usual);
  const quantile = (share: number, factor: number, spread: number): number =>
    (factor * least + (truth.slowShare > share ? truth.slowBy : 0)) * noise * Math.exp(spread * chance.normal());
  const failed = chance.binomial(requests, truth.failures * (hiccup > 1 ? 1.5 : 1));
  return { mean: truth.latency * noise, p50: quantile(0.5, 0.7, 0.03), p95: quantile(0.05, 2.5, 0.12), good: 1 - failed / requests, requests, use };
}

function loudly({ loud }: Meter, kind: SeriesKind, value: number | null, step: number): number | null {
  if (value === null || loud?.kind !== kind || step < loud.from || step >= loud.from + loud.steps) return value;
  if (kind === 'availability') return value / loud.factor;
  return kind === 'saturation' ? Math.min(1, value * loud.factor) : value * loud.factor;
}

function poisson(chance: Chance, mean: number): number {
  return mean < 1000 ? chance.binomial(Math.ceil(mean * 20), mean / Math.ceil(mean * 20 || 1)) : Math.round(mean + Math.sqrt(mean) * chance.normal());
}
