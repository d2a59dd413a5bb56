import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { openEmbedded, openPostgres } from '../../adapters/postgres/open';
import type { MetricPoint } from '../../domain/telemetry';
import type { Store } from '../../ports/store';
import { makeDataFolder, postgresPrograms, serverCommand } from '../../scripts/cluster/postgres';
import { freePort } from '../../workers/free-port';
import { ENVIRONMENT, SERVICES } from '../load/system';
import { Closing } from '../stage/closing';

/** Points a second that the archive committed; null where PostgreSQL's programs are missing. */
export interface PointsPerSecond {
  readonly pglite: number;
  readonly postgres: number | null;
}

/** Series of each service. */
const SERIES = 25;
/** Messages under way at the same time. */
const SENDERS = 2;
const WARM_UP_MS = 3000;
const STEP_MS = 15_000;
const START_MS = 30_000;

/** Measures both archives for so long each, in messages of one point of each of a service's 25 series and of all 40 services in one: 1,000 points. */
export async function benchPoints(path: string, measureMs: number): Promise<PointsPerSecond> {
  const home = await mkdtemp(join(tmpdir(), 'nightshift-points-'));
  const closing = new Closing();
  closing.add(() => rm(home, { recursive: true, force: true }));
  try {
    const embedded = await openEmbedded({ home });
    closing.add(() => embedded.close());
    const pglite = await measure(embedded, measureMs);
    const postgres = await openServer(path, closing);
    return { pglite, postgres: postgres ? await measure(postgres, measureMs) : null };
  } finally {
    await closing.close();
  }
}

async function measure({ archive }: Store, measureMs: number): Promise<number> {
  const began = Date.now();
  // The past, so that no point lies ahead however fast they come.
  const first = began - 24 * 3_600_000;
  const end = began + WARM_UP_MS + measureMs;
  let step = 0;
  let points = 0;
  const sender = async (): Promise<void> => {
    while (Date.now() < end) {
      const at = new Date(first + step++ * STEP_MS).toISOString();
      const { added } = (await archive.writer.keep({ points: message(at) }, Date.now())).points;
      if (Date.now() >= began + WARM_UP_MS && Date.now() < end) points += added;
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  return Math.round((points * 1000) / measureMs);
}

function message(at: string): MetricPoint[] {
  return SERVICES.flatMap((service) => Array.from({ length: SERIES }, (_, series) => point(service, series, at)));
}

function point(service: string, series: number, at: string): MetricPoint {
  const labels = { instance: `i-${String(series % 5)}`, route: `/route-${String(series)}`, region: 'eu-central-1' };
  return {
    source: 'bench',
    environment: ENVIRONMENT,
    service,
    metric: 'http_requests_total',
    kind: 'counter',
    at,
    value: Date.parse(at) / 1000 + series,
    labels,
  };
}

/** A PostgreSQL server of the benchmark's own with its defaults, and a store on it; undefined where its programs are missing. */
async function openServer(path: string, closing: Closing): Promise<Store | undefined> {
  const programs = postgresPrograms(path);
  if (programs === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-points-'));
  closing.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  await chmod(folder, 0o711);
  const password = randomBytes(16).toString('hex');
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  const env = { PATH: `${programs}${delimiter}${path}`, POSTGRES_USER: 'nightshift', POSTGRES_PASSWORD_FILE: passwordFile };
  const port = await freePort();
  const [program = '', ...args] = serverCommand(['postgres'], makeDataFolder(folder, env), port);
  const child = spawn(program, args, { stdio: 'ignore', env, cwd: folder });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  closing.add(async () => {
    child.kill('SIGINT');
    await ended;
  });
  const store = await answering(`postgres://nightshift:${password}@127.0.0.1:${String(port)}/postgres`);
  closing.add(() => store.close());
  return store;
}

async function answering(databaseUrl: string): Promise<Store> {
  for (const end = Date.now() + START_MS; ; await new Promise((resolve) => setTimeout(resolve, 200))) {
    try {
      return await openPostgres({ databaseUrl });
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}
