import type { LogRecord } from '../telemetry';

/** A template of one service with its lines by minute. */
export interface CountedTemplate {
  readonly id: string;
  readonly text: string;
  readonly level: LogRecord['level'];
  /** One of its lines. */
  readonly sample: string;
  /** Oldest first; `at` is the begin of the minute, epoch milliseconds. Minutes without lines may be left out. */
  readonly minutes: readonly { readonly at: number; readonly lines: number }[];
}

/** What is compared with what, and how often it may alarm. Times in milliseconds. */
export interface RateSettings {
  /** Begin of the history, and the time now (its end), epoch milliseconds. Lines of other times are not looked at. */
  readonly from: number;
  readonly now: number;
  /** Length of the window that ends now and is judged; the history is cut into windows as long. Whole minutes. */
  readonly windowMs: number;
  /** Begin of the history in which every template is taken for a known one. */
  readonly learningMs: number;
  /** Times of incidents and their like, which tell nothing of what is usual. */
  readonly ignored: readonly { readonly from: number; readonly to: number }[];
  /** How often a week lines of a service that is well may be taken for an anomaly, for new templates and for rates each. */
  readonly alertsPerWeek: number;
  /** A rate must be so many times more or less than expected, */
  readonly leastRatio: number;
  /** and by so many lines. */
  readonly leastLines: number;
  /** Most anomalies told, the strongest ones. */
  readonly most: number;
}

/** What goes for every service where nothing else is set. */
export const RATE_DEFAULTS = { windowMs: 300_000, learningMs: 86_400_000, ignored: [], alertsPerWeek: 1, leastRatio: 3, leastLines: 5, most: 20 } as const;

/** A template that is new, or is written more or less often than ever. */
export interface LogAnomaly {
  readonly kind: 'new' | 'more' | 'fewer';
  readonly template: string;
  readonly text: string;
  readonly level: LogRecord['level'];
  /** Lines in the window. */
  readonly lines: number;
  /** Lines expected in a window: the mean, and the band in which 99 of 100 lie. Zeros for a new one. */
  readonly expected: { readonly mean: number; readonly low: number; readonly high: number };
  /** Epoch milliseconds: the first line of a new one, the first minute above or without what was expected. */
  readonly since: number;
  /** Chance of so many or few lines if nothing had changed; of a new one how many windows of the history had a newcomer as strong, as a share. */
  readonly chance: number;
  /** One of the lines, redacted and on one line. */
  readonly example: string;
  /** All of that for people. */
  readonly sentence: string;
}
