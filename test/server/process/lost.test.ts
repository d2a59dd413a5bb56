import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { ApiClient } from '../../../cli/client';
import type { Doors } from '../../../workers/start';
import { startWebhook } from '../../fakes/webhook';
import type { FakeWebhook } from '../../fakes/webhook';
import { until } from '../until';
import { adminOf, childrenOf, doorsOf, MAIN, makePlace } from './support';
import type { Place, Program } from './support';

/** Nightshift with everything embedded, a receiver of notifications, and a sender that knows what was accepted. */
interface Scene {
  readonly home: string;
  readonly hook: FakeWebhook;
  /** Names of the alerts that were answered with 202; each is about a service of its own. */
  readonly accepted: string[];
  api(): ApiClient;
  doors(): Doors;
  /** Sends one alert; the status of the answer, or 0 without one. */
  send(service: string): Promise<number>;
  start(): Promise<void>;
  running(): Program;
  /** Services whose alert stands whole in a notification. */
  told(): Set<string>;
  close(): Promise<void>;
}

const SERVICES = Array.from({ length: 60 }, (_, i) => `service-${String(i)}`);

async function scene(prepare: (home: string) => void = () => undefined): Promise<Scene> {
  const place: Place = makePlace();
  const hook = await startWebhook();
  const home = join(place.dir, 'home');
  mkdirSync(home, { mode: 0o700 });
  prepare(home);
  const configFile = join(place.dir, 'nightshift.yaml');
  const services = SERVICES.map((name) => ({ name, environment: 'test' }));
  const sections = {
    ...{ home, profile: 'fast', services, api: { port: 0, rateLimitPerMinute: 100_000, doorTimeout: '2s' } },
    watch: { undeliveredAfter: '3s', every: '500ms' },
    policy: { brake: { incidents: 1000 } },
    notifications: [{ channel: 'hook', kind: 'webhook', url: hook.url, allowPrivate: true, on: ['undelivered'] }],
  };
  writeFileSync(configFile, stringify(sections));
  const accepted: string[] = [];
  let running: Program;
  let doors: Doors;
  const start = async (): Promise<void> => {
    running = place.run(MAIN, ['start', '--json', '--config', configFile]);
    doors = await doorsOf(running);
  };
  await start();
  const api = (): ApiClient => adminOf(doors, home);
  const { key } = await api().createKey('sender', 'responder');
  return {
    ...{ home, hook, accepted, api, start },
    doors: () => doors,
    running: () => running,
    send: async (service) => {
      const status = await post(doors.api, key, service);
      if (status === 202) accepted.push(service);
      return status;
    },
    told: () => new Set(hook.received.flatMap(({ body }) => (JSON.parse(body) as { alerts: { service: string }[] }).alerts.map((alert) => alert.service))),
    async close() {
      running.signal('SIGTERM');
      await running.ended;
      await hook.close();
      place.remove();
    },
  };
}

async function post(api: string, key: string, service: string): Promise<number> {
  const body = JSON.stringify({
    id: `alert of ${service}`,
    service,
    environment: 'test',
    name: 'ErrorShareHigh',
    severity: 'sev2',
    summary: `${service} fails`,
  });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return fetch(`${api}/v1/alerts`, { method: 'POST', headers, body, signal: AbortSignal.timeout(5_000) }).then(
    (reply) => reply.status,
    () => 0,
  );
}

async function withIncident({ api }: Scene): Promise<Set<string>> {
  const { incidents } = await api().incidents({ limit: 100 });
  return new Set(incidents.filter((view) => view.alerts.length > 0).map((view) => view.service));
}

/** Waits until every accepted alert is in an incident, or in a notification. */
async function nothingLost(s: Scene): Promise<void> {
  let missing: readonly string[] = [];
  const look = async (): Promise<true | undefined> => {
    const [opened, told] = [await withIncident(s), s.told()];
    missing = s.accepted.filter((service) => !opened.has(service) && !told.has(service));
    return missing.length === 0 ? true : undefined;
  };
  await until(look, 'an incident or a notification for each accepted alert', 90_000).catch((error: unknown) => {
    throw new Error(`${String(error)}; missing: ${missing.join(', ')}`);
  });
}

