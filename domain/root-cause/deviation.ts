import { median } from '../quantile';
import type { Step } from './step-sigmas';
import { normalOf } from './step-sigmas';
import type { Stretch } from './stretch';
import { rareStrength, strongestStretch } from './stretch';
import type { CauseQuestion, Deviation, NodeSeries, Period } from './types';
import { SERIES } from './weights';

/** Times of a question, and the requests of a node by time. */
export type Times = Pick<CauseQuestion, 'normal' | 'window' | 'onset'>;

/** How a series went in the window: 1 asks for upwards, -1 for downwards. Null where the normal period or the window has too few values to tell. */
export function deviationsOf(series: NodeSeries, requests: ReadonlyMap<number, number>, times: Times): ((sign: 1 | -1) => Deviation) | null {
  const normal = stepsIn(series, times.normal, requests);
  const window = stepsIn(series, times.window, requests);
  if (normal.length < SERIES.leastNormal || window.length === 0) return null;
  const kind = series.kind === 'availability' ? 'errors' : series.kind;
  const { usual, sigmasOf } = normalOf(kind, normal);
  const usualSigmas = normal.map(sigmasOf);
  const lead = window.filter(({ at }) => at < times.onset).length;
  // A step may hold the onset, and the root goes bad before it is noticed: only the earlier half of what lies before tells what is old.
  const before = Math.ceil(lead / 2);
  if (lead === window.length) return null;
  return (sign) => {
    const sigmas = withoutOld(
      window.map((step) => sign * sigmasOf(step)),
      before,
    );
    const stretch = strongestStretch(sigmas, lead - before) ?? { first: 0, last: 0, sigmas: 0 };
    const rare = rareStrength(
      usualSigmas.map((each) => sign * each),
      sigmas.length,
    );
    const values = window.slice(before + stretch.first, before + stretch.last + 1);
    const since = window[before + begun(sigmas, stretch.first)]?.at ?? times.onset;
    return { name: series.name, kind, ...strengthOf(stretch, rare, sign), since, usual, now: meanOf(values) };
  };
}

/** Where a stretch began: the steps just before it that are clearly off belong to it, though they are too weak to make it stronger. */
function begun(sigmas: readonly number[], first: number): number {
  let at = first;
  while (at > 0 && (sigmas[at - 1] ?? 0) >= SERIES.begunSigmas) at -= 1;
  return at;
}

function strengthOf(stretch: Stretch, rare: number, sign: 1 | -1): Pick<Deviation, 'sigmas' | 'logOdds'> {
  const logOdds = Math.max(SERIES.leastLogOdds, Math.min(SERIES.mostLogOdds, stretch.sigmas - rare));
  return { sigmas: sign * stretch.sigmas, logOdds };
}

/** The deviations after the earliest steps, less what was off already in those. */
function withoutOld(sigmas: readonly number[], before: number): number[] {
  const old = before === 0 ? 0 : Math.max(0, median(sigmas.slice(0, before)) - SERIES.oldSigmas);
  return sigmas.slice(before).map((each) => each - old);
}

/** The steps of a period that have a value. */
function stepsIn({ kind, values }: NodeSeries, { from, to }: Period, requests: ReadonlyMap<number, number>): Step[] {
  const steps: Step[] = [];
  for (const { at, value } of values) {
    if (at < from || at >= to || value === null || !Number.isFinite(value)) continue;
    steps.push({ at, value: kind === 'availability' ? 1 - value : value, requests: kind === 'requests' ? null : (requests.get(at) ?? null) });
  }
  return steps;
}

/** Errors are weighed by their requests, so that a quiet step does not speak for a busy one. */
function meanOf(steps: readonly Step[]): number {
  let sum = 0;
  let weight = 0;
  for (const step of steps) {
    const each = step.requests ?? 1;
    sum += step.value * each;
    weight += each;
  }
  return weight === 0 ? 0 : sum / weight;
}
