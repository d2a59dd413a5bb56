import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Launch } from './service';
import { run } from './service';

/** Folder with PostgreSQL's programs, the newest version first; undefined where there is none. */
export function postgresPrograms(path: string): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...path.split(delimiter)];
  return folders.find((folder) => ['initdb', 'postgres', 'psql', 'pg_isready'].every((program) => existsSync(join(folder, program))));
}

/** A data folder of PostgreSQL and who owns it. */
export interface DataFolder {
  readonly data: string;
  /** What a command begins with: PostgreSQL refuses to run as root, so there it runs as the user postgres. */
  readonly asOwner: readonly string[];
}

/** Makes the data folder as the image does: superuser and password from the environment, passwords asked for on every connection by network. */
export function makeDataFolder(folder: string, env: Readonly<Record<string, string>>): DataFolder {
  const data = join(folder, 'data');
  const passwords = join(folder, 'superuser');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwords, readFileSync(env['POSTGRES_PASSWORD_FILE'] ?? ''), { mode: 0o600 });
  const asOwner = process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : [];
  if (asOwner.length > 0) for (const path of [data, passwords]) chownSync(path, postgresId('-u'), postgresId('-g'));
  const [program = '', ...args] = [
    ...asOwner,
    'initdb',
    '-D',
    data,
    '-U',
    env['POSTGRES_USER'] ?? '',
    `--pwfile=${passwords}`,
    '-A',
    'scram-sha-256',
    '-E',
    'UTF8',
    '--locale=C',
  ];
  execFileSync(program, args, { env: { ...env }, cwd: folder, stdio: 'pipe' });
  return { data, asOwner };
}

/** The command of the service over a data folder: on loopback, at a port. */
export function serverCommand(argv: readonly string[], { data, asOwner }: DataFolder, port: number): string[] {
  return [...asOwner, ...argv, '-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
}

/** Runs the scripts that the image runs once on an empty data folder. */
export async function runInitScripts(scripts: readonly string[], launch: Omit<Launch, 'argv'>, port: number): Promise<void> {
  const password = readFileSync(launch.env['POSTGRES_PASSWORD_FILE'] ?? '', 'utf8');
  const env = { ...launch.env, PGHOST: '127.0.0.1', PGPORT: String(port), PGPASSWORD: password };
  for (const script of scripts) {
    const { code, output } = await run([script], { ...launch, env });
    if (code !== 0) throw new Error(`${script} ended with ${String(code)}:\n${output}`);
  }
}

function postgresId(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}