/** The Temporal server itself, whose parent is its keeper. */
function temporalServer({ doors }: Scene): number {
  const [server] = childrenOf(doors().temporalPid ?? 0);
  if (server === undefined) throw new Error('the Temporal server is not there');
  return server;
}

test('each part is killed in turn while alerts come in: none that was accepted is lost', async () => {
  const s = await scene();
  let sent = 0;
  let stop = false;
  const sending = (async () => {
    for (; sent < SERVICES.length && !stop;) if ((await s.send(SERVICES[sent] as string)) === 202) sent += 1;
  })();
  try {
    const after = (count: number): Promise<true> => until(async () => (sent >= count ? true : undefined), `${String(count)} accepted alerts`, 60_000);
    await after(10);
    process.kill(temporalServer(s), 'SIGKILL');
    await after(25);
    s.running().signal('SIGKILL');
    await s.running().ended;
    await s.start();
    await after(40);
    process.kill(s.doors().temporalPid ?? 0, 'SIGKILL');
    await after(SERVICES.length);
    expect(new Set(s.accepted).size).toBe(SERVICES.length);
    await nothingLost(s);
    // What was told as undelivered is delivered all the same.
    await until(async () => ((await withIncident(s)).size === SERVICES.length ? true : undefined), 'an incident for each', 90_000);
  } finally {
    stop = true;
    await sending;
    await s.close();
  }
}, 300_000);

test('while Temporal does not answer, what is accepted is told to people whole, and opens its incident once Temporal is back', async () => {
  const s = await scene();
  const server = temporalServer(s);
  try {
    process.kill(server, 'SIGSTOP');
    expect(await s.send('service-0')).toBe(202);
    await until(async () => (s.told().has('service-0') ? true : undefined), 'the notification', 30_000);
    expect(await withIncident(s)).toEqual(new Set());
  } finally {
    process.kill(server, 'SIGCONT');
  }
  await until(async () => ((await withIncident(s)).has('service-0') ? true : undefined), 'the incident', 60_000);
  await s.close();
}, 180_000);

/** A disk of so many MB at a folder; false where this machine lets nobody make one. */
function mountDisk(folder: string, size: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${String(size)}m`, 'tmpfs', folder], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

function fill(file: string): void {
  const handle = openSync(file, 'w');
  try {
    for (let size = 1024 * 1024; size >= 1; size = Math.floor(size / 2)) {
      try {
        for (;;) writeSync(handle, Buffer.alloc(size));
      } catch {
        // Full, for pieces of this size.
      }
    }
  } finally {
    closeSync(handle);
  }
}

test('the disk is full: what was accepted is told to people, nothing more is accepted than can be kept, and with room again everything opens its incident', async () => {
  let disk = '';
  const s = await scene((home) => {
    if (mountDisk(home, 200)) disk = home;
  });
  if (disk === '') {
    process.stderr.write('no file system can be mounted here: a full disk was not tried.\n');
    await s.close();
    if (process.env['CI']) throw new Error('CI must be able to mount a file system');
    return;
  }
  const server = temporalServer(s);
  const filler = join(s.home, 'filler');
  try {
    process.kill(server, 'SIGSTOP');
    for (const service of SERVICES.slice(0, 5)) expect(await s.send(service)).toBe(202);
    fill(filler);
    process.kill(server, 'SIGCONT');
    // Until the store has no more room either.
    const answers: number[] = [];
    for (const service of SERVICES.slice(5)) answers.push(await s.send(service));
    expect([...new Set(answers)].filter((status) => status !== 202)).toEqual([503]);
    await nothingLost(s).catch((error: unknown) => {
      throw new Error(`${String(error)}; answers ${answers.join(' ')}; ${s.running().stderr().slice(-3000)}`);
    });
    rmSync(filler);
    // A database that ran out of room may have ended, and whatever watches over the process starts it again.
    s.running().signal('SIGKILL');
    await s.running().ended;
    await s.start();
    const opened = async (): Promise<true | undefined> => {
      const found = await withIncident(s);
      return s.accepted.every((service) => found.has(service)) ? true : undefined;
    };
    await until(opened, 'an incident for each accepted alert', 90_000);
    expect(await s.send('service-0')).toBe(202);
  } finally {
    rmSync(filler, { force: true });
    await s.close().catch(() => undefined);
    execFileSync('umount', ['--lazy', disk]);
  }
}, 300_000);
