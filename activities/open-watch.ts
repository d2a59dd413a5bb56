import type { Alert } from '../domain/alert';
import { measureIn, seriesKey } from '../domain/detection/anomaly-record';
import type { AnomalyRecord } from '../domain/detection/anomaly-record';
import { AnomalyWindows } from '../domain/detection/anomaly-window';
import { chosenSettings, choiceName, readChoice } from '../domain/detection/choose-record';
import { fillName, readFill } from '../domain/detection/fill-state';
import type { FillState } from '../domain/detection/fill-state';
import { limitedMeasures } from '../domain/detection/limited';
import { measureText } from '../domain/detection/measure-text';
import { measuresOfService } from '../domain/detection/measures';
import { ServiceWatch } from '../domain/detection/service-watch';
import type { SeriesValue, ServiceWatchSettings } from '../domain/detection/service-watch';
import type { Service } from '../domain/inventory';
import type { Judged } from '../domain/anomaly/watch';
import type { AnomalyFeedback } from '../ports/anomalies';
import type { Checkpoint } from '../ports/detection';
import type { MeasureRow } from '../domain/detection/measure-row';
import type { Scorer } from '../ports/scorer';
import type { DetectionGroupDeps } from './detection-group';
import { HeardFeedback } from './heard-feedback';
import { catchUp, keptRows, oldestRow } from './measure-history';

type WatchDeps = Pick<DetectionGroupDeps, 'samples' | 'history' | 'scorer' | 'book' | 'state' | 'settings' | 'log' | 'heartbeat'>;

/** A service in a worker's hands, with all that is known of it. */
export class OpenWatch {
  private readonly windows = new AnomalyWindows();
  /** Whether something of it was learnt from more rows than those since its checkpoint. */
  anew = false;
  /** The filling of its past that it has learnt, where that is news. */
  filled: FillState | undefined;

  private constructor(
    readonly service: Service,
    /** `environment/name`. */
    readonly key: string,
    private readonly watch: ServiceWatch,
    private readonly heard: HeardFeedback,
  ) {}

  /** A service as it was after the row that ended at `at`: from its last checkpoint and the rows since. What no checkpoint knows, or knows by other settings, is learnt from all rows that are kept. */
  static async open(deps: WatchDeps, service: Service, at: number): Promise<OpenWatch> {
    const { rowMs, measuresMs } = deps.settings;
    const key = `${service.environment}/${service.name}`;
    const settings = await settingsOf(deps, service);
    const from = oldestRow(at, measuresMs, rowMs);
    await catchUp(deps, service, at);
    const saved = await deps.book.restore(key);
    const filled = await filledPast(deps, service, saved);
    if (!saved || saved.judgedTo > at || filled) {
      const opened = new OpenWatch(service, key, new ServiceWatch(service, settings), new HeardFeedback(0));
      opened.filled = filled;
      await opened.learn(deps, from, at);
      // An alert that was told ends under the name of its begin.
      opened.watch.tell(saved?.measures ?? []);
      opened.anew = true;
      return opened;
    }
    const { watch, forgotten } = ServiceWatch.restore(service, settings, saved.measures);
    if (forgotten.length > 0) {
      deps.log.warn({ service: service.name, measures: forgotten }, 'measures are watched by other settings now; they are learnt anew from what is kept');
      const anew = new OpenWatch(service, key, new ServiceWatch(service, settings), new HeardFeedback(0));
      await anew.learn(deps, from, saved.judgedTo, { only: forgotten });
      watch.adopt(anew.watch, forgotten);
    }
    const opened = new OpenWatch(service, key, watch, new HeardFeedback(saved.feedback));
    await opened.learn(deps, saved.judgedTo, at, { scorer: deps.scorer });
    opened.anew = forgotten.length > 0;
    return opened;
  }

  /** What a row asks whoever scores. */
  values({ at, measures }: MeasureRow): readonly SeriesValue[] {
    return this.watch.values(measures, at);
  }

  /** Takes a row as it was judged: alerts that it makes, and the anomalies in it with what their pictures need. */
  row({ at, measures }: MeasureRow, judged: readonly Judged[]): { readonly alerts: readonly Alert[]; readonly records: readonly AnomalyRecord[] } {
    const settled = this.watch.settle(measures, at, judged);
    const { environment, name } = this.service;
    const records = settled.measures.flatMap((seen) => {
      const { measure } = seen;
      return this.windows.take({ environment, service: name, measure, label: measureText(measure) }, at, seen) ?? [];
    });
    return { alerts: settled.alerts, records };
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

  /** Learns the rows after `from` up to `at`, all measures or some only; what a whole past holds is scored here, and whoever scores is asked for what is new alone. */
  private async learn(
    deps: WatchDeps,
    from: number,
    at: number,
    { only, scorer }: { readonly only?: readonly string[]; readonly scorer?: Scorer } = {},
  ): Promise<void> {
    for await (const rows of keptRows(deps.history, this.service, { from, to: at }, deps.settings.rowMs)) {
      for (const whole of rows) {
        const row = only ? { ...whole, measures: whole.measures.filter(({ name }) => only.includes(name)) } : whole;
        const values = this.values(row);
        if (scorer) deps.heartbeat();
        this.row(row, scorer ? await scorer.judge(values) : values.map(({ watch, at: time, value }) => watch.push(time, value)));
      }
      deps.heartbeat();
    }
  }
}

/** A past that was filled in and that nobody has learnt. An alert that is under way ends first, as its end is told under the name of its begin. */
async function filledPast({ state, settings }: WatchDeps, service: Service, saved: Checkpoint | undefined): Promise<FillState | undefined> {
  if (saved?.measures.some(({ condition }) => condition.firingSince !== null) === true) return undefined;
  const fill = readFill(await state.load(fillName(service)), settings.rowMs);
  return fill?.phase === 'filled' ? fill : undefined;
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
