import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { ApiClient } from '../../../cli/client';
import { demoConfig, demoNames } from '../../../cli/demo/settings';
import type { IncidentView } from '../../../domain/incident-view';
import type { Shop } from '../../../examples/bookshop/launch.mjs';
import type { Doors } from '../../../workers/start';
import { startTemporalServer } from '../../../workers/temporal-server';
import type { TemporalServer } from '../../../workers/temporal-server';
import { loadBookshop } from '../../examples/support/bookshop';
import type { Bookshop } from '../../examples/support/bookshop';
import { startWebhook } from '../../fakes/webhook';
import type { FakeWebhook } from '../../fakes/webhook';
import { until } from '../until';
import { MAIN, adminOf, doorsOf, makePlace } from './support';
import type { Place, Program } from './support';

/** A deploy or restart call as the supervisor wrote it down. */
export interface Call {
  readonly kind: string;
  readonly by: string;
  readonly release: string;
  readonly state: string;
  readonly token: string | null;
}

/** A notification as it arrived. */
export interface Hook {
  readonly id: string;
  readonly incidentId: string;
  readonly round: number;
  readonly reason: string;
}

/** The practice service, a Temporal server and a receiver of webhooks that outlive Nightshift, and Nightshift as a process that can be killed. */
export interface Stage {
  readonly place: Place;
  readonly home: string;
  readonly temporal: TemporalServer;
  readonly bookshop: Bookshop;
  readonly shop: Shop;
  readonly hooks: () => readonly Hook[];
  readonly configFile: string;
  api(): ApiClient;
  doors(): Doors;
  /** Ends Nightshift as the system does when it is out of memory. */
  kill(): Promise<void>;
  /** Starts it again over the same home. */
  startAgain(): Promise<void>;
  /** An incident once `ready` says so. */
  incident(ready: (view: IncidentView) => boolean, service?: string, ms?: number): Promise<IncidentView>;
  /** What Nightshift asked of the supervisor, oldest first. */
  calls(): Promise<readonly Call[]>;
  close(): Promise<void>;
}

/** Starts all of it; the customers come at once. `sections` stand in the configuration beside, or in place of, what a stage has. */
export async function startStage(sections: object = {}): Promise<Stage> {
  const place = makePlace();
  const bookshop = await loadBookshop();
  const program = process.env['NIGHTSHIFT_TEMPORAL_CLI'] ?? '';
  const temporal = await startTemporalServer({ program, folder: join(place.dir, 'temporal'), namespace: 'default', ports: { grpc: 0, ui: 0 }, headless: true });
  const sink = await startWebhook();
  const shop = await bookshop.launching.launch({ dir: join(place.dir, 'shop') });
  const home = join(place.dir, 'home');
  await mkdir(home, { mode: 0o700 });
  const configFile = join(place.dir, 'nightshift.yaml');
  writeFileSync(configFile, configText({ home, shop, address: temporal.address, hook: sink.url, sections }));
  let running: Program;
  let doors: Doors;
  const startAgain = async (): Promise<void> => {
    running = place.run(MAIN, ['start', '--json', '--config', configFile]);
    doors = await doorsOf(running);
  };
  await startAgain();
  const api = (): ApiClient => adminOf(doors, home);
  return {
    ...{ place, home, temporal, bookshop, shop, configFile, api, startAgain },
    doors: () => doors,
    hooks: () => hooksOf(sink),
    async kill() {
      running.signal('SIGKILL');
      await running.ended;
    },
    incident: (ready, service = 'bookshop', ms = 60_000) => newest(api, ready, service, ms),
    calls: async () => {
      const reply = await fetch(`${shop.supervisor.url}/v1/ledger`);
      return ((await reply.json()) as { entries: Call[] }).entries.filter((call) => call.by === 'nightshift');
    },
    async close() {
      running.signal('SIGTERM');
      await running.ended;
      await shop.stop();
      await temporal.stop();
      await sink.close();
      place.remove();
    },
  };
}

async function newest(api: () => ApiClient, ready: (view: IncidentView) => boolean, service: string, ms: number): Promise<IncidentView> {
  let last: IncidentView | undefined;
  return until(
    async () => {
      // A machine with much to do can bring another one meanwhile.
      const { incidents } = await api().incidents({ service, limit: 5 });
      last = incidents[0];
      return incidents.find(ready);
    },
    `an incident of ${service}`,
    ms,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}; last seen: ${last ? `${last.incidentId} ${last.status} ${last.reason ?? ''}` : 'none'}`);
  });
}

function hooksOf(sink: FakeWebhook): readonly Hook[] {
  return sink.received.map(({ body }) => JSON.parse(body) as Hook);
}

/** The demo's configuration with shorter times, a server of the test's own, and a webhook for everything. */
function configText({ home, shop, address, hook, sections }: { home: string; shop: Shop; address: string; hook: string; sections: object }): string {
  const places = { names: demoNames(), home, shopDir: shop.dir, shopUrl: shop.url, supervisorUrl: shop.supervisor.url, paymentsUrl: shop.payments.url };
  const demo = parse(demoConfig(places, 'limits')) as object;
  return stringify({
    ...demo,
    temporal: { address, taskQueue: 'process-test' },
    incidents: { verification: { settle: '1s', window: '3s', minRequests: 20, timeout: '60s' }, watch: '2s', selfHeal: '45s' },
    notifications: [{ channel: 'sink', kind: 'webhook', allowPrivate: true, format: 'json', url: hook }],
    ...sections,
  });
}

/** The lines of the written-out audit of an incident. */
export function auditLines(home: string, incidentId: string): string[] {
  return readFileSync(join(home, 'audit', `${incidentId}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');
}
