import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createFileLog } from '../../../adapters/local/file-log';
import { createPrometheusSource } from '../../../adapters/local/prometheus-text';
import { loadBookshop } from '../../../cli/demo/shop';
import type { Bookshop } from '../../../cli/demo/shop';
import type { Service } from '../../../domain/inventory';
import type { LogLine, Sample } from '../../../domain/metrics';
import { Closing } from '../../stage/closing';
import type { RecordedEvent, Recording } from '../recording';
import type { Plan, Step } from './plans';
import { openStage } from './stage';
import type { RecordingStage } from './stage';

/** A scrape each second, as in the demo. */
const EVERY_MS = 1000;
/** Customers are there for so long before the recording begins. */
const SETTLE_MS = 6000;
const SCRAPE = { timeoutMs: 900, maxBytes: 4 * 1024 * 1024 };
const LOG_BYTES = 64 * 1024 * 1024;
const MOST_LINES = 50_000;

/** Records one plan in real time with the practice service on free ports. Throws where the service does not start. */
export async function record(plan: Plan): Promise<Recording> {
  const closing = new Closing();
  try {
    const dir = await mkdtemp(join(tmpdir(), 'nightshift-matrix-'));
    closing.add(() => rm(dir, { recursive: true, force: true }));
    const bookshop = await loadBookshop();
    const stage = await openStage(bookshop, dir, closing);
    return await new Recorder(plan, bookshop, stage).run();
  } finally {
    await closing.close();
  }
}

class Recorder {
  private readonly samples: Sample[] = [];
  private readonly events: RecordedEvent[] = [];
  private readonly under: Promise<void>[] = [];
  private readonly source = createPrometheusSource({ now: Date.now }, SCRAPE);
  private readonly service: Service;
  private onset: number | null = null;
  private paused = false;

  constructor(
    private readonly plan: Plan,
    private readonly bookshop: Bookshop,
    private readonly stage: RecordingStage,
  ) {
    this.service = recordedService(stage);
  }

  async run(): Promise<Recording> {
    const { loads } = this.plan;
    const ends = loads.map(() => async (): Promise<void> => undefined);
    for (const [i, load] of loads.entries()) if (load.from === 0) ends[i] = await this.stage.load(load);
    await delay(SETTLE_MS);
    const from = Date.now();
    for (let second = 0; second < this.plan.seconds; second += 1) {
      await delay(Math.max(0, from + second * EVERY_MS - Date.now()));
      for (const [i, load] of loads.entries()) {
        if (load.from === second && second > 0)
          this.start(async () => void (ends[i] = await this.stage.load(load)), `customers come, ${String(load.rate)}/s more`);
        if (load.to === second) this.start(() => (ends[i] as () => Promise<void>)(), `customers leave, ${String(load.rate)}/s fewer`);
      }
      for (const step of this.plan.steps.filter(({ at }) => at === second)) this.take(step);
      if (this.plan.fault?.at === second) this.fault(this.plan.fault.name);
      if (!this.paused) this.start(async () => void this.samples.push(...(await this.source.scrape(this.service))));
    }
    await delay(EVERY_MS);
    await Promise.all(this.under);
    return this.recording(from, Date.now());
  }

  private async recording(from: number, to: number): Promise<Recording> {
    const { name, about, fault } = this.plan;
    const lines: readonly LogLine[] = await createFileLog({ maxBytes: LOG_BYTES }).read(this.service, from, to, MOST_LINES);
    const buckets = this.stage.records().flatMap((file) => this.bookshop.readRecord(file));
    const sum = (of: 'requests' | 'failed'): number => buckets.reduce((all, each) => all + (each.at >= from && each.at < to ? each[of] : 0), 0);
    const customers = { requests: sum('requests'), failed: sum('failed') };
    const head = { name, fault: fault?.name ?? null, about, onset: this.onset, from, to, events: this.events, customers };
    return { head, samples: [...this.samples].sort((a, b) => a.at - b.at), lines };
  }

  private take({ what }: Step): void {
    if (what === 'pause' || what === 'resume') {
      this.paused = what === 'pause';
      this.start(() => Promise.resolve(), what);
    } else if (what === 'deploy') this.start(() => this.stage.deploy(), what);
    else if (what === 'restart') this.start(() => this.stage.post('/v1/restart', { by: 'operator', reason: 'planned restart' }), what);
    else this.start(() => this.stage.post('/v1/conditions', { blind: what === 'blind' }), what);
  }

  private fault(name: string): void {
    this.onset = Date.now();
    this.start(async () => void (await this.bookshop.inject(name, { dir: this.stage.shop.dir })), name);
  }

  /** Does something beside the beat of the scrapes. */
  private start(doing: () => Promise<void>, what?: string): void {
    if (what !== undefined) this.events.push({ at: Date.now(), what });
    this.under.push(doing());
  }
}

/** The practice service as the demo declares it. */
function recordedService({ shop, logFile }: RecordingStage): Service {
  return {
    name: 'bookshop',
    environment: 'demo',
    tier: 'critical',
    dependsOn: ['payments'],
    metrics: {
      url: `${shop.url}/metrics`,
      everyMs: EVERY_MS,
      names: { requests: 'bookshop_requests_total', latency: 'bookshop_request_seconds' },
      saturation: [
        { name: 'order handles', used: 'bookshop_handles_in_use', limit: 'bookshop_handles_limit' },
        { name: 'search cache', used: 'bookshop_cache_bytes', limit: 'bookshop_cache_limit_bytes' },
      ],
    },
    logs: { file: logFile },
  };
}
