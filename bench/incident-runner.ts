import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { historyJson } from '../adapters/temporal/histories';
import { temporalIncidents } from '../adapters/temporal/client';
import { signStatement } from '../domain/approval-signature';
import type { Statement } from '../domain/approval';
import { billableActions } from '../domain/billable';
import type { BillableEvent } from '../domain/billable';
import type { IncidentView } from '../domain/incident-view';
import type { Sample } from '../domain/metrics';
import { alertedStart } from '../workers/incident-start';
import { atOnce } from './at-once';
import { openStage } from './stage/stage';
import type { Stage } from './stage/stage';
import { StubWorld } from './stage/world';
import type { StubService } from './stage/world';

/** What one run of priced incidents gave; times in milliseconds. */
export interface IncidentRun {
  readonly perSecond: number;
  readonly eachMs: readonly number[];
}

/** Runs priced incidents: one firing, one repeated and one resolved alert, approved by update, one step, measured by timer, not watched. */
export interface IncidentRunner {
  run(count: number, concurrency: number): Promise<IncidentRun>;
  /** Events and billable actions of the newest incident with its remediation. */
  cost(): Promise<{ readonly events: number; readonly actions: number }>;
  close(): Promise<void>;
}

const STEP_MS = 1000;
const NORMAL_STEPS = 12;
const SCRAPE_MS = 250;
const SCRAPE_AFTER_MS = 900;
// As long as it may take until another worker measures what a killed one acted on.
const SCRAPES_AFTER = 60;
const PATIENCE_MS = 60_000;

/** What priced incidents need of a running system. */
export type IncidentStage = Pick<Stage, 'client' | 'config' | 'store' | 'seen' | 'alert' | 'close'>;

/** Limits under which a priced incident runs; the samples are written by the benchmark, so that hundreds of services do not make hundreds of scrapes. */
export const PRICED = {
  detector: { every: '1h', window: '1h' },
  watch: '0s',
  // Two scrapes and a bit, so that more than half of the window is measured whenever it is looked at.
  incidents: {
    verification: { settle: '0s', window: '2s', minRequests: 20, timeout: '20s' },
    // As in production: on a machine that is wholly busy a beat each second comes late.
    activity: { effect: { heartbeat: '30s' } },
  },
} as const;

/** Opens a system whose inventory has a service for each incident to come, as one service has one incident at a time. */
export async function startIncidentRunner(address: string, log: Logger, services: number): Promise<IncidentRunner> {
  const names = serviceNames(services);
  const world: StubWorld = new StubWorld(names, { scraped: false, onActed: (service) => recovered(stage, service) });
  const stage = await openStage({ address, world, settings: { services: names, ...PRICED }, log });
  return incidentRunner(stage, world, names);
}

/** Names of so many services. */
export function serviceNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `shop-${String(i + 1)}`);
}

/** Runs priced incidents on the services of a world, one after another. */
export async function incidentRunner(stage: IncidentStage, world: StubWorld, names: readonly string[]): Promise<IncidentRunner> {
  const approve = await approverOf(stage);
  let next = 0;
  let newest: IncidentView | undefined;
  return {
    async run(count, concurrency) {
      const first = next;
      next += count;
      const { seconds, eachMs } = await atOnce(count, concurrency, async (index) => {
        newest = await oneIncident(stage, world.service(names[first + index] ?? ''), approve);
      });
      return { perSecond: count / seconds, eachMs };
    },
    cost: () => costOf(stage.client, newest),
    close: () => stage.close(),
  };
}

async function oneIncident(stage: IncidentStage, service: StubService, approve: (view: IncidentView) => Promise<void>): Promise<IncidentView> {
  const { name } = service;
  const { asked, condition } = await openIncident(stage, service);
  await stage.alert(name, { ...condition, id: `${name}/repeated` });
  await approve(asked);
  const done = await stage.seen(name, (view) => view.status === 'resolved' || view.status === 'escalated', PATIENCE_MS);
  if (done.outcome?.kind !== 'fixed') throw new Error(`${name} was not fixed: ${done.reason ?? done.status}`);
  await stage.client.workflow.getHandle(asked.workflowId, asked.runId).result();
  return done;
}

/** Breaks a service, tells of it, and waits until its incident asks what to do. */
export async function openIncident(
  stage: IncidentStage,
  service: StubService,
): Promise<{ readonly asked: IncidentView; readonly condition: { readonly fingerprint: string; readonly startsAt: string } }> {
  const { name } = service;
  const condition = { fingerprint: `${name}/errors`, startsAt: await trouble(stage, service) };
  await stage.alert(name, { ...condition, id: `${name}/firing` });
  return { asked: await stage.seen(name, (view) => view.status === 'awaiting-approval', PATIENCE_MS), condition };
}

/** Normal times, then a release that fails. Returns the start of the trouble. */
async function trouble(stage: IncidentStage, service: StubService): Promise<string> {
  const now = Date.now();
  const samples: Sample[] = [];
  for (let step = NORMAL_STEPS; step >= 1; step -= 1) samples.push(service.sample(now - step * STEP_MS));
  service.deploy('1.5.0', 'ana', now - STEP_MS);
  for (let at = now - STEP_MS + SCRAPE_MS; at <= now; at += SCRAPE_MS) samples.push(service.sample(at));
  await stage.store.samples.append(samples);
  return new Date(now - STEP_MS + SCRAPE_MS).toISOString();
}

/** What scrapes will find after the remedy, and the end of the condition. */
export async function recovered(stage: IncidentStage, service: StubService): Promise<void> {
  const now = Date.now();
  await stage.store.samples.append(Array.from({ length: SCRAPES_AFTER }, (_, i) => service.sample(now + (i + 1) * SCRAPE_AFTER_MS)));
  const { name } = service;
  const at = new Date(now).toISOString();
  await stage.alert(name, { fingerprint: `${name}/errors`, id: `${name}/resolved`, status: 'resolved', startsAt: at, endsAt: at });
}

/** Approves as the HTTP door does: a signed statement, by update. */
export async function approverOf(stage: IncidentStage): Promise<(view: IncidentView) => Promise<void>> {
  const { client, config, store } = stage;
  const clock = { now: () => Date.now() };
  const secret = await store.doorKey.secret();
  const incidents = temporalIncidents({ client, taskQueue: config.temporal.taskQueue, clock, doorTimeoutMs: PATIENCE_MS, start: alertedStart(config) });
  return async ({ incidentId, workflowId, proposal }) => {
    const statement: Statement = {
      ...{ incidentId, proposal: proposal?.proposal.digest ?? '', verdict: 'approve', person: 'stage' },
      at: new Date().toISOString(),
      acceptBy: new Date(Date.now() + PATIENCE_MS).toISOString(),
    };
    await incidents.decide(workflowId, { ...statement, signature: signStatement(secret, statement) }, randomUUID());
  };
}

async function costOf(client: Client, view: IncidentView | undefined): Promise<{ events: number; actions: number }> {
  let events = 0;
  let actions = 0;
  for (const id of [view?.workflowId, view?.remediation?.workflowId]) {
    if (id === undefined) continue;
    const history = (JSON.parse(await historyJson(client, id)) as { events: BillableEvent[] }).events;
    events += history.length;
    actions += billableActions(history);
  }
  return { events, actions };
}
