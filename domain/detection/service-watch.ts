import type { Alert } from '../alert';
import type { MeasureKind } from '../anomaly/kinds';
import type { DetectorSettings } from '../anomaly/presets';
import type { Feedback } from '../anomaly/threshold';
import type { Judged, WatchSettings } from '../anomaly/watch';
import { SeriesWatch } from '../anomaly/watch';
import { errorCode } from '../errors';
import type { Service } from '../inventory';
import type { WindowStats } from '../metrics';
import { seriesKey } from './anomaly-record';
import { CALM, follow } from './condition';
import type { ConditionState, ConditionStep } from './condition';
import { conditionAlert, noDataAlert } from './condition-alert';
import { kindOfMeasure, measuresOf } from './measures';
import type { Measure } from './measures';

/** Measures that a service has beside its resources, for sharing its budget. */
export const MEASURES = 4;

/** How the measures of a service are watched. */
export interface ServiceWatchSettings {
  readonly detector: DetectorSettings;
  /** Alerts a week of the whole service. */
  readonly alertsPerWeek: number;
  /** What all measures are, where they are not those of a service's own numbers. */
  readonly kind?: MeasureKind;
  /** Fewer requests in a row than this say nothing about error share and latency. */
  readonly minRequests: number;
  /** Measures that are judged and learnt, and open nothing: something else watches them. */
  readonly limited?: readonly string[];
  /** What was chosen for single measures instead. */
  readonly chosen?: Readonly<Record<string, Pick<WatchSettings, 'detector' | 'alertsPerWeek'>>>;
}

/** One measure after one row. */
export interface JudgedMeasure extends Judged {
  readonly measure: string;
  readonly value: number | null;
}

/** A value of a series that is to be judged, and learnt, by what is known of the series. */
export interface SeriesValue {
  /** Key of the series. */
  readonly series: string;
  readonly watch: SeriesWatch;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Null where there was nothing to measure. */
  readonly value: number | null;
}

/** Length of a bucket, and after how much of them without a value a condition ends; milliseconds. */
export interface BucketTimes {
  readonly stepMs: number;
  readonly endMs: number;
}

/** What one row of a service showed. */
export interface JudgedRow {
  readonly measures: readonly JudgedMeasure[];
  /** Conditions that began or ended. */
  readonly alerts: readonly Alert[];
}

/** All that is known of one measure, for a checkpoint. */
export interface MeasureState {
  readonly measure: string;
  readonly condition: ConditionState;
  readonly watch: Uint8Array;
  /** Since its last value, of buckets in which others had one; 0 where nothing is said. */
  readonly silentMs?: number;
}

interface Watched {
  readonly watch: SeriesWatch;
  condition: ConditionState;
  silentMs: number;
}

/**
 * Watches one service row by row: each of its measures by a detector of its own, and what they show together as alerts that begin and end. The same rows give the same alerts with the
 * same ids, also after `snapshot` and `restore`.
 */
export class ServiceWatch {
  private readonly measures = new Map<string, Watched>();

  constructor(
    private readonly service: Pick<Service, 'name' | 'environment' | 'tier'>,
    private readonly settings: ServiceWatchSettings,
  ) {}

  /** A watch from a checkpoint, and the measures whose state is of other settings: they know nothing yet but the condition that was told. */
  static restore(
    service: Pick<Service, 'name' | 'environment' | 'tier'>,
    settings: ServiceWatchSettings,
    states: readonly MeasureState[],
  ): { readonly watch: ServiceWatch; readonly forgotten: readonly string[] } {
    const restored = new ServiceWatch(service, settings);
    const forgotten: string[] = [];
    for (const { measure, condition, watch, silentMs = 0 } of states) {
      const known = seriesWatch(restored.settingsOf(measure), watch);
      restored.measures.set(measure, { watch: known ?? new SeriesWatch(restored.settingsOf(measure)), condition, silentMs });
      if (!known) forgotten.push(measure);
    }
    return { watch: restored, forgotten };
  }

  /** Takes what another watch of the same service knows of some measures; the conditions that were told stay, so that each that began ends. */
  adopt(other: ServiceWatch, measures: readonly string[]): void {
    for (const measure of measures) this.measures.set(measure, { ...this.watched(measure), watch: other.watched(measure).watch });
  }

  /** Holds the conditions that were told, and no others: what was learnt without telling anybody has not begun. */
  tell(conditions: readonly Pick<MeasureState, 'measure' | 'condition'>[]): void {
    for (const watched of this.measures.values()) watched.condition = CALM;
    for (const { measure, condition } of conditions) this.watched(measure).condition = condition;
  }

  /** Judges the row of a service's own numbers that ends at `stats.to`; rows come in order of time. */
  row(stats: WindowStats): JudgedRow {
    const measures = measuresOf(stats, this.settings.minRequests);
    return this.settle(
      measures,
      stats.to,
      this.values(measures, stats.to).map(({ watch, at, value }) => watch.push(at, value)),
    );
  }

