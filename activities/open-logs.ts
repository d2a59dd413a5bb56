import { setImmediate as breathe } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Alert } from '../domain/alert';
import { seriesKey } from '../domain/detection/anomaly-record';
import type { AnomalyRecord } from '../domain/detection/anomaly-record';
import { CALM } from '../domain/detection/condition';
import { ErrorLinesWatch } from '../domain/log-watch/error-lines';
import type { ErrorLinesSettings } from '../domain/log-watch/error-lines';
import { LineCounts } from '../domain/log-watch/line-counts';
import { lineNews, mostFrequent, WINDOW_MS } from '../domain/log-watch/line-news';
import type { ToldLine } from '../domain/log-watch/line-news';
import { ERROR_LINES, errorLinesAlert } from '../domain/log-watch/log-alerts';
import type { LogPlace } from '../domain/log-watch/log-alerts';
import { logCheckpointName, readLogCheckpoint } from '../domain/log-watch/log-state';
import type { KeptService, LogCheckpoint } from '../domain/log-watch/log-state';
import type { AnomalyFeedback } from '../ports/anomalies';
import type { LogReader, LogTemplate } from '../ports/archive';
import type { StateStore } from '../ports/store';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** What a service's minutes are learnt from at first sight: two seasons of a week, and a day. */
const LEARN_MS = 15 * DAY_MS;
/** Templates are compared with so much of the past. */
const HISTORY_MS = 7 * DAY_MS;
/** Templates of a service that are read at once. */
const MOST_READ = 1000;
/** Minutes that are learnt before others are let through. */
const MINUTES_AT_ONCE = 2000;

/** What opening a service works with. */
export interface OpenLogsDeps {
  readonly logs: LogReader;
  readonly state: StateStore;
  readonly settings: ErrorLinesSettings;
}

/** The lines of one service, with all that is known of them. */
export class OpenLogs {
  private told: readonly ToldLine[] = [];
  private readonly counts = new LineCounts(HISTORY_MS + WINDOW_MS);

  private constructor(
    readonly place: LogPlace,
    private watch: ErrorLinesWatch,
    /** Since when the service is known to write lines, epoch milliseconds. */
    private readonly knownSince: number,
    private feedbackTo: number,
  ) {}

  /** A service as it was after the minute that ended at `at` (epoch milliseconds): from its last checkpoint and the archive, and with what was told and may not be over. */
  static async open(deps: OpenLogsDeps, place: LogPlace, at: number, kept?: KeptService): Promise<OpenLogs> {
    const { environment, name } = place;
    const saved = readLogCheckpoint(await deps.state.load(logCheckpointName(environment, name)));
    const usable = saved && saved.judgedTo <= at && saved.judgedTo >= at - LEARN_MS ? saved : undefined;
    const restored = usable && ErrorLinesWatch.restore(place, deps.settings, gunzipSync(Buffer.from(usable.watch, 'base64')), usable);
    const watch = restored ?? ErrorLinesWatch.begin(place, deps.settings);
    const where = { environment, service: name };
    const errors = await deps.logs.templates({ ...where, level: 'error', from: at - LEARN_MS, to: at - 1, limit: MOST_READ });
    const warnings = await deps.logs.templates({ ...where, level: 'warn', from: at - HISTORY_MS, to: at - 1, limit: MOST_READ });
    const any = await deps.logs.templates({ ...where, from: at - HOUR_MS, to: at - 1, limit: MOST_READ });
    const firsts = [...errors, ...warnings].map(({ minutes }) => minutes[0]?.at ?? at);
    const first = [...firsts, ...any.map(({ createdAt }) => createdAt)].reduce((least, each) => Math.min(least, each), at);
    const opened = new OpenLogs(place, watch, floor(first), (restored && usable?.feedback) ?? 0);
    await opened.learn(errors, restored && usable ? usable.judgedTo : Math.max(opened.knownSince, at - LEARN_MS), at);
    opened.counts.take([...errors, ...warnings]);
    opened.counts.age(at);
    watch.tell(kept?.condition ?? CALM);
    opened.told = kept?.told ?? [];
    return opened;
  }

  /** Takes what was read of the newest minutes. */
  take(found: readonly LogTemplate[]): void {
    this.counts.take(found);
  }

  /** Judges the minute that ends at `to`, epoch milliseconds. */
  judge(to: number): { readonly alerts: readonly Alert[]; readonly records: readonly AnomalyRecord[] } {
    const at = to - MINUTE_MS;
    const { event, record } = this.watch.minute(at, this.counts.errors(at));
    const lines = this.counts.before(to);
    const seen = lines.some(({ minutes }) => (minutes.at(-1)?.at ?? 0) >= to - WINDOW_MS) || this.told.length > 0;
    const from = Math.max(this.knownSince, to - HISTORY_MS);
    const news = seen ? lineNews(this.place, { lines, from, now: to, told: this.told }) : { told: [], alerts: [], records: [] };
    this.told = news.told;
    if (to % WINDOW_MS === 0) this.counts.age(to);
    if (!event) return { alerts: news.alerts, records: [...(record ? [record] : []), ...news.records] };
    const most = event.kind === 'begins' ? mostFrequent(lines, event.since) : undefined;
    const condition = { since: event.since, ...(event.kind === 'ends' && { endedAt: event.at }) };
    const spike = errorLinesAlert(this.place, condition, { ...(record && { record }), ...(most && { most }) });
    return { alerts: [spike, ...news.alerts], records: [...(record ? [record] : []), ...news.records] };
  }

  /** Whether there is nothing to watch: no lines are remembered, and nothing that was told stands. */
  get idle(): boolean {
    return this.counts.empty && this.standing === undefined;
  }

  /** What was told and may not be over; undefined where nothing is. */
  get standing(): KeptService | undefined {
    const { condition } = this.watch.state;
    if (condition.firingSince === null && this.told.length === 0) return undefined;
    return { environment: this.place.environment, service: this.place.name, condition, told: this.told };
  }

  /** Id of the last feedback that was taken in. */
  get feedback(): number {
    return this.feedbackTo;
  }

  /** Takes in what people said of its anomalies, in order; what it has already is passed over. */
  hear(feedback: readonly AnomalyFeedback[]): void {
    const key = seriesKey({ environment: this.place.environment, service: this.place.name, measure: ERROR_LINES });
    for (const { id, series, score, what } of feedback) {
      if (id <= this.feedbackTo) continue;
      this.feedbackTo = id;
      if (series === key) this.watch.feedback(score, what);
    }
  }

  /** All that is known of its error lines after the minute that ended at `judgedTo`. */
  checkpoint(judgedTo: number): LogCheckpoint {
    const { condition, before } = this.watch.state;
    return { judgedTo, feedback: this.feedbackTo, condition, before, watch: gzipSync(this.watch.snapshot()).toString('base64') };
  }

  private async learn(errors: readonly LogTemplate[], from: number, to: number): Promise<void> {
    const sums = new Map<number, number>();
    for (const { minutes } of errors) for (const { at, lines } of minutes) sums.set(at, (sums.get(at) ?? 0) + lines);
    for (let at = from, done = 1; at < to; at += MINUTE_MS, done += 1) {
      this.watch.minute(at, sums.get(at) ?? 0);
      if (done % MINUTES_AT_ONCE === 0) await breathe();
    }
  }
}

function floor(at: number): number {
  return Math.floor(at / MINUTE_MS) * MINUTE_MS;
}
