import type { AnomalyRecord } from '../../domain/detection/anomaly-record';
import type { AnomalyFeedback, AnomalyFilter, AnomalyStore, FeedbackStore, ToldFeedback } from '../../ports/anomalies';
import type { SystemAudit } from '../../ports/store';

/** Anomalies in memory. */
export class MemoryAnomalies implements AnomalyStore {
  readonly rows = new Map<string, AnomalyRecord>();

  async put(record: AnomalyRecord): Promise<void> {
    if (!this.rows.has(record.id)) this.rows.set(record.id, record);
  }

  async get(id: string): Promise<AnomalyRecord | undefined> {
    return this.rows.get(id);
  }

  async list({ environment, service, from, to, limit }: AnomalyFilter): Promise<readonly AnomalyRecord[]> {
    return [...this.rows.values()]
      .filter((one) => (environment ?? one.environment) === one.environment && (service ?? one.service) === one.service)
      .filter((one) => one.anomaly.at >= from && one.anomaly.at <= to)
      .sort((a, b) => b.anomaly.at - a.anomaly.at)
      .slice(0, limit);
  }
}

/** What became of anomalies, in memory. */
export class MemoryFeedback implements FeedbackStore {
  readonly rows: AnomalyFeedback[] = [];

  constructor(
    private readonly kept: MemoryAnomalies,
    private readonly audit: SystemAudit,
  ) {}

  async tell({ what, by, at, anomalies }: ToldFeedback): Promise<readonly string[]> {
    const fresh = anomalies.flatMap((id) => this.kept.rows.get(id) ?? []).filter(({ id }) => !this.rows.some((row) => row.anomaly === id && row.what === what));
    const actor = `person:${by}`;
    for (const { id, series, anomaly } of fresh) {
      this.rows.push({ id: this.rows.length + 1, anomaly: id, series, score: anomaly.score, what, by: actor, at: Date.parse(at) });
    }
    if (fresh.length > 0) await this.audit.append({ at, actor, kind: 'feedback', summary: `said ${what}` });
    return fresh.map(({ id }) => id);
  }

  async since(id: number, limit: number): Promise<readonly AnomalyFeedback[]> {
    return this.rows.filter((row) => row.id > id).slice(0, limit);
  }
}