  /** What is to be judged of some measures at a time, epoch milliseconds, for whoever scores it; the answers go to `settle`. */
  values(measures: readonly Measure[], at: number): readonly SeriesValue[] {
    const { environment, name: service } = this.service;
    return measures.map(({ name, value }) => ({
      series: seriesKey({ environment, service, measure: name }),
      watch: this.watched(name).watch,
      at,
      value,
    }));
  }

  /** Makes conditions of what was judged of some measures at a time, in their order. */
  settle(measures: readonly Measure[], at: number, answers: readonly Judged[]): JudgedRow {
    const judged = measures.flatMap((measure, i) => {
      const answer = answers[i];
      return answer ? [this.follow(measure, at, answer)] : [];
    });
    const unusual = judged.filter(({ seen }) => seen.effect >= 1).map(({ seen }) => seen.measure);
    const alerts = judged.flatMap(({ seen, step }) => {
      if (!step.event || this.settings.limited?.includes(seen.measure) === true) return [];
      const related = unusual.filter((measure) => measure !== seen.measure);
      return [conditionAlert(this.service, seen, step.event, related)];
    });
    return { measures: judged.map(({ seen }) => seen), alerts };
  }

  /**
   * A bucket of `stepMs` ended of which something was told, by anybody: ends the conditions of measures of which nothing came for `endMs` of such buckets. What came in this one is judged
   * after this.
   */
  passBucket(at: number, { stepMs, endMs }: BucketTimes): readonly Alert[] {
    return [...this.measures].flatMap(([measure, watched]) => {
      watched.silentMs += stepMs;
      return watched.silentMs >= endMs ? this.endSilent(measure, watched, at) : [];
    });
  }

  /** Forgets the measures of which nothing came for `forgetMs` by a time, and ends their conditions. Returns the ends, and the measures that are forgotten. */
  forgetQuiet(at: number, forgetMs: number): { readonly alerts: readonly Alert[]; readonly forgotten: readonly string[] } {
    const alerts: Alert[] = [];
    const forgotten: string[] = [];
    for (const [measure, watched] of this.measures) {
      if (at - lastOf(watched) < forgetMs) continue;
      alerts.push(...this.endSilent(measure, watched, at));
      this.measures.delete(measure);
      forgotten.push(measure);
    }
    return { alerts, forgotten };
  }

  /** Whether nothing is known. */
  get empty(): boolean {
    return this.measures.size === 0;
  }

  /** Takes what became of an alert on a measure, by its score. */
  feedback(measure: string, score: number, what: Feedback): void {
    this.watched(measure).watch.feedback(score, what);
  }

  /** All that it knows. */
  snapshot(): readonly MeasureState[] {
    return [...this.measures].map(([measure, { watch, condition, silentMs }]) => ({
      measure,
      condition,
      watch: watch.snapshot(),
      ...(silentMs > 0 && { silentMs }),
    }));
  }

  private follow({ name, value }: Measure, at: number, judged: Judged): { readonly seen: JudgedMeasure; readonly step: ConditionStep } {
    const watched = this.watched(name);
    const seen = { ...judged, measure: name, value };
    const step = follow(watched.condition, at, value, seen, watched.watch.alerted);
    watched.condition = step.state;
    if (value !== null) watched.silentMs = 0;
    return { seen, step };
  }

  private endSilent(measure: string, watched: Watched, at: number): readonly Alert[] {
    const { firingSince } = watched.condition;
    if (firingSince === null) return [];
    watched.condition = CALM;
    return [noDataAlert(this.service, measure, { since: firingSince, last: lastOf(watched), at })];
  }

  private watched(measure: string): Watched {
    const found = this.measures.get(measure);
    if (found) return found;
    const begun = { watch: new SeriesWatch(this.settingsOf(measure)), condition: CALM, silentMs: 0 };
    this.measures.set(measure, begun);
    return begun;
  }

  private settingsOf(measure: string): WatchSettings {
    const { detector, alertsPerWeek, chosen, kind = kindOfMeasure(measure) } = this.settings;
    return { detector, alertsPerWeek: alertsPerWeek / MEASURES, ...chosen?.[measure], kind };
  }
}

/** Time of the last value; what was learnt anew knows none yet but what was told. */
function lastOf({ watch, condition }: Watched): number {
  return Math.max(watch.lastAt, condition.firingSince ?? -Infinity);
}

/** Undefined where the bytes are not of these settings. */
function seriesWatch(settings: WatchSettings, bytes: Uint8Array): SeriesWatch | undefined {
  try {
    return SeriesWatch.restore(settings, bytes);
  } catch (error) {
    if (errorCode(error) === 'invalid_input') return undefined;
    throw error;
  }
}
