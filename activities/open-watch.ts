import type { Alert } from '../domain/alert';
import { measureIn, seriesKey } from '../domain/detection/anomaly-record';
import type { AnomalyRecord } from '../domain/detection/anomaly-record';
import { AnomalyWindows } from '../domain/detection/anomaly-window';
import { chosenSettings, choiceName, readChoice } from '../domain/detection/choose-record';
import { limitedMeasures } from '../domain/detection/limited';
import { measureText } from '../domain/detection/measure-text';
import { measuresOfService } from '../domain/detection/measures';
import { ServiceWatch } from '../domain/detection/service-watch';
import type { SeriesValue, ServiceWatchSettings } from '../domain/detection/service-watch';
import type { Service } from '../domain/inventory';
import type { Judged } from '../domain/anomaly/watch';
import type { WindowStats } from '../domain/metrics';
import type { AnomalyFeedback } from '../ports/anomalies';
import type { Checkpoint } from '../ports/detection';
import type { DetectionGroupDeps } from './detection-group';
import { HeardFeedback } from './heard-feedback';
import { measureRows } from './measure-rows';

/** Rows that are learnt at a time. */
const ROWS_AT_ONCE = 1000;

type WatchDeps = Pick<DetectionGroupDeps, 'samples' | 'scorer' | 'book' | 'state' | 'settings' | 'log' | 'heartbeat'>;

/** A service in a worker's hands, with all that is known of it. */
export class OpenWatch {
  private readonly windows = new AnomalyWindows();

  private constructor(
    readonly service: Service,
    /** `environment/name`. */
    readonly key: string,
    private readonly watch: ServiceWatch,
    private readonly heard: HeardFeedback,
  ) {}

  /** A service as it was after the row that ended at `at`: from its last checkpoint and the rows since. What no checkpoint knows, or knows by other settings, is learnt from the rows that are kept. */
  static async open(deps: WatchDeps, service: Service, at: number): Promise<OpenWatch> {
    const { detector, rowMs, keepMs } = deps.settings;
    const key = `${service.environment}/${service.name}`;
    const settings = await settingsOf(deps, service);
    const from = at - Math.floor(Math.min(keepMs, detector.window * rowMs) / rowMs) * rowMs;
    const saved = await deps.book.restore(key);
    if (!saved || saved.judgedTo > at) {
      const opened = new OpenWatch(service, key, new ServiceWatch(service, settings), new HeardFeedback(0));
      await opened.learn(deps, from, at);
      return opened;
    }
    const { watch, forgotten } = ServiceWatch.restore(service, settings, saved.measures);
    if (forgotten.length > 0) {
      deps.log.warn({ service: service.name, measures: forgotten }, 'measures are watched by other settings now; they are learnt anew from what is kept');
      const anew = new OpenWatch(service, key, new ServiceWatch(service, settings), new HeardFeedback(0));
      await anew.learn(deps, from, saved.judgedTo);
      watch.adopt(anew.watch, forgotten);
    }
    const opened = new OpenWatch(service, key, watch, new HeardFeedback(saved.feedback));
    await opened.learn(deps, saved.judgedTo, at);
    return opened;
  }

  /** What a row asks whoever scores. */
  values(stats: WindowStats): readonly SeriesValue[] {
    return this.watch.values(this.watch.measuresIn(stats), stats.to);
  }

  /** Takes a row as it was judged: alerts that it makes, and the anomalies in it with what their pictures need. */
  row(stats: WindowStats, judged: readonly Judged[]): { readonly alerts: readonly Alert[]; readonly records: readonly AnomalyRecord[] } {
    const { measures, alerts } = this.watch.settle(this.watch.measuresIn(stats), stats.to, judged);
    const { environment, name } = this.service;
    const records = measures.flatMap((seen) => {
      const { measure } = seen;
      return this.windows.take({ environment, service: name, measure, label: measureText(measure) }, stats.to, seen) ?? [];
    });
    return { alerts, records };
  }

  /** Id of the last feedback that was taken in. */
  get feedback(): number {
    return this.heard.last;
  }

  /** Takes in what people said of its anomalies, in order; what it has already is passed over. */
  hear(told: readonly AnomalyFeedback[]): void {
    this.heard.take(told, ({ series, score, what }) => {
      const measure = measureIn(series, this.service);
      if (measure !== undefined) this.watch.feedback(measure, score, what);
    });
  }

  /** All that is known after the row that ended at `judgedTo`. */
  checkpoint(judgedTo: number): Checkpoint {
    return { judgedTo, measures: this.watch.snapshot(), feedback: this.heard.last };
  }

  private async learn(deps: WatchDeps, from: number, at: number): Promise<void> {
    const { rowMs } = deps.settings;
    for (let begin = from; begin < at; begin += ROWS_AT_ONCE * rowMs) {
      const end = Math.min(at, begin + ROWS_AT_ONCE * rowMs);
      for (const row of await measureRows(deps.samples, this.service, begin, end, rowMs)) {
        this.row(row, await deps.scorer.judge(this.values(row)));
      }
      deps.heartbeat();
    }
  }
}

/** The configured settings, and what the backtest chose for single measures. */
async function settingsOf({ settings, state }: WatchDeps, service: Service): Promise<ServiceWatchSettings> {
  const { detector, alertsPerWeek, minRequests } = settings;
  const { environment, name } = service;
  const chosen: Record<string, NonNullable<ReturnType<typeof chosenSettings>>> = {};
  for (const measure of measuresOfService(service)) {
    const choice = readChoice(await state.load(choiceName(seriesKey({ environment, service: name, measure }))));
    const other = choice && chosenSettings(choice);
    if (other) chosen[measure] = other;
  }
  return { detector, alertsPerWeek, minRequests, limited: limitedMeasures(service.limits), chosen };
}
