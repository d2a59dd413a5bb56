import type { Alert } from '../domain/alert';
import { measureIn } from '../domain/detection/anomaly-record';
import type { AnomalyRecord } from '../domain/detection/anomaly-record';
import { AnomalyWindows } from '../domain/detection/anomaly-window';
import type { Measure } from '../domain/detection/measures';
import { ServiceWatch } from '../domain/detection/service-watch';
import type { MeasureState, ServiceWatchSettings } from '../domain/detection/service-watch';
import { findService } from '../domain/inventory';
import type { Service } from '../domain/inventory';
import { SERIES_SOURCE } from '../domain/series/definition';
import type { SeriesDefinition } from '../domain/series/definition';
import { labelsText } from '../domain/series/labels-text';
import { progressName, readProgress } from '../domain/series/progress';
import type { AnomalyFeedback } from '../ports/anomalies';
import type { PointReader, Series } from '../ports/archive';
import type { Checkpoint } from '../ports/detection';
import type { DetectionGroupDeps } from './detection-group';
import { HeardFeedback } from './heard-feedback';

/** Sets of labels of one declaration that are judged at most. */
const MOST_STREAMS = 200;
/** Without a value for so long while others have one, or for so many buckets where these are long, a condition ends; milliseconds. */
const QUIET_MS = 60 * 60_000;
const QUIET_BUCKETS = 3;
/** Buckets of each stream that are judged at a time. */
const BUCKETS_AT_ONCE = 500;

type SeriesDeps = Pick<DetectionGroupDeps, 'services' | 'points' | 'scorer' | 'book' | 'state' | 'settings' | 'clock' | 'heartbeat'>;
type Place = Pick<Service, 'name' | 'environment' | 'tier'>;

/** A declared series in a worker's hands: the buckets of all its labels, judged as far as they are made. What a crash leaves open is judged again from the last checkpoint, under ids that are known by then. */
export class OpenSeries {
  private readonly watches = new Map<string, { readonly place: Place; readonly watch: ServiceWatch }>();
  private readonly windows = new AnomalyWindows();
  private judgedTo = 0;
  /** Whether it was learnt from the buckets that are kept. */
  anew = false;
  private heard = new HeardFeedback(0);

  private constructor(
    private readonly deps: SeriesDeps,
    private readonly definition: SeriesDefinition,
    private readonly settings: ServiceWatchSettings,
  ) {}

  /** Name of its checkpoint. */
  get key(): string {
    return `series:${this.definition.name}`;
  }

  /** Id of the last feedback that was taken in. */
  get feedback(): number {
    return this.heard.last;
  }

  /** A series as its last checkpoint knows it; without one it learns from the buckets that are kept. */
  static async open(deps: SeriesDeps, definition: SeriesDefinition): Promise<OpenSeries> {
    const { detector, alertsPerWeek } = deps.settings;
    const kind = definition.anomalies?.kind ?? 'other';
    const opened = new OpenSeries(deps, definition, { detector, alertsPerWeek, kind, minRequests: 0 });
    const saved = await deps.book.restore(opened.key);
    if (saved && opened.restore(saved)) return opened;
    const madeTo = await opened.madeTo();
    // What was made while nobody judged is judged after this.
    const end = Math.min(saved?.judgedTo ?? madeTo, madeTo);
    opened.judgedTo = end - detector.window * definition.slideMs;
    while (opened.judgedTo < end) await opened.judge(end);
    opened.tell(saved?.measures ?? []);
    opened.anew = true;
    return opened;
  }

  /** Judges the buckets that were made since, at most so many, and none after `until` (epoch milliseconds). */
  async judge(until = Infinity): Promise<{ readonly alerts: readonly Alert[]; readonly records: readonly AnomalyRecord[] }> {
    const { slideMs } = this.definition;
    const to = Math.min(until, await this.madeTo(), this.judgedTo + BUCKETS_AT_ONCE * slideMs);
    const alerts: Alert[] = [];
    const records: AnomalyRecord[] = [];
    if (to <= this.judgedTo) return { alerts, records };
    let passed = this.judgedTo;
    for (const row of await readRows(this.deps.points, this.definition, this.judgedTo, to)) {
      // Before its values: what comes back after a long quiet begins anew, however many buckets are judged at a time.
      if (row.at > passed) alerts.push(...this.forgetQuiet(row.at), ...this.passBucket(row.at));
      passed = row.at;
      const judged = await this.judgeRow(row);
      alerts.push(...judged.alerts);
      records.push(...judged.records);
    }
    alerts.push(...this.forgetQuiet(to));
    this.judgedTo = to;
    this.deps.heartbeat();
    return { alerts, records };
  }

  /** Takes in what people said of its anomalies, in order; what it has already is passed over. */
  hear(told: readonly AnomalyFeedback[]): void {
    this.heard.take(told, ({ series, score, what }) => {
      for (const { place, watch } of this.watches.values()) {
        const measure = measureIn(series, place) ?? '';
        if (measure === this.definition.name || measure.startsWith(`${this.definition.name}{`)) watch.feedback(measure, score, what);
      }
    });
  }

  /** All that is known of it. */
  checkpoint(): Checkpoint {
    const measures = [...this.watches.values()].flatMap(({ place, watch }) =>
      watch.snapshot().map((state): MeasureState => ({ ...state, measure: JSON.stringify([place.environment, place.name, state.measure]) })),
    );
    return { judgedTo: this.judgedTo, measures, feedback: this.heard.last };
  }

