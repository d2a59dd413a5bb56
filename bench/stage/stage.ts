import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Logger } from 'pino';
import { openEmbedded } from '../../adapters/postgres/open';
import type { NightshiftConfig } from '../../config/types';
import type { IncidentView } from '../../domain/incident-view';
import type { Autonomy } from '../../ports/autonomy';
import type { Store } from '../../ports/store';
import { startSystem } from '../../workers/system';
import { startWatch } from '../../workers/watch';
import type { System } from '../../workers/system';
import { startTemporalServer } from '../../workers/temporal-server';
import type { TemporalServer } from '../../workers/temporal-server';
import { Closing } from './closing';
import { stageConfig } from './config';
import type { StageSettings } from './config';
import { createViews } from './views';
import type { StubWorld } from './world';

/** The whole system over a Temporal server, with a stub world in place of metrics, changes and hands; all else is as in `nightshift start`. */
export interface Stage {
  readonly client: Client;
  readonly config: NightshiftConfig;
  readonly store: Store;
  readonly system: System;
  /** The next view of a service's incident, from now on, that `ready` accepts. */
  seen(service: string, ready: (view: IncidentView) => boolean, ms?: number): Promise<IncidentView>;
  /** Sends an alert through the HTTP door. */
  alert(service: string, fields: Readonly<Record<string, unknown>>): Promise<void>;
  /** Calls another route of the API as an admin. */
  post(path: string, body: unknown): Promise<void>;
  close(): Promise<void>;
}

/** A Temporal server of its own in a temporary folder, with a WAL database as in the product. */
export async function startStageServer(program: string): Promise<TemporalServer> {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-stage-'));
  const server = await startTemporalServer({ program, folder, namespace: 'default', ports: { grpc: 0, ui: 0 }, headless: true });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...server, stop };
}

/** What a stage is opened with. */
export interface StageOptions {
  readonly address: string;
  readonly world: StubWorld;
  readonly settings: StageSettings;
  readonly log: Logger;
  /** Reads the record in place of the ledger. */
  readonly autonomy?: Autonomy;
}

/** Opens a stage on a running server. */
export function openStage(options: StageOptions): Promise<Stage> {
  return Closing.guard(async (closing) => {
    const { address, log } = options;
    const home = await mkdtemp(join(tmpdir(), 'nightshift-stage-'));
    closing.add(() => rm(home, { recursive: true, force: true }));
    const { config, catalogue } = await stageConfig(home, options.settings);
    const opened = await openEmbedded({ home, channels: [{ channel: 'terminal' }] });
    closing.add(() => opened.close());
    const views = createViews(opened);
    const { store } = views;
    const connection = await Connection.connect({ address });
    closing.add(() => connection.close());
    const senses = options.world.senses();
    const watch = startWatch({ config, store, log, write: () => undefined });
    closing.add(() => watch.stop());
    const autonomy = options.autonomy && { autonomy: options.autonomy };
    const system = await startSystem({ config, catalogue, store, temporal: { address }, log, version: '0.0.0', watch, senses, ...autonomy });
    closing.add(() => system.stop());
    const { key } = await store.keys.create({ name: 'stage', role: 'admin' }, new Date().toISOString());
    const post = (path: string, body: unknown): Promise<void> => postJson(`${system.apiUrl}${path}`, key, body);
    return {
      ...{ client: new Client({ connection }), config, store, system, post },
      seen: (...given) => views.seen(...given),
      alert: (service, fields) => post('/v1/alerts', { ...CONDITION, service, ...fields }),
      close: () => closing.close(),
    };
  });
}

/** What every alert of a stage says. */
export const CONDITION = { environment: 'stage', name: 'ErrorShareHigh', severity: 'sev2', summary: 'many requests fail', signal: 'errorShare' };

/** Posts to the API with a key; throws with the answer when it is not taken. */
export async function postJson(url: string, key: string, body: unknown): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${new URL(url).pathname}: ${String(reply.status)} ${text}`);
}
