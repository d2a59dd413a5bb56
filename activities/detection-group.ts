import type { Alert } from '../domain/alert';
import { metricsLagMs } from '../domain/aws/service-metrics';
import type { AnomalyRecord } from '../domain/detection/anomaly-record';
import type { DetectorSettings } from '../domain/anomaly/presets';
import { fillName } from '../domain/detection/fill-state';
import type { FillState } from '../domain/detection/fill-state';
import { groupName, groupSeries, groupServices } from '../domain/detection/groups';
import { errorCode, errorMessage } from '../domain/errors';
import type { Service } from '../domain/inventory';
import type { SeriesDefinition } from '../domain/series/definition';
import type { DetectionActivities } from '../domain/steps';
import type { AnomalyFeedback, AnomalyStore, FeedbackStore } from '../ports/anomalies';
import type { PointReader } from '../ports/archive';
import type { Clock } from '../ports/clock';
import type { DetectionBook } from '../ports/detection';
import type { MeasureHistory, ServiceRows } from '../ports/measures';
import type { SampleArchive } from '../ports/metrics';
import type { Scorer } from '../ports/scorer';
import type { Inbox, StateStore } from '../ports/store';
import { rowsOfSamples } from './measure-history';
import { OpenSeries } from './open-series';
import { OpenWatch } from './open-watch';

/** How services are judged; times in milliseconds. */
export interface DetectionSettings {
  readonly detector: DetectorSettings;
  /** Alerts a week of one service. */
  readonly alertsPerWeek: number;
  readonly minRequests: number;
  readonly rowMs: number;
  /** A row is judged so long after its end: what was scraped in it is in the store by then. */
  readonly graceMs: number;
  readonly groups: number;
  readonly checkpointMs: number;
  /** How long samples are kept, and the rows that were judged. */
  readonly keepMs: number;
  readonly measuresMs: number;
  /** How long buckets of declared series are kept. */
  readonly pointsMs: number;
  readonly inboxLimit: number;
}

/** What the judging of groups works with. */
export interface DetectionGroupDeps {
  readonly services: readonly Service[];
  /** Declared series; those that say so are judged too. */
  readonly series: readonly SeriesDefinition[];
  readonly samples: Pick<SampleArchive, 'read'>;
  /** Rows that were judged. */
  readonly history: MeasureHistory;
  readonly points: PointReader;
  readonly scorer: Scorer;
  readonly inbox: Pick<Inbox, 'accept'>;
  readonly book: DetectionBook;
  readonly anomalies: Pick<AnomalyStore, 'put'>;
  readonly feedback: Pick<FeedbackStore, 'since'>;
  readonly state: Pick<StateStore, 'load' | 'save'>;
  readonly clock: Clock;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  readonly settings: DetectionSettings;
  /** Aborted when this worker is to give up what it has. */
  readonly ends: () => AbortSignal;
  readonly heartbeat: () => void;
  /** Waits so long, or until the signal is aborted; never fails. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Called when alerts were committed. */
  readonly onAlerts: () => void;
}

/** Rows that are judged before it is written how far: after a long absence it goes on step by step. */
const MOST_ROWS = 200;
const FEEDBACK_PAGE = 500;

/**
 * Judges groups. Every row is judged once and in order: a worker that takes a group over begins with the last checkpoints, learns the rows from there to where the group was judged without
 * telling them, and goes on. Alerts and the history of rows are committed before the progress: alerts under ids that the same rows always give, and of a row the first one stays.
 */
export function createDetectionActivities(deps: DetectionGroupDeps): DetectionActivities {
  return {
    async judgeGroup({ group, groups, turnMs }) {
      if (groups !== deps.settings.groups) return 'gone';
      const services = groupServices(deps.services, group, groups);
      const series = groupSeries(deps.series, group, groups);
      try {
        await new Turn(deps, groupName(group, groups), services, series).run(deps.clock.now() + turnMs);
      } catch (error) {
        // Somebody else has the group: its turn is the one that counts.
        if (errorCode(error) !== 'conflict') throw error;
        deps.log.warn({ group, error: errorMessage(error) }, 'a group of services was taken over');
      }
      return 'again';
    },
  };
}

/** One worker's hold on a group. */
class Turn {
  private epoch = 0;
  private judgedTo = 0;
  private checkpointAt = 0;
  private watches: readonly OpenWatch[] = [];
  private series: readonly OpenSeries[] = [];

  constructor(
    private readonly deps: DetectionGroupDeps,
    private readonly group: string,
    private readonly services: readonly Service[],
    private readonly declared: readonly SeriesDefinition[],
  ) {}

  async run(until: number): Promise<void> {
    const { deps } = this;
    const ends = deps.ends();
    if (!(await this.begin(until, ends))) return;
    while (!ends.aborted && deps.clock.now() < until) {
      await this.judge();
      deps.heartbeat();
      const next = this.judgedTo + deps.settings.rowMs + deps.settings.graceMs;
      if (next > deps.clock.now()) await deps.pause(Math.min(next, until) - deps.clock.now(), ends);
    }
    await this.save();
  }

