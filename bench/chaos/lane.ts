import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { createClient } from '../../cli/client';
import type { ApiClient } from '../../cli/client';
import { demoConfig, demoNames } from '../../cli/demo/settings';
import { loadBookshop } from '../../cli/demo/shop';
import type { Bookshop, Shop, ShopProcess } from '../../cli/demo/shop';
import type { Environment } from '../../config/types';
import { NightshiftError } from '../../domain/errors';
import { Closing } from '../stage/closing';
import type { Fault, Kill, Victim } from './plan';
import { endAtOnce, pidIn, startNightshift } from './processes';
import type { NightshiftProcess } from './processes';

/** A deploy or restart call in the supervisor's ledger. */
export interface Call {
  readonly id: string;
  readonly kind: 'deploy' | 'restart';
  readonly by: string;
  readonly token: string | null;
  readonly release: string;
  readonly state: 'started' | 'done' | 'failed' | 'interrupted';
}

/** Requests that customers should have made before a fault, so that there is a normal, and how long that may take. */
const NORMAL = { requests: 250, withinMs: 60_000 } as const;
/** Error share at most, over so many newest quarters of a second, for the service to be called well. */
const WELL = { share: 0, buckets: 8 } as const;
const LOOK_EVERY_MS = 100;
const ASK_WITHIN_MS = 1_000;

/** One whole system with its practice service, on free ports in a folder of its own; parts of it can be killed and come back. Seeds run in it one after another. */
export class Lane {
  private constructor(
    readonly dir: string,
    private readonly options: LaneOptions,
    private readonly bookshop: Bookshop,
    private readonly shop: Shop,
    private supervisor: ShopProcess & { stop(): Promise<void> },
    private nightshift: NightshiftProcess,
    private readonly closing: Closing,
  ) {}

  /** Starts all of it. */
  static open(options: LaneOptions): Promise<Lane> {
    return Closing.guard(async (closing) => {
      const dir = await mkdtemp(join(tmpdir(), 'nightshift-chaos-'));
      const bookshop = await loadBookshop();
      const shop = await bookshop.launch({ dir: join(dir, 'shop'), tether: true, traffic: true });
      closing.add(() => shop.stop());
      await mkdir(join(dir, 'home'), { mode: 0o700 });
      await writeFile(join(dir, 'nightshift.yaml'), configText(dir, shop));
      const nightshift = await startNightshift(processOptions(dir, options));
      const supervisor = shop.supervisor as ShopProcess & { stop(): Promise<void> };
      const lane = new Lane(dir, options, bookshop, shop, supervisor, nightshift, closing);
      closing.add(() => lane.nightshift.stop());
      closing.add(() => lane.supervisor.stop());
      return lane;
    });
  }

  /** A client of the system as it runs now. */
  async api(): Promise<ApiClient> {
    const { api, home } = this.nightshift.doors;
    return createClient({ apiUrl: api, apiKey: (await readFile(join(home, 'admin.key'), 'utf8')).trim(), keyFile: '', home });
  }

  /** Calls that Nightshift made, oldest first; undefined while the supervisor does not answer. */
  async calls(): Promise<readonly Call[] | undefined> {
    const body = await this.ask('/v1/ledger');
    return (body as { readonly entries: readonly Call[] } | undefined)?.entries.filter((call) => call.by === 'nightshift');
  }

  /** Ids of the calls that altered the service. */
  async altered(): Promise<ReadonlySet<string> | undefined> {
    const body = await this.ask('/v1/changes');
    const changes = (body as { readonly changes: readonly { readonly id: string }[] } | undefined)?.changes;
    return changes && new Set(changes.map((change) => change.id.replace(/^bookshop-/, '')));
  }

  /** Brings a fault about, at once. */
  async inject(fault: Fault): Promise<void> {
    await this.endCrawl();
    await this.bookshop.inject(fault, { dir: this.shop.dir });
  }

  /** Sends the crawler away that fills the cache, if it is there. By itself it leaves when the cache is full. */
  async endCrawl(): Promise<void> {
    const reply = await fetch(`${this.shop.loadgen?.url ?? ''}/v1/crawl`, { method: 'DELETE' });
    if (!reply.ok) throw new NightshiftError('internal', `The load generator answered HTTP ${String(reply.status)}.`);
  }

