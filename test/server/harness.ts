import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pino from 'pino';
import { stringify } from 'yaml';
import { openEmbedded } from '../../adapters/postgres/open';
import { historyJson } from '../../adapters/temporal/histories';
import { createClient } from '../../cli/client';
import type { ApiClient } from '../../cli/client';
import { packageRoot } from '../../config/package-root';
import { loadStartup } from '../../config/startup';
import type { NightshiftConfig } from '../../config/types';
import type { BillableEvent } from '../../domain/billable';
import { billableActions } from '../../domain/billable';
import type { IncidentView } from '../../domain/incident-view';
import type { Role } from '../../domain/names';
import type { Autonomy } from '../../ports/autonomy';
import type { Clock } from '../../ports/clock';
import type { Store } from '../../ports/store';
import { restoreStore } from '../../workers/restore';
import { installRuntime, startSystem } from '../../workers/system';
import { channelsOf } from '../../workers/notifiers';
import type { System } from '../../workers/system';
import { startWatch } from '../../workers/watch';
import { startPractice } from '../fakes/practice';
import type { Practice } from '../fakes/practice';
import { until } from './until';

/** A whole system in this process, over a real Temporal server, a real embedded store and practice services on loopback. */
export interface Harness {
  readonly api: ApiClient;
  readonly client: Client;
  readonly store: Store;
  readonly config: NightshiftConfig;
  readonly system: System;
  practice(service: string): Practice;
  /** A client of the API with a key of its own. */
  as(name: string, role: Role): Promise<ApiClient>;
  alert(service: string, fields?: Record<string, unknown>): Promise<void>;
  /** The newest incident of a service once `ready` says so. */
  incident(service: string, ready: (view: IncidentView) => boolean, ms?: number): Promise<IncidentView>;
  events(workflowId: string, runId?: string): Promise<readonly BillableEvent[]>;
  /** Billable actions of an incident and its remediation. */
  actions(view: IncidentView): Promise<number>;
  history(workflowId: string, runId?: string): Promise<string>;
  /** Stops the system, its store stays open; `restart` begins it again. */
  stop(): Promise<void>;
  /** Stops the system and starts it again over the same store. */
  restart(): Promise<void>;
  /** Stops the system, replaces its store by a backup, and starts it again; clients that were made before have an address that is gone. */
  restore(file: string): Promise<void>;
  close(): Promise<void>;
}

/** What a test may set. */
export interface HarnessOptions {
  readonly services: readonly string[];
  readonly incidents?: object;
  readonly policy?: { readonly limits?: object; readonly [part: string]: unknown };
  readonly dependsOn?: Readonly<Record<string, readonly string[]>>;
  /** How often it looks at the services; many of them need longer. */
  readonly detector?: object;
  /** How often their numbers are read. */
  readonly scrape?: string;
  /** What is held back, as in the file. */
  readonly alerts?: object;
  /** Several services may share one target. */
  readonly targets?: Readonly<Record<string, string>>;
  /** Channels as in the file; without them the terminal. */
  readonly notifications?: readonly object[];
  /** Log files by service. */
  readonly logs?: Readonly<Record<string, string>>;
  /** What secrets in the configuration name. */
  readonly env?: Readonly<Record<string, string>>;
  /** Services that are on AWS, with their hands as in the file. */
  readonly hands?: Readonly<Record<string, object>>;
  /** Resources of services that may become full, as in the file; the practice has their gauges. */
  readonly saturation?: readonly object[];
  /** Other sections of the file. */
  readonly sections?: object;
  /** The system's clock; Temporal has its own. */
  readonly clock?: Clock;
  /** Reads the record in place of the ledger. */
  readonly autonomy?: Autonomy;
  /** Puts into the store what is known before it starts. */
  readonly known?: (store: Store) => Promise<void>;
  /** YAML of a team's own runbook, beside the built-in ones. */
  readonly runbook?: string;
}

const OWN_RUNBOOKS = 'runbooks';
let runtime = false;
/** Name of a service that no other test uses: workflow ids are shared by all test files of a run, and several of these run in one process. */
export function serviceName(word: string): string {
  return `${word}-${randomBytes(4).toString('hex')}`;
}

