import { percentile } from '../at-once';
import { requestOf } from './alerts';
import type { Form, LoadAlert } from './alerts';
import { openWire } from './wire';
import type { Wire } from './wire';

/** What a load sends. */
export interface LoadPlan {
  /** `http://host:port`. */
  readonly url: string;
  /** Bearer key, where one is needed. */
  readonly key?: string;
  readonly form: Form;
  readonly environment: string;
  readonly services: readonly string[];
  /** Begins the id of every alert: loads of one system need different ones. */
  readonly name: string;
  /** Alerts of one request. */
  readonly batch: number;
  readonly connections: number;
  /** Not measured. */
  readonly warmUpMs: number;
  /** Measured. */
  readonly measureMs: number;
  /** Requests a second over all connections; as fast as they are answered when absent. */
  readonly perSecond?: number;
}

/** What became of it; warm-up aside. */
export interface LoadResult {
  readonly alertsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Requests that were not answered with 2xx, by status; 0 is no answer. */
  readonly refused: Readonly<Record<string, number>>;
  /** With `perSecond`: when each alert was acknowledged, epoch milliseconds. */
  readonly acknowledged: Readonly<Record<string, number>>;
}

/** Sends alerts over some connections, each of which asks again once it has its answer, and measures the answers. */
export async function flood(plan: LoadPlan): Promise<LoadResult> {
  const { hostname, port } = new URL(plan.url);
  const wires = Array.from({ length: plan.connections }, () => openWire(hostname, Number(port)));
  const run = new Flood(plan, `${hostname}:${port}`);
  await Promise.all(wires.map((wire) => run.lane(wire)));
  for (const wire of wires) wire.close();
  return run.result();
}

class Flood {
  private readonly eachMs: number[] = [];
  private readonly refused: Record<string, number> = {};
  private readonly acknowledged: Record<string, number> = {};
  private readonly began = performance.now();
  private requests = 0;

  constructor(
    private readonly plan: LoadPlan,
    private readonly host: string,
  ) {}

  async lane(wire: Wire): Promise<void> {
    const { warmUpMs, measureMs, perSecond } = this.plan;
    for (;;) {
      const index = this.requests++;
      if (perSecond !== undefined) await pause(this.began + (index * 1000) / perSecond - performance.now());
      const start = performance.now() - this.began;
      if (start >= warmUpMs + measureMs) return;
      const alerts = this.alerts(index);
      const status = await wire.ask(requestOf(this.plan.form, { host: this.host, key: this.plan.key }, alerts));
      this.note(alerts, status, start, performance.now() - this.began);
    }
  }

  result(): LoadResult {
    return {
      alertsPerSecond: (this.eachMs.length * this.plan.batch * 1000) / this.plan.measureMs,
      p50Ms: percentile(this.eachMs, 0.5),
      p99Ms: percentile(this.eachMs, 0.99),
      refused: this.refused,
      acknowledged: this.acknowledged,
    };
  }

  private alerts(request: number): LoadAlert[] {
    const { name, batch, services, environment } = this.plan;
    const startsAt = new Date().toISOString();
    return Array.from({ length: batch }, (_, i) => {
      const number = request * batch + i;
      return { id: `${name}-${String(number)}`, service: services[number % services.length] ?? '', environment, startsAt };
    });
  }

  private note(alerts: readonly LoadAlert[], status: number, start: number, end: number): void {
    const { warmUpMs, measureMs, perSecond } = this.plan;
    if (status < 200 || status > 299) {
      this.refused[status] = (this.refused[status] ?? 0) + 1;
      return;
    }
    if (perSecond !== undefined) for (const { id } of alerts) this.acknowledged[id] = Date.now();
    if (start >= warmUpMs && end < warmUpMs + measureMs) this.eachMs.push(end - start);
  }
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}