  /** Resolves when customers are served well for a while. Throws when that does not come about. */
  async well(): Promise<void> {
    const until = Date.now() + NORMAL.withinMs;
    for (;;) {
      const record = this.bookshop.readRecord(join(this.shop.dir, 'loadgen.jsonl'));
      const newest = record.slice(-WELL.buckets);
      const served = record.reduce((sum, bucket) => sum + bucket.requests, 0);
      const failed = newest.reduce((sum, bucket) => sum + bucket.failed, 0);
      if (newest.length === WELL.buckets && served >= NORMAL.requests && failed <= WELL.share) return;
      if (Date.now() > until) throw new NightshiftError('internal', `The practice service in ${this.shop.dir} did not become well.`);
      await delay(LOOK_EVERY_MS);
    }
  }

  /** Kills with SIGKILL, and starts what was killed again. */
  async kill({ victim, pauseMs }: Kill): Promise<void> {
    const { system, supervisor } = PARTS[victim];
    if (victim === 'temporal' || victim === 'everything') {
      const home = this.nightshift.doors.home;
      if (victim === 'everything') endAtOnce(this.nightshift.doors.temporalPid ?? 0);
      endAtOnce(await pidIn(join(home, 'temporal.pid')));
    }
    if (system) endAtOnce(this.nightshift.pid);
    if (supervisor) endAtOnce(this.supervisor.pid);
    if (system) await this.nightshift.ended;
    await delay(pauseMs);
    await Promise.all([supervisor ? this.reviveSupervisor() : undefined, system ? this.reviveSystem() : undefined]);
  }

  /** Ends all of it; the folder stays when `keep`. */
  async close(keep: boolean): Promise<void> {
    await this.closing.close();
    if (!keep) await rm(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }

  private async reviveSupervisor(): Promise<void> {
    this.supervisor = await this.bookshop.startProcess('supervisor', this.shop.dir, ['--release', '1.4.0', '--environment', 'demo'], { tether: true });
  }

  private async reviveSystem(): Promise<void> {
    this.nightshift = await startNightshift(processOptions(this.dir, this.options));
  }

  private async ask(path: string): Promise<unknown> {
    try {
      const reply = await fetch(`${this.shop.supervisor.url}${path}`, { signal: AbortSignal.timeout(ASK_WITHIN_MS) });
      return await reply.json();
    } catch {
      return undefined;
    }
  }
}

/** What a lane is opened with. */
export interface LaneOptions {
  readonly env: Environment;
  /** Compiled entry that is run, and arguments before `start`. */
  readonly entry: string;
  readonly before: readonly string[];
}

const PARTS: Readonly<Record<Victim, { readonly system: boolean; readonly supervisor: boolean }>> = {
  system: { system: true, supervisor: false },
  supervisor: { system: false, supervisor: true },
  temporal: { system: false, supervisor: false },
  everything: { system: true, supervisor: true },
};

function processOptions(dir: string, { env, entry, before }: LaneOptions): Parameters<typeof startNightshift>[0] {
  const { TEMPORAL_ADDRESS: _address, DATABASE_URL: _database, NIGHTSHIFT_PROFILE: _profile, ...ours } = env;
  const home = join(dir, 'home');
  return { entry, dir, args: [...before, 'start', '--json', '--config', join(dir, 'nightshift.yaml')], env: { ...ours, NIGHTSHIFT_HOME: home } };
}

interface Demo {
  readonly policy: object;
  readonly services: readonly { readonly metrics: object; readonly limits?: object }[];
}

const LIMITS = { errorShare: { above: 0.05, for: '1s' }, silence: { for: '10s' }, minRequests: 20 } as const;

/** The demo's configuration with shorter times; nothing waits for a limit that several seeds on one target would reach. */
function configText(dir: string, shop: Shop): string {
  const places = {
    names: demoNames(),
    home: join(dir, 'home'),
    shopDir: shop.dir,
    shopUrl: shop.url,
    supervisorUrl: shop.supervisor.url,
    paymentsUrl: shop.payments.url,
  };
  const demo = parse(demoConfig(places, 'limits')) as Demo;
  return stringify({
    ...demo,
    detector: { every: '500ms', window: '2s', anomalies: { enabled: false } },
    services: demo.services.map((service) => ({ ...service, metrics: { ...service.metrics, every: '500ms' }, ...(service.limits ? { limits: LIMITS } : {}) })),
    incidents: {
      // Longer than the service is away when the supervisor is killed, or it would be measured as down.
      ...{ verification: { settle: '500ms', window: '3s', minRequests: 20, timeout: '60s' }, watch: '3s', selfHeal: '60s' },
    },
    policy: { ...demo.policy, limits: { actionsPerHour: 100_000, attemptsPerTargetPerDay: 100_000 }, brake: { incidents: 100_000 } },
  });
}