/** Starts one; close it at the end. */
export async function startHarness(options: HarnessOptions): Promise<Harness> {
  const log = pino({ level: process.env['NIGHTSHIFT_TEST_LOG'] ?? 'silent' });
  if (!runtime) installRuntime(log);
  runtime = true;
  const home = await mkdtemp(join(tmpdir(), 'nightshift-harness-'));
  await cp(process.env['NIGHTSHIFT_TEST_STORE'] ?? '', join(home, 'store'), { recursive: true });
  const practices = new Map<string, Practice>();
  for (const service of options.services) practices.set(service, await startPractice(service, 'test'));
  const file = join(home, 'nightshift.yaml');
  await writeFile(file, configText(options, practices, home));
  await mkdir(join(home, OWN_RUNBOOKS));
  if (options.runbook !== undefined) await writeFile(join(home, OWN_RUNBOOKS, 'own.yaml'), options.runbook);
  const { config, catalogue } = loadStartup({ root: packageRoot(), env: options.env ?? {}, cwd: home, file });
  const address = process.env['NIGHTSHIFT_TEST_TEMPORAL'] ?? '';
  const open = (): Promise<Store> => openEmbedded({ home, channels: channelsOf(config).map(({ channel }) => ({ channel })) });
  let store = await open();
  await options.known?.(store);
  const start = async (): Promise<System> => {
    const watch = startWatch({ config, store, log, write: () => undefined });
    const started = await startSystem({
      config,
      catalogue,
      store,
      temporal: { address },
      log,
      version: '0.0.0',
      watch,
      ...(options.clock && { clock: options.clock }),
      ...(options.autonomy && { autonomy: options.autonomy }),
    });
    return { ...started, stop: () => started.stop().then(() => watch.stop()) };
  };
  let system = await start();
  let running = true;
  const stop = async (): Promise<void> => {
    if (running) await system.stop();
    running = false;
  };
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  const as = async (name: string, role: Role): Promise<ApiClient> => {
    const { key } = await store.keys.create({ name, role }, new Date().toISOString());
    return createClient({ apiUrl: system.apiUrl, apiKey: key, keyFile: '', home });
  };
  const api = await as('tester', 'admin');
  const events = async (workflowId: string, runId?: string): Promise<readonly BillableEvent[]> =>
    (JSON.parse(await historyJson(client, workflowId, runId)) as { events: BillableEvent[] }).events;
  return {
    ...{ api, client, config, as, events },
    get store() {
      return store;
    },
    get system() {
      return system;
    },
    practice: (service) => practices.get(service) as Practice,
    alert: async (service, fields = {}) => {
      await post(system.apiUrl, await keyOf(store), {
        service,
        environment: 'test',
        name: 'ErrorShareHigh',
        severity: 'sev2',
        summary: 'errors',
        signal: 'errorShare',
        ...fields,
      });
    },
    async incident(service, ready, ms = 20_000) {
      let last: IncidentView | undefined;
      const found = await until(
        async () => {
          last = (await api.incidents({ service, limit: 1 })).incidents[0];
          return last && ready(last) ? last : undefined;
        },
        `an incident of ${service}`,
        ms,
      ).catch((error: unknown) => {
        throw new Error(`${String(error)}; last seen: ${last ? `${last.status} ${last.reason ?? ''}` : 'none'}`);
      });
      return found;
    },
    async actions(view) {
      const child = view.remediation ? billableActions(await events(view.remediation.workflowId)) : 0;
      return billableActions(await events(view.workflowId)) + child;
    },
    history: (workflowId, runId) => historyJson(client, workflowId, runId),
    stop,
    async restart() {
      await stop();
      system = await start();
      running = true;
    },
    async restore(file) {
      await stop();
      await store.close();
      await restoreStore({ config, file, at: new Date().toISOString() });
      store = await open();
      system = await start();
      running = true;
    },
    async close() {
      await stop();
      await connection.close();
      await store.close();
      for (const practice of practices.values()) await practice.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function keyOf(store: Store): Promise<string> {
  return (await store.keys.create({ name: 'sender', role: 'responder' }, new Date().toISOString())).key;
}

async function post(url: string, key: string, body: unknown): Promise<void> {
  const reply = await fetch(`${url}/v1/alerts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (reply.status !== 202) throw new Error(`alerts: ${String(reply.status)} ${await reply.text()}`);
}

function configText(options: HarnessOptions, practices: ReadonlyMap<string, Practice>, home: string): string {
  return stringify({
    home,
    profile: 'fast',
    api: { port: 0, rateLimitPerMinute: 100_000 },
    runbooks: { directory: OWN_RUNBOOKS },
    temporal: { taskQueue: `test-${String(process.pid)}-${String(Math.random()).slice(2)}` },
    // Services here fail within moments of their start: limits need no history.
    detector: { every: '250ms', window: '1s', anomalies: { enabled: false }, ...options.detector },
    services: [...practices].map(([name, practice]) => ({
      ...{ name, environment: 'test', tier: 'standard', dependsOn: options.dependsOn?.[name] ?? [] },
      metrics: { url: `${practice.url}/metrics`, every: options.scrape ?? '250ms', ...(options.saturation && { saturation: options.saturation }) },
      ...(options.logs?.[name] === undefined ? {} : { logs: { file: options.logs[name] } }),
      limits: { errorShare: { above: 0.05, for: '1s' }, minRequests: 20 },
      hands: options.hands?.[name] ?? {
        kind: 'supervisor',
        url: practice.url,
        target: { provider: 'local', partition: 'local', account: 'practice', region: 'local', kind: 'service', id: options.targets?.[name] ?? name },
      },
    })),
    incidents: { verification: { settle: '300ms', window: '1s', minRequests: 20, timeout: '5s' }, watch: '2s', selfHeal: '5s', ...options.incidents },
    // Several test stories in one store are no storm.
    policy: {
      brake: { incidents: 1000 },
      ...options.policy,
      // A test that is not about the limits must not run into them.
      limits: { targetsAtOnce: 1000, shareOfFleet: 1, ...options.policy?.limits },
    },
    ...options.sections,
    ...(options.alerts === undefined ? {} : { alerts: options.alerts }),
    ...(options.notifications === undefined ? {} : { notifications: options.notifications }),
  });
}