  /** False where the turn is over before all is learnt; the next one goes on. */
  private async begin(until: number, ends: AbortSignal): Promise<boolean> {
    const { book, clock, settings, heartbeat } = this.deps;
    const { epoch, judgedTo } = await book.take(this.group);
    this.epoch = epoch;
    this.judgedTo = floor(judgedTo ?? clock.now() - settings.graceMs, settings.rowMs);
    this.checkpointAt = clock.now() + settings.checkpointMs;
    const watches: OpenWatch[] = [];
    for (const service of this.services) {
      if (ends.aborted || clock.now() >= until) return false;
      const watch = await OpenWatch.open(this.deps, service, this.judgedOf(service));
      watches.push(watch);
      // Five weeks of a thousand services take longer than a turn: the next one need not begin anew.
      if (watch.anew) await this.keepLearnt(watch);
      heartbeat();
    }
    this.watches = watches;
    const series: OpenSeries[] = [];
    for (const definition of this.declared) {
      const opened = await OpenSeries.open(this.deps, definition);
      series.push(opened);
      if (opened.anew) await book.checkpoint(this.group, this.epoch, opened.key, opened.checkpoint());
    }
    this.series = series;
    return true;
  }

  private async keepLearnt(watch: OpenWatch): Promise<void> {
    await this.deps.book.checkpoint(this.group, this.epoch, watch.key, watch.checkpoint(this.judgedOf(watch.service)));
    if (watch.filled) await this.deps.state.save(fillName(watch.service), { ...watch.filled, phase: 'learnt' } satisfies FillState);
  }

  /** Judges the rows that are over, and says how far. */
  private async judge(): Promise<void> {
    const { settings, clock, book, inbox, history, onAlerts } = this.deps;
    const due = floor(clock.now() - settings.graceMs, settings.rowMs);
    const to = Math.min(due, this.judgedTo + MOST_ROWS * settings.rowMs);
    if (to <= this.judgedTo) return;
    const alerts: Alert[] = [];
    const judged: readonly ServiceRows[] = await this.readRows(to);
    alerts.push(...(await this.judgeRows(judged)));
    for (const series of this.series) alerts.push(...(await this.keep(await series.judge())));
    if (alerts.length > 0) {
      await inbox.accept(alerts, clock.now(), settings.inboxLimit);
      onAlerts();
    }
    await history.append(settings.rowMs, judged);
    await book.advance(this.group, this.epoch, to);
    this.judgedTo = to;
    if (clock.now() >= this.checkpointAt) await this.save();
  }

  /** End of the last row of a service that is judged when those of the others are judged to `at`: what tells its numbers late is judged late. */
  private judgedOf(service: Service, at = this.judgedTo): number {
    const { rowMs } = this.deps.settings;
    return at - Math.ceil(metricsLagMs(service) / rowMs) * rowMs;
  }

  /** The rows of each service up to a time, in the order of the watches. */
  private async readRows(to: number): Promise<readonly ServiceRows[]> {
    const { samples, settings } = this.deps;
    const all: ServiceRows[] = [];
    for (const { service } of this.watches) {
      const rows = await rowsOfSamples(samples, service, { from: this.judgedOf(service), to: this.judgedOf(service, to) }, settings);
      all.push({ environment: service.environment, service: service.name, rows });
      this.deps.heartbeat();
    }
    return all;
  }

  /** Row by row, so that whoever scores is asked for all services at once. */
  private async judgeRows(all: readonly ServiceRows[]): Promise<readonly Alert[]> {
    const alerts: Alert[] = [];
    const count = Math.max(0, ...all.map(({ rows }) => rows.length));
    for (let i = 0; i < count; i += 1) {
      const asked = this.watches.flatMap((watch, k) => {
        const row = all[k]?.rows[i];
        return row ? [{ watch, row, values: watch.values(row) }] : [];
      });
      const judged = await this.deps.scorer.judge(asked.flatMap(({ values }) => values));
      // Whoever scores elsewhere may take a while for each row.
      this.deps.heartbeat();
      let next = 0;
      for (const { watch, row, values } of asked) {
        alerts.push(...(await this.keep(watch.row(row, judged.slice(next, (next += values.length))))));
      }
    }
    return alerts;
  }

  /** Keeps the anomalies before the alerts that name them. */
  private async keep({ alerts, records }: { readonly alerts: readonly Alert[]; readonly records: readonly AnomalyRecord[] }): Promise<readonly Alert[]> {
    for (const record of records) await this.deps.anomalies.put(record);
    return alerts;
  }

  private async save(): Promise<void> {
    const { book, clock, settings, heartbeat } = this.deps;
    this.checkpointAt = clock.now() + settings.checkpointMs;
    const told = await this.told();
    for (const watch of this.watches) {
      // Only here, so that a row is judged the same when it is learnt again from the checkpoint before.
      watch.hear(told);
      await book.checkpoint(this.group, this.epoch, watch.key, watch.checkpoint(this.judgedOf(watch.service)));
      heartbeat();
    }
    for (const series of this.series) {
      series.hear(told);
      await book.checkpoint(this.group, this.epoch, series.key, series.checkpoint());
      heartbeat();
    }
  }

  /** What people said since the oldest of the checkpoints. */
  private async told(): Promise<readonly AnomalyFeedback[]> {
    const all: AnomalyFeedback[] = [];
    let after = Math.min(...[...this.watches, ...this.series].map(({ feedback }) => feedback));
    while (Number.isFinite(after)) {
      const page = await this.deps.feedback.since(after, FEEDBACK_PAGE);
      all.push(...page);
      after = page.at(-1)?.id ?? Infinity;
    }
    return all;
  }
}

function floor(at: number, rowMs: number): number {
  return Math.floor(at / rowMs) * rowMs;
}
