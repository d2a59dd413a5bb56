import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { postgresPrograms as findPrograms } from './postgres';

/** A PostgreSQL server of the test's own, on a free port and in a temporary folder. */
export interface PostgresServer {
  readonly port: number;
  /** URL of a new, empty database. */
  database(): Promise<string>;
  stop(): Promise<void>;
}

/** Folder of PostgreSQL's programs, or undefined where there is none. */
export function postgresPrograms(): string | undefined {
  return findPrograms(process.env.PATH ?? '');
}

/** Starts a server from the programs in a folder; as root it runs as the user postgres, which PostgreSQL demands. */
export async function startPostgres(programs: string): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-pg-'));
  const data = join(folder, 'data');
  const root = process.getuid?.() === 0;
  const user = (program: string, args: string[]): [string, string[]] =>
    root ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--init-groups', join(programs, program), ...args]] : [join(programs, program), args];
  chmodSync(folder, 0o755);
  mkdirSync(data, { mode: 0o700 });
  if (root) {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
    chownSync(data, id('-u'), id('-g'));
  }
  execFileSync(...user('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']), { stdio: 'pipe' });
  const port = await freePort();
  const child = spawn(
    ...user('postgres', ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off']),
    { stdio: 'ignore' },
  );
  const admin = new pg.Pool({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres', max: 1 });
  admin.on('error', () => undefined);
  await answering(admin, child);
  let made = 0;
  return {
    port,
    database: async () => {
      made += 1;
      await admin.query(`create database test_${made}`);
      return `postgres://postgres:s3cret-word@127.0.0.1:${port}/test_${made}`;
    },
    stop: async () => {
      await admin.end();
      await ended(child, 'SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answering(admin: pg.Pool, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`postgres ended with ${child.exitCode}`);
    try {
      await admin.query('select 1');
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    if (child.exitCode !== null || child.signalCode !== null || !child.kill(signal)) resolve();
  });
}

/** A port of loopback that nothing listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
