import type { EvidenceBundle, SeriesPoint } from './evidence';
import { metricsOf } from './evidence';
import type { IncidentView } from './incident-view';
import type { ServiceLimits } from './inventory';
import type { Sample } from './metrics';
import { seriesPoints } from './windows';

/** The time that a history of signals covers, in equal steps. Epoch milliseconds. */
export interface SignalWindow {
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
}

/** What a service measured before, during and after an incident, for drawing. Times are epoch milliseconds, shares and ratios 0 to 1, latency is milliseconds. */
export interface SignalHistory extends SignalWindow {
  readonly incidentId: string;
  readonly environment: string;
  readonly service: string;
  /** Where it comes from: kept samples, the frozen evidence once those are gone, or nowhere. */
  readonly source: 'samples' | 'evidence' | 'none';
  /** Declared limits of the service, where it has them. */
  readonly limits: { readonly errorShare?: number; readonly latencyP95Ms?: number };
  /** One for each step, with the time at which the step begins. */
  readonly points: readonly SeriesPoint[];
  /** How full each resource was at most, a value for each point; null where it was not measured. */
  readonly saturation: readonly { readonly resource: string; readonly values: readonly (number | null)[] }[];
}

/** How a history is cut; durations in milliseconds. */
export interface SignalSettings {
  /** Shown before the onset, and after the end. */
  readonly baselineMs: number;
  /** Shortest step. */
  readonly stepMs: number;
}

/** Steps of a history at most: what a screen can show. */
const MOST_POINTS = 180;
/** Longest history, in time and in scrapes; of a longer incident the newest part is shown, as every scrape of it must be read. */
const LONGEST_MS = 6 * 3_600_000;
const MOST_SCRAPES = 7_200;
/** A step holds at least this many scrapes, else the beat between the two draws a saw. */
const SCRAPES_A_STEP = 2;

/** From some time before the onset until now, or until some time after the end; whole steps at whole times, so that a drawing does not tremble from one look to the next. */
export function signalWindow(view: IncidentView, now: number, settings: SignalSettings, everyMs = 0): SignalWindow {
  const starts = [view.openedAt, ...view.alerts.map((alert) => alert.startsAt)].map((at) => Date.parse(at)).filter((at) => at <= now);
  const onset = view.diagnosis === undefined ? Math.min(now, ...starts) : Date.parse(view.diagnosis.onset);
  const end = view.resolvedAt === undefined ? now : Math.min(now, Date.parse(view.resolvedAt) + settings.baselineMs);
  const longest = everyMs > 0 ? Math.min(LONGEST_MS, MOST_SCRAPES * everyMs) : LONGEST_MS;
  const begin = Math.min(end, Math.max(onset - settings.baselineMs, end - longest));
  const shortest = Math.max(settings.stepMs, SCRAPES_A_STEP * everyMs);
  const stepMs = shortest * Math.max(1, Math.ceil((end - begin) / shortest / MOST_POINTS));
  return { from: Math.floor(begin / stepMs) * stepMs, to: Math.floor(end / stepMs) * stepMs, stepMs };
}

/** The history in a window from kept samples; where none is left, what was frozen as evidence. `samples` may begin a little before the window, as counters need their start. */
export function signalHistory(
  view: IncidentView,
  window: SignalWindow,
  found: { readonly samples: readonly Sample[]; readonly bundle?: EvidenceBundle | undefined; readonly limits?: ServiceLimits | undefined },
): SignalHistory {
  const { incidentId, environment, service } = view;
  const about = { incidentId, environment, service, limits: limitsOf(found.limits) };
  const first = found.samples.reduce((least, sample) => Math.min(least, sample.at), Infinity);
  if (first > window.to) return { ...about, ...frozen(found.bundle, service, window) };
  const from = Math.max(window.from, Math.floor(first / window.stepMs) * window.stepMs);
  const points = seriesPoints(found.samples, from, window.to, window.stepMs);
  return { ...about, ...window, from, source: 'samples', points, saturation: fullestBySteps(found.samples, { ...window, from }, points.length) };
}

function frozen(
  bundle: EvidenceBundle | undefined,
  service: string,
  window: SignalWindow,
): Pick<SignalHistory, keyof SignalWindow | 'source' | 'points' | 'saturation'> {
  const points = metricsOf(bundle, service)?.series ?? [];
  const [first, second] = points;
  if (first === undefined || second === undefined) return { ...window, source: 'none', points: [], saturation: [] };
  const stepMs = second.at - first.at;
  return { from: first.at, to: first.at + points.length * stepMs, stepMs, source: 'evidence', points, saturation: [] };
}

// The fullest instance speaks for all, and the fullest moment for its step.
function fullestBySteps(samples: readonly Sample[], { from, stepMs }: SignalWindow, count: number): SignalHistory['saturation'] {
  const up = samples.filter((sample) => sample.up);
  const resources = [...new Set(up.flatMap((sample) => Object.keys(sample.saturation)))].sort();
  return resources.map((resource) => {
    const values = new Array<number | null>(count).fill(null);
    for (const sample of up) {
      const step = Math.ceil((sample.at - from) / stepMs) - 1;
      const value = sample.saturation[resource];
      if (value !== undefined && step >= 0 && step < count) values[step] = Math.max(values[step] ?? 0, value);
    }
    return { resource, values };
  });
}

function limitsOf(limits: ServiceLimits | undefined): SignalHistory['limits'] {
  return {
    ...(limits?.errorShare && { errorShare: limits.errorShare.above }),
    ...(limits?.latencyP95Ms && { latencyP95Ms: limits.latencyP95Ms.above }),
  };
}