  /** Ends what is silent while others have buckets: what nobody has may be a gap of our own, and says nothing of anything. */
  private passBucket(at: number): readonly Alert[] {
    const { windowMs, slideMs, anomalies } = this.definition;
    const endMs = anomalies?.quietMs ?? Math.max(QUIET_MS, QUIET_BUCKETS * Math.max(windowMs, slideMs));
    return [...this.watches.values()].flatMap(({ watch }) => watch.passBucket(at, { stepMs: slideMs, endMs }));
  }

  /** Forgets what has sent no values for longer than buckets are kept: labels come and go. */
  private forgetQuiet(at: number): readonly Alert[] {
    const alerts: Alert[] = [];
    for (const [key, { place, watch }] of this.watches) {
      const quiet = watch.forgetQuiet(at, Math.max(this.deps.settings.pointsMs, this.definition.anomalies?.quietMs ?? 0));
      alerts.push(...quiet.alerts);
      for (const measure of quiet.forgotten) this.windows.forget({ environment: place.environment, service: place.name, measure });
      if (watch.empty) this.watches.delete(key);
    }
    return alerts;
  }

  private async judgeRow({
    environment,
    service,
    at,
    measures,
  }: Row): Promise<{ readonly alerts: readonly Alert[]; readonly records: readonly AnomalyRecord[] }> {
    const { place, watch } = this.watchOf(environment, service);
    const judged = watch.settle(measures, at, await this.deps.scorer.judge(watch.values(measures, at)));
    const { unit } = this.definition;
    const records = judged.measures.flatMap((seen) => {
      const series = { environment: place.environment, service: place.name, measure: seen.measure, ...(unit !== undefined && { unit }) };
      return this.windows.take(series, at, seen) ?? [];
    });
    return { alerts: judged.alerts, records };
  }

  /** False where it is of other settings: then nothing is taken. */
  private restore({ judgedTo, measures, feedback }: Checkpoint): boolean {
    for (const { environment, service, states } of byService(measures)) {
      const place = this.placeOf(environment, service);
      const { watch, forgotten } = ServiceWatch.restore(place, this.settings, states);
      if (forgotten.length > 0) {
        this.watches.clear();
        return false;
      }
      this.watches.set(JSON.stringify([environment, service]), { place, watch });
    }
    this.judgedTo = judgedTo;
    this.heard = new HeardFeedback(feedback);
    return true;
  }

  /** Holds the conditions that were told, and no others. */
  private tell(measures: readonly MeasureState[]): void {
    for (const { watch } of this.watches.values()) watch.tell([]);
    for (const { environment, service, states } of byService(measures)) this.watchOf(environment, service).watch.tell(states);
  }

  /** How far buckets are made. */
  private async madeTo(): Promise<number> {
    const { state, clock } = this.deps;
    return readProgress(this.definition, await state.load(progressName(this.definition.name)), clock.now()).madeTo;
  }

  private watchOf(environment: string, service: string): { readonly place: Place; readonly watch: ServiceWatch } {
    const key = JSON.stringify([environment, service]);
    const place = this.placeOf(environment, service);
    const found = this.watches.get(key) ?? { place, watch: new ServiceWatch(place, this.settings) };
    this.watches.set(key, found);
    return found;
  }

  private placeOf(environment: string, name: string): Place {
    return { environment, name, tier: findService(this.deps, environment, name)?.tier ?? 'standard' };
  }
}

/** States of a checkpoint by service, under the names of their measures alone. */
function byService(measures: readonly MeasureState[]): { readonly environment: string; readonly service: string; readonly states: MeasureState[] }[] {
  const services = new Map<string, { readonly environment: string; readonly service: string; readonly states: MeasureState[] }>();
  for (const state of measures) {
    const [environment = '', service = '', measure = ''] = JSON.parse(state.measure) as readonly string[];
    const key = JSON.stringify([environment, service]);
    const found = services.get(key) ?? { environment, service, states: [] };
    services.set(key, found);
    found.states.push({ ...state, measure });
  }
  return [...services.values()];
}

/** The values of one service at one time. */
interface Row {
  readonly environment: string;
  readonly service: string;
  readonly at: number;
  readonly measures: Measure[];
}

/** Rows with `from < at <= to` (epoch milliseconds), oldest first. */
async function readRows(points: PointReader, { name, anomalies }: SeriesDefinition, from: number, to: number): Promise<readonly Row[]> {
  const streams = (await points.series({ metric: name, limit: 2 * MOST_STREAMS })).filter(({ source }) => source === SERIES_SOURCE).slice(0, MOST_STREAMS);
  const found = await points.read(
    streams.map(({ id }) => id),
    from + 1,
    to,
  );
  const rows = new Map<string, Row>();
  for (const { id, environment, service, labels } of streams) {
    for (const { at, value } of found.get(id) ?? []) {
      const key = JSON.stringify([environment, service, at]);
      const row = rows.get(key) ?? { environment, service, at, measures: [] };
      rows.set(key, row);
      row.measures.push({ name: nameOf(name, labels), kind: anomalies?.kind ?? 'other', value });
    }
  }
  return [...rows.values()].sort((a, b) => a.at - b.at);
}

function nameOf(name: string, labels: Series['labels']): string {
  const text = labelsText(labels);
  return text === '' ? name : `${name}{${text}}`;
}
