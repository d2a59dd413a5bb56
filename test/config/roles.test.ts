import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadClientSettings } from '../../config/client';
import { loadConfig } from '../../config/load';
import type { Environment, NightshiftConfig, SystemRole } from '../../config/types';
import type { NightshiftError } from '../../domain/errors';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'nightshift-roles-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PLACES = { DATABASE_URL: 'postgres://db/night', TEMPORAL_ADDRESS: 'temporal:7233' };

function load(role: SystemRole, env: Environment): NightshiftConfig {
  return loadConfig({ env, cwd: folder, role });
}

function problemsOf(role: SystemRole, env: Environment): string[] {
  try {
    load(role, env);
    return [];
  } catch (error) {
    return (error as NightshiftError).problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('a role of its own', () => {
  it.each(['worker', 'api'] as const)('%s without a database and a Temporal server is refused, and told what to set', (role) => {
    expect(problemsOf(role, {})).toEqual([
      `DATABASE_URL: --role ${role} needs PostgreSQL, which all roles share: set DATABASE_URL (postgres://user:password@host:5432/database), DATABASE_URL_FILE or store.databaseUrl`,
      `TEMPORAL_ADDRESS: --role ${role} needs a running Temporal server: set TEMPORAL_ADDRESS (host:port) or temporal.address`,
    ]);
    expect(problemsOf(role, PLACES)).toEqual([]);
  });

  it('is not asked of a process that runs everything', () => {
    expect(problemsOf('all', {})).toEqual([]);
  });
});

describe('DATABASE_URL_FILE', () => {
  it('names a file with the URL, so that no variable holds the password', () => {
    writeFileSync(join(folder, 'url'), 'postgres://night:hunter2@db/night\n');
    expect(load('api', { ...PLACES, DATABASE_URL: '', DATABASE_URL_FILE: join(folder, 'url') }).store.databaseUrl).toBe('postgres://night:hunter2@db/night');
  });

  it('that is not there, or holds another URL, is told without its text', () => {
    const missing = join(folder, 'gone');
    expect(problemsOf('all', { DATABASE_URL_FILE: missing })).toEqual([`DATABASE_URL_FILE: there is no file ${missing}`]);
    writeFileSync(join(folder, 'url'), 'mysql://night:hunter2@db/night');
    expect(problemsOf('all', { DATABASE_URL_FILE: join(folder, 'url') })).toEqual([
      'DATABASE_URL_FILE: must begin with postgres:// or postgresql://; other databases are not supported',
    ]);
  });
});

describe('NIGHTSHIFT_LISTEN', () => {
  it('is where the role listens, and nothing else changes', () => {
    const listeners = (role: SystemRole): unknown => {
      const { api, worker } = load(role, { ...PLACES, NIGHTSHIFT_LISTEN: '0.0.0.0:80' });
      return [`${api.host}:${String(api.port)}`, `${worker.host}:${String(worker.port)}`];
    };
    expect([listeners('all'), listeners('api'), listeners('worker')]).toEqual([
      ['0.0.0.0:80', '127.0.0.1:7071'],
      ['0.0.0.0:80', '127.0.0.1:7071'],
      ['127.0.0.1:7070', '0.0.0.0:80'],
    ]);
    expect(load('api', { ...PLACES, NIGHTSHIFT_LISTEN: '[::1]:80' }).api.host).toBe('::1');
  });

  it('is where the command line looks for the API', () => {
    expect(loadClientSettings({ env: { NIGHTSHIFT_LISTEN: '0.0.0.0:7999' }, cwd: folder }).apiUrl).toBe('http://127.0.0.1:7999');
  });

  it.each(['7070', 'http://x:1', 'host:99999', ':80'])('%s is refused', (text) => {
    expect(problemsOf('all', { NIGHTSHIFT_LISTEN: text })).toEqual(['NIGHTSHIFT_LISTEN: must be host:port, such as 0.0.0.0:7070, with a port up to 65535']);
  });
});
