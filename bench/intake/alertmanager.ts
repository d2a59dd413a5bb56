import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../workers/free-port';

/** A running Alertmanager. */
export interface Peer {
  readonly url: string;
  close(): Promise<void>;
}

/** As Debian's package `prometheus-alertmanager` names it. */
const PROGRAM = 'prometheus-alertmanager';
const READY_MS = 30_000;
const LOOK_MS = 100;
// It groups by the alert's service, as we do, and has nobody to tell.
const CONFIG = 'route:\n  receiver: nobody\n  group_by: [service]\nreceivers:\n  - name: nobody\n';

/** Starts Alertmanager in a temporary folder on a free port, alone; undefined where the program is not installed. */
export async function startAlertmanager(path: string): Promise<Peer | undefined> {
  const dir = await mkdtemp(join(tmpdir(), 'nightshift-alertmanager-'));
  const file = join(dir, 'alertmanager.yml');
  await writeFile(file, CONFIG);
  const port = await freePort(0);
  const args = [
    `--config.file=${file}`,
    `--storage.path=${join(dir, 'data')}`,
    `--web.listen-address=127.0.0.1:${String(port)}`,
    '--cluster.listen-address=',
    '--log.level=error',
  ];
  const child = spawn(PROGRAM, args, { stdio: 'ignore', env: { PATH: path } });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(dir, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${String(port)}`;
  if (await Promise.race([ready(url), ended.then(() => false)])) return { url, close };
  await close();
  return undefined;
}

async function ready(url: string): Promise<boolean> {
  for (const end = Date.now() + READY_MS; Date.now() < end;) {
    const up = await fetch(`${url}/-/ready`).then(
      (reply) => reply.ok,
      () => false,
    );
    if (up) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return false;
}
