import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Environment } from '../../config/types';
import { startNightshift } from '../chaos/processes';
import type { NightshiftProcess } from '../chaos/processes';
import { Closing } from '../stage/closing';

/** A whole embedded system in a process of its own, as `nightshift start` runs it, with an admin's key. */
export interface LoadedSystem {
  readonly url: string;
  readonly key: string;
  readonly temporal: string;
  /** Process whose children are the Temporal server's keeper and server. */
  readonly pid: number;
  close(): Promise<void>;
}

/** Environment of the services of a load. */
export const ENVIRONMENT = 'bench';

/** Services of a load. */
export const SERVICES = Array.from({ length: 40 }, (_, i) => `shop-${String(i + 1).padStart(2, '0')}`);

/** Starts it in a temporary folder with the defaults of the product, but for the limits of requests a minute and of alerts that may wait: more come here than are delivered meanwhile. */
export function startLoadedSystem(env: Environment): Promise<LoadedSystem> {
  return Closing.guard(async (closing) => {
    const dir = await mkdtemp(join(tmpdir(), 'nightshift-load-'));
    closing.add(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
    const home = join(dir, 'home');
    await mkdir(home, { mode: 0o700 });
    const file = join(dir, 'nightshift.yaml');
    await writeFile(file, configText(home));
    const running: NightshiftProcess = await startNightshift({ entry: 'workers/main.js', args: ['start', '--json', '--config', file], dir, env });
    closing.add(() => running.stop());
    const key = (await readFile(join(home, 'admin.key'), 'utf8')).trim();
    return { url: running.doors.api, key, temporal: running.doors.temporal, pid: running.pid, close: () => closing.close() };
  });
}

function configText(home: string): string {
  const services = SERVICES.map((name) => ({ name, environment: ENVIRONMENT }));
  return stringify({
    home,
    api: { port: 0, rateLimitPerMinute: 1_000_000_000 },
    inbox: { limit: 1_000_000 },
    services,
    policy: { brake: { incidents: 1_000_000 } },
  });
}
