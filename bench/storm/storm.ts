import type { Environment } from '../../config/types';
import type { LoadAlert } from '../load/alerts';
import { readerOf } from '../load/kept';
import type { Reader } from '../load/kept';
import { residentMiB, watchMemory } from '../load/memory';
import { sendAll } from '../load/send-all';
import { ENVIRONMENT, SERVICES, startLoadedSystem } from '../load/system';
import type { LoadedSystem } from '../load/system';
import { measureGrouping } from './grouping';
import type { Grouping } from './grouping';

/** Result of the benchmark. */
export interface StormResult extends Grouping {
  /** Alerts that were sent, each until it was acknowledged. */
  readonly sent: number;
  /** Of these, those that the system lists once. */
  readonly kept: number;
  readonly incidents: number;
  /** Most resident memory of the system with its Temporal server, less what it was before. */
  readonly memoryGrowthMiB: number;
  readonly sendSeconds: number;
  /** From the first alert until every one was in an incident. */
  readonly seconds: number;
}

/** Alerts of a storm unless it is told otherwise. */
export const STORM = 100_000;

const BATCH = 50;
const CONNECTIONS = 8;
const IDLE_MS = 10_000;
const LOOK_MS = 500;
const PATIENCE_MS = 15 * 60_000;

/** Alerts of 40 groups, one after another in turn, each on the service of its group. */
export function plantedAlerts(count: number, startsAt: string): LoadAlert[] {
  return Array.from({ length: count }, (_, i) => {
    const service = SERVICES[i % SERVICES.length] ?? '';
    return { id: `${service}/${String(i)}`, service, environment: ENVIRONMENT, startsAt };
  });
}

/** The group that an alert was planted in. */
export function groupOf(id: string): string {
  return id.slice(0, id.indexOf('/'));
}

/** Sends a storm to a system of its own, waits until everything is in incidents, and reads from its API what became of it. */
export async function benchStorm(options: {
  readonly env: Environment;
  readonly tell: (line: string) => void;
  readonly alerts?: number;
}): Promise<StormResult> {
  const system = await startLoadedSystem(options.env);
  try {
    return await storm(system, options.alerts ?? STORM, options.tell);
  } finally {
    await system.close();
  }
}

async function storm(system: LoadedSystem, count: number, tell: (line: string) => void): Promise<StormResult> {
  const reader = readerOf(system.url, system.key);
  await pause(IDLE_MS);
  const idle = residentMiB(system.pid);
  const memory = watchMemory(system.pid);
  const began = Date.now();
  const alerts = plantedAlerts(count, new Date().toISOString());
  const again = await sendAll({ url: system.url, key: system.key, alerts, batch: BATCH, connections: CONNECTIONS });
  const sendSeconds = seconds(began);
  tell(`${String(count)} alerts are acknowledged after ${String(sendSeconds)} s; ${String(again)} requests were sent again.`);
  await delivered(reader, count);
  const tookSeconds = seconds(began);
  tell(`All are in incidents after ${String(tookSeconds)} s.`);
  const memoryGrowthMiB = Math.round(memory.stop() - idle);
  return { ...(await readBack(reader, alerts)), memoryGrowthMiB, sendSeconds, seconds: tookSeconds };
}

/** Waits until no alert waits, and the incidents have counted them all. */
async function delivered(reader: Reader, count: number): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const backlog = await reader.backlog();
    const counted = (await reader.incidents()).reduce((sum, incident) => sum + incident.alertCount, 0);
    if (backlog === 0 && counted >= count) return;
    if (Date.now() > end)
      throw new Error(`after ${String(PATIENCE_MS / 60_000)} min ${String(backlog)} alerts wait, and incidents have counted ${String(counted)}`);
    await pause(LOOK_MS);
  }
}

async function readBack(reader: Reader, alerts: readonly LoadAlert[]): Promise<Grouping & Pick<StormResult, 'sent' | 'kept' | 'incidents'>> {
  const times = new Map<string, number>();
  for (const { id } of await reader.alerts()) times.set(id, (times.get(id) ?? 0) + 1);
  const incidents = await reader.incidents();
  const grouped: { incidentId: string; ids: string[] }[] = [];
  for (const { incidentId } of incidents) grouped.push({ incidentId, ids: (await reader.alerts(incidentId)).map(({ id }) => id) });
  const planted = alerts.map(({ id }) => id);
  return {
    ...{ sent: planted.length, kept: planted.filter((id) => times.get(id) === 1).length, incidents: incidents.length },
    ...measureGrouping(planted, grouped, groupOf),
  };
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 100) / 10;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
