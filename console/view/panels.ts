import type { SignalHistory } from '../../domain/signals';
import { latency, percent } from '../../domain/wording';
import { roundTop } from '../../domain/plot-scale';

/** One plot: a value for each step (null where nothing was measured), the top of its axis, and the declared limit if there is one. */
export interface Panel {
  readonly title: string;
  readonly values: readonly (number | null)[];
  readonly top: number;
  readonly limit?: number;
  readonly text: (value: number | null) => string;
}

/** The plots of a history: errors, latency, requests, and each resource that can be full. */
export function panelsOf(history: SignalHistory): readonly Panel[] {
  const { points, limits, stepMs } = history;
  if (points.length === 0) return [];
  const rates = points.map((point) => (point.unmeasured ? null : (point.requests * 1000) / stepMs));
  return [
    panel(
      'Requests that fail',
      points.map((p) => p.errorShare),
      percent,
      { least: 0.1, most: 1, limit: limits.errorShare },
    ),
    panel(
      'Latency, p95',
      points.map((p) => p.latencyP95Ms),
      latency,
      { least: 100, limit: limits.latencyP95Ms },
    ),
    panel('Requests per second', rates, perSecond, { least: 1 }),
    ...history.saturation.map(({ resource, values }) => panel(`Full: ${resource}`, values, percent, { least: 1, most: 1 })),
  ];
}

function panel(
  title: string,
  values: Panel['values'],
  text: (value: number | null) => string,
  { least, most = Infinity, limit }: { readonly least: number; readonly most?: number; readonly limit?: number | undefined },
): Panel {
  const highest = values.reduce<number>((top, value) => Math.max(top, value ?? 0), limit === undefined ? 0 : limit * 1.2);
  return { title, values, text, top: Math.min(most, roundTop(highest, least)), ...(limit === undefined ? {} : { limit }) };
}

function perSecond(value: number | null): string {
  return value === null ? 'unknown' : `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)}/s`;
}

/** A plot in one sentence, for who cannot see it: its range before the onset, its peak since, and its newest value. `onset` is the number of the step that it lies in. */
export function spokenPanel({ title, values, text, limit }: Panel, onset: number): string {
  const peak = (part: Panel['values']): number | null => part.reduce<number | null>((top, v) => (v === null ? top : Math.max(top ?? v, v)), null);
  const newest = values.findLast((value) => value !== null) ?? null;
  const declared = limit === undefined ? '' : `, limit ${text(limit)}`;
  return `${title}: at most ${text(peak(values.slice(0, onset)))} before the onset, at most ${text(peak(values.slice(onset)))} since, ${text(newest)} at the end${declared}.`;
}
