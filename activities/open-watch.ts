import type { Alert } from '../domain/alert';
import { anomalyRecord } from '../domain/detection/anomaly-record';
import type { AnomalyRecord } from '../domain/detection/anomaly-record';
import { AnomalyWindow } from '../domain/detection/anomaly-window';
import { limitedMeasures } from '../domain/detection/limited';
import { measureText } from '../domain/detection/measure-text';
import { ServiceWatch } from '../domain/detection/service-watch';
import type { ServiceWatchSettings } from '../domain/detection/service-watch';
import { errorMessage } from '../domain/errors';
import type { Service } from '../domain/inventory';
import type { WindowStats } from '../domain/metrics';
import type { AnomalyFeedback } from '../ports/anomalies';
import type { Checkpoint } from '../ports/detection';
import type { DetectionGroupDeps } from './detection-group';
import { measureRows } from './measure-rows';

/** Rows that are learnt at a time. */
const ROWS_AT_ONCE = 1000;
/** Without a checkpoint so much of the past is learnt, milliseconds, and no more rows than the detector keeps; older samples are as a rule forgotten. */
const LEARNS_BACK_MS = 24 * 3_600_000;

type WatchDeps = Pick<DetectionGroupDeps, 'samples' | 'book' | 'settings' | 'log' | 'heartbeat'>;

/** A service in a worker's hands, with all that is known of it. */
export class OpenWatch {
  /** The newest rows of each measure, for pictures; after a restart they fill again. */
  private readonly windows = new Map<string, AnomalyWindow>();

  private constructor(
    readonly service: Service,
    /** `environment/name`. */
    readonly key: string,
    private readonly watch: ServiceWatch,
    private feedbackTo: number,
  ) {}

  /** A service as it was after the row that ended at `at`: from its last checkpoint and the rows since, or from the rows alone where there is none or its settings were others. */
  static async open(deps: WatchDeps, service: Service, at: number): Promise<OpenWatch> {
    const { detector, alertsPerWeek, minRequests, rowMs } = deps.settings;
    const key = `${service.environment}/${service.name}`;
    const settings: ServiceWatchSettings = { detector, alertsPerWeek, minRequests, limited: limitedMeasures(service.limits) };
    const saved = await deps.book.restore(key);
    const restored = saved && saved.judgedTo <= at ? restoredWatch(deps, service, settings, saved) : undefined;
    const opened = new OpenWatch(service, key, restored ?? new ServiceWatch(service, settings), restored && saved ? saved.feedback : 0);
    const back = Math.min(LEARNS_BACK_MS, detector.window * rowMs);
    await opened.learn(deps, restored && saved ? saved.judgedTo : at - Math.floor(back / rowMs) * rowMs, at);
    return opened;
  }

  /** Judges a row: alerts that it makes, and the anomalies in it with what their pictures need. */
  row(stats: WindowStats): { readonly alerts: readonly Alert[]; readonly records: readonly AnomalyRecord[] } {
    const { measures, alerts } = this.watch.row(stats);
    const records = measures.flatMap(({ measure, value, band, anomaly }) => {
      const window = this.window(measure);
      window.push(stats.to, value, band);
      const { environment, name } = this.service;
      return anomaly ? [anomalyRecord({ environment, service: name, measure, label: measureText(measure) }, anomaly, window.points())] : [];
    });
    return { alerts, records };
  }

  /** Id of the last feedback that was taken in. */
  get feedback(): number {
    return this.feedbackTo;
  }

  /** Takes in what people said of its anomalies, in order; what it has already is passed over. */
  hear(told: readonly AnomalyFeedback[]): void {
    for (const { id, series, score, what } of told) {
      if (id <= this.feedbackTo) continue;
      this.feedbackTo = id;
      if (series.startsWith(`${this.key}/`)) this.watch.feedback(series.slice(this.key.length + 1), score, what);
    }
  }

  /** All that is known after the row that ended at `judgedTo`. */
  checkpoint(judgedTo: number): Checkpoint {
    return { judgedTo, measures: this.watch.snapshot(), feedback: this.feedbackTo };
  }

  private async learn(deps: WatchDeps, from: number, at: number): Promise<void> {
    const { rowMs } = deps.settings;
    for (let begin = from; begin < at; begin += ROWS_AT_ONCE * rowMs) {
      const end = Math.min(at, begin + ROWS_AT_ONCE * rowMs);
      for (const row of await measureRows(deps.samples, this.service, begin, end, rowMs)) this.row(row);
      deps.heartbeat();
    }
  }

  private window(measure: string): AnomalyWindow {
    const found = this.windows.get(measure) ?? new AnomalyWindow();
    this.windows.set(measure, found);
    return found;
  }
}

function restoredWatch(deps: WatchDeps, service: Service, settings: ServiceWatchSettings, { measures }: Checkpoint): ServiceWatch | undefined {
  try {
    return ServiceWatch.restore(service, settings, measures);
  } catch (error) {
    deps.log.warn(
      { service: service.name, error: errorMessage(error) },
      'a checkpoint is of other settings; the service is learnt anew from what is kept of it',
    );
    return undefined;
  }
}
