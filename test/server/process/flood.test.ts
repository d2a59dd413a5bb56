import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { LoadAlert } from '../../../bench/load/alerts';
import { readerOf } from '../../../bench/load/kept';
import { sendAll } from '../../../bench/load/send-all';
import { incidentWorkflowId } from '../../../domain/identity';
import { seededRandom } from '../../../domain/seeded-random';
import { freePort } from '../../../workers/free-port';
import type { Doors } from '../../../workers/start';
import { until } from '../until';
import { adminOf, doorsOf, MAIN, makePlace } from './support';
import type { Program } from './support';

const ALERTS = 20_000;
const KILLS = 3;
const SEED = 20_261;
const SERVICES = Array.from({ length: 10 }, (_, i) => `service-${String(i)}`);

/** Counts of acknowledged alerts, one in each part of the flood, at which the system is killed. */
function moments(seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: KILLS }, (_, i) => Math.floor(((i + random()) * ALERTS) / KILLS));
}

test('killed at random while 20,000 alerts flow: what was acknowledged is in the inbox once, and in its incident', async () => {
  const place = makePlace();
  const home = join(place.dir, 'home');
  mkdirSync(home, { mode: 0o700 });
  const file = join(place.dir, 'nightshift.yaml');
  const services = SERVICES.map((name) => ({ name, environment: 'test' }));
  const api = { port: await freePort(0), rateLimitPerMinute: 1_000_000_000 };
  writeFileSync(file, stringify({ home, profile: 'fast', api, services, policy: { brake: { incidents: 1000 } } }));
  let running: Program;
  let doors: Doors;
  const start = async (): Promise<void> => {
    running = place.run(MAIN, ['start', '--json', '--config', file]);
    doors = await doorsOf(running);
  };
  const kill = async (): Promise<void> => {
    running.signal('SIGKILL');
    await running.ended;
    await start();
  };
  try {
    await start();
    const { key } = await adminOf(doors!, home).createKey('sender', 'admin');
    const startsAt = new Date().toISOString();
    const alerts: LoadAlert[] = Array.from({ length: ALERTS }, (_, i) => ({
      id: `a-${String(i)}`,
      service: SERVICES[i % 10] ?? '',
      environment: 'test',
      startsAt,
    }));
    const acknowledged = new Map<string, string>();
    const at = moments(SEED);
    let killing = Promise.resolve();
    const onAcknowledged = (some: readonly LoadAlert[]): void => {
      for (const { id, service } of some) acknowledged.set(id, incidentWorkflowId('test', service));
      if (acknowledged.size < (at[0] ?? Infinity)) return;
      at.shift();
      // The others go on sending meanwhile: what is under way is cut off.
      killing = killing.then(kill);
    };
    const again = await sendAll({ url: doors!.api, key, alerts, batch: 20, connections: 8, onAcknowledged });
    await killing;
    expect([again > 0, acknowledged.size, at]).toEqual([true, ALERTS, []]);
    const reader = readerOf(doors!.api, key);
    await until(async () => ((await reader.backlog()) === 0 ? true : undefined), 'a workflow for every alert', 120_000);
    const kept = await reader.alerts();
    expect(new Map(kept.map(({ id, workflowId }) => [id, workflowId]))).toEqual(acknowledged);
    expect(kept).toHaveLength(ALERTS);
    // The workflows tell it themselves: each alert once, though some were delivered twice.
    const counted = async (): Promise<true | undefined> => {
      const incidents = await reader.incidents();
      return incidents.length === SERVICES.length && incidents.every(({ alertCount }) => alertCount === ALERTS / SERVICES.length) ? true : undefined;
    };
    await until(counted, 'an incident of each service with all of its alerts, each counted once', 60_000);
  } finally {
    running!.signal('SIGKILL');
    await running!.ended;
    await place.empty().finally(() => place.remove());
  }
}, 300_000);
