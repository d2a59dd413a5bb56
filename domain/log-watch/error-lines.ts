import type { Band } from '../anomaly/band';
import type { EffectFloor } from '../anomaly/kinds';
import type { DetectorSettings } from '../anomaly/presets';
import type { Feedback } from '../anomaly/threshold';
import type { Judged, WatchSettings } from '../anomaly/watch';
import { SeriesWatch } from '../anomaly/watch';
import { anomalyRecord } from '../detection/anomaly-record';
import type { AnomalyRecord } from '../detection/anomaly-record';
import { AnomalyWindow } from '../detection/anomaly-window';
import { CALM, follow } from '../detection/condition';
import type { ConditionState, ConditionStep } from '../detection/condition';
import { errorCode } from '../errors';
import type { LogPlace } from './log-alerts';
import { ERROR_LINES } from './log-alerts';

const MINUTE_MS = 60_000;
/**
 * Minutes running of which the least is judged: a restart, or a job that fails, writes its lines within one or two. Of single minutes the bursts of a healthy service filled the history, and
 * in a simulation three of four spikes were missed.
 */
const MINUTES = 3;
/**
 * What matters: ten lines a minute more than expected, and four times as many; fewer are no trouble. Thirty more are told also of a service that is known for a short while only, as its first weeks
 * would be blind otherwise.
 */
const FLOOR: EffectFloor = { bad: 'above', absolute: 10, relative: 3, far: 30 };
/** What stands out in error lines is mostly far below the floor, so that a threshold from so many times the budget still gives fewer alerts than it allows; below it the rare lines of a quiet service hide a spike. */
const BELOW_FLOOR = 3;
const LABEL = 'error lines in each of three minutes';

/** How the error lines of a service are watched. */
export interface ErrorLinesSettings {
  readonly detector: DetectorSettings;
  /** Alerts a week that this series may give. */
  readonly alertsPerWeek: number;
}

/** What is remembered beside the detector. Plain JSON. */
export interface ErrorLinesState {
  readonly condition: ConditionState;
  /** Lines of the minutes before, oldest first. */
  readonly before: readonly number[];
}

/** What one minute showed. */
export interface JudgedMinute extends Judged {
  readonly event?: NonNullable<ConditionStep['event']>;
  readonly record?: AnomalyRecord;
}

/** Watches how many error lines a service writes, minute by minute, by its own history. The same minutes give the same answers, also after `snapshot` and `restore`. */
export class ErrorLinesWatch {
  private readonly window = new AnomalyWindow();
  private condition: ConditionState = CALM;
  private before: readonly number[] = [];

  private constructor(
    private readonly place: LogPlace,
    private readonly watch: SeriesWatch,
  ) {}

  /** A watch that knows nothing yet. */
  static begin(place: LogPlace, settings: ErrorLinesSettings): ErrorLinesWatch {
    return new ErrorLinesWatch(place, new SeriesWatch(watchSettings(settings)));
  }

  /** The watch that a snapshot was taken of; undefined where the bytes are not of these settings. */
  static restore(place: LogPlace, settings: ErrorLinesSettings, snapshot: Uint8Array, state: ErrorLinesState): ErrorLinesWatch | undefined {
    try {
      const restored = new ErrorLinesWatch(place, SeriesWatch.restore(watchSettings(settings), snapshot));
      restored.condition = state.condition;
      restored.before = state.before;
      return restored;
    } catch (error) {
      if (errorCode(error) === 'invalid_input') return undefined;
      throw error;
    }
  }

  get state(): ErrorLinesState {
    return { condition: this.condition, before: this.before };
  }

  /** What was told counts, whatever learning again made of it: lines that came late may have changed that. */
  tell(condition: ConditionState): void {
    this.condition = condition;
  }

  /** All that the detector knows. */
  snapshot(): Uint8Array {
    return this.watch.snapshot();
  }

  /** Takes what became of an anomaly, by its score. */
  feedback(score: number, what: Feedback): void {
    this.watch.feedback(score, what);
  }

  /** Judges the lines of the minute that begins at `at` (epoch milliseconds); minutes come in order. */
  minute(at: number, lines: number): JudgedMinute {
    const value = this.before.length < MINUTES - 1 ? 0 : Math.min(lines, ...this.before);
    this.before = [...this.before, lines].slice(-(MINUTES - 1));
    const judged = this.watch.push(at, value);
    this.window.push(at, value, judged.band && countable(judged.band));
    const { state, event } = follow(this.condition, at, value, judged, this.watch.alerted);
    this.condition = state;
    const begun = event && { ...event, since: beginOf(event.since) };
    return { ...judged, ...(begun && { event: begun }), ...(judged.anomaly && { record: this.recordOf(judged.anomaly) }) };
  }

  private recordOf(anomaly: NonNullable<Judged['anomaly']>): AnomalyRecord {
    const { environment, name: service } = this.place;
    const told = { ...anomaly, kind: 'log' as const, since: beginOf(anomaly.since), band: countable(anomaly.band) };
    return anomalyRecord({ environment, service, measure: ERROR_LINES, label: LABEL }, told, this.window.points());
  }
}

/** Lines are never fewer than none. */
function countable({ low, expected, high }: Band): Band {
  return { low: Math.max(0, low), expected: Math.max(0, expected), high: Math.max(0, high) };
}

/** The first of the minutes that the first value outside was made of. */
function beginOf(since: number): number {
  return since - (MINUTES - 1) * MINUTE_MS;
}

function watchSettings({ detector, alertsPerWeek }: ErrorLinesSettings): WatchSettings {
  // Judged as they are: by ratio, as other numbers, the step from no line to one would be as far as that from one to a thousand.
  return { detector, alertsPerWeek: BELOW_FLOOR * alertsPerWeek, kind: 'saturation', floor: FLOOR };
}
