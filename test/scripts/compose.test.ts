import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../config/package-root';
import { readCompose, readImage } from '../../scripts/cluster/compose';
import { placed, placedVariable } from '../../scripts/cluster/places';

const ROOT = packageRoot();
const NAMES = ['postgres_password', 'temporal_password', 'nightshift_password', 'nightshift_database_url'];

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'nightshift-compose-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function makeSecrets(): Record<string, string> {
  execFileSync('sh', [join(ROOT, 'docker', 'make-secrets.sh'), join(folder, 'secrets'), 'db:1'], { cwd: folder });
  return Object.fromEntries(NAMES.map((name) => [name, readFileSync(join(folder, 'secrets', name), 'utf8')]));
}

function hasCompose(): boolean {
  try {
    execFileSync('docker-compose', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('docker-compose.yml', () => {
  const { services, secrets } = readCompose(ROOT, {});

  it('has the services of a cluster, each with a health check or an end', () => {
    expect(Object.keys(services).sort()).toEqual(['api', 'postgresql', 'temporal', 'temporal-namespace', 'temporal-schema', 'temporal-ui', 'worker']);
    for (const { restart, healthcheck } of Object.values(services)) expect(healthcheck === undefined).toBe(restart === 'on-failure');
  });

  it('runs the roles of Nightshift from one image, as a user that is not root', () => {
    expect([services['api']?.command, services['worker']?.command]).toEqual([
      ['start', '--role', 'api'],
      ['start', '--role', 'worker'],
    ]);
    expect(services['api']?.image).toBe(services['worker']?.image);
    expect(readImage(ROOT)).toMatchObject({ user: 'node', entrypoint: ['node', '--enable-source-maps', '/app/dist/workers/main.js'] });
  });

  it('pins every image to one version', () => {
    const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
    const bases = [...dockerfile.matchAll(/^FROM (\S+:\S+)/gm)].map(([, base = '']) => base);
    expect(bases.length).toBeGreaterThan(0);
    for (const image of [...bases, ...Object.values(services).map((service) => service.image)]) expect(image).toMatch(/:\d+\.\d+(\.\d+)?(-[a-z-]+)?$/);
  });

  it('holds no secret: they are files that somebody makes, and no variable has the name of one without being a file', () => {
    expect(Object.keys(secrets).sort()).toEqual([...NAMES].sort());
    const variables = Object.values(services).flatMap(({ environment }) => Object.keys(environment));
    expect(variables.filter((name) => /PASS|PWD|SECRET|TOKEN|KEY|URL/.test(name) && !name.endsWith('_FILE'))).toEqual([]);
    const example = readFileSync(join(ROOT, '.env.example'), 'utf8');
    expect([...example.matchAll(/^(\w+)=/gm)].map(([, name]) => name)).toEqual([
      'NIGHTSHIFT_CONFIG_FILE',
      'NIGHTSHIFT_SECRETS',
      'NIGHTSHIFT_API_PORT',
      'TEMPORAL_UI_PORT',
    ]);
  });

  it('opens its ports on loopback only', () => {
    const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
    const ports = [...text.matchAll(/^ {4}ports: \['([^']+)'\]$/gm)].map(([, port]) => port);
    expect(ports).toHaveLength(2);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  if (!hasCompose()) {
    it('is here with docker-compose in CI', () => {
      if (!process.env['CI']) process.stderr.write('docker-compose is not installed: docker-compose.yml was read by our own reader only.\n');
      expect(process.env['CI'] ? 'docker-compose is not installed' : 'not CI').toBe('not CI');
    });
    return;
  }
  it('is taken by docker-compose', () => {
    const made = makeSecrets();
    const env = { ...process.env, NIGHTSHIFT_SECRETS: join(folder, 'secrets'), NIGHTSHIFT_API_PORT: '7999' };
    const shown = execFileSync('docker-compose', ['-f', join(ROOT, 'docker-compose.yml'), 'config'], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(shown).toContain('127.0.0.1:7999:7070');
    expect(Object.values(made).filter((secret) => shown.includes(secret))).toEqual([]);
  });
});

describe('docker/make-secrets.sh', () => {
  it('makes different passwords in a folder for its owner alone, and leaves what is there', () => {
    const made = makeSecrets();
    expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
    expect(new Set(Object.values(made)).size).toBe(NAMES.length);
    expect(made['nightshift_password']).toMatch(/^[0-9a-f]{48}$/);
    expect(made['nightshift_database_url']).toBe(`postgres://nightshift:${String(made['nightshift_password'])}@db:1/nightshift`);
    expect(makeSecrets()).toEqual(made);
  });
});

describe('a service without its container', () => {
  const places = { ports: { 'db:5432': 25_001, 'api:7070': 25_002, 'worker-1:7070': 25_003 }, paths: { '/etc/x': '/tmp/a', '/etc/x/y': '/tmp/b' } };

  it.each([
    ['0.0.0.0', '127.0.0.1'],
    ['0.0.0.0:7070', '127.0.0.1:25003'],
    ['http://127.0.0.1:7070/readyz', 'http://127.0.0.1:25003/readyz'],
    ['http://api:7070', 'http://127.0.0.1:25002'],
    ['5432', '25001'],
    ['postgres://db@db:5432/db', 'postgres://db@127.0.0.1:25001/db'],
    ['cat /etc/x/y /etc/x /etc/xylophone', 'cat /tmp/b /tmp/a /etc/xylophone'],
    ['elsewhere:5432', 'elsewhere:5432'],
    ['max_connections=200', 'max_connections=200'],
  ])('%s becomes %s', (text, expected) => {
    expect(placed(text, 'worker-1', places)).toBe(expected);
  });

  it('a variable that is a host becomes loopback, and a user of the same name stays', () => {
    expect([placedVariable('SQL_HOST', 'db', 'api', places), placedVariable('SQL_USER', 'db', 'api', places)]).toEqual(['127.0.0.1', 'db']);
  });

  it('something in the file that is not understood is not passed over', () => {
    writeFileSync(join(folder, 'docker-compose.yml'), 'services: { a: { image: "x:1", restart: always } }\nsecrets: {}\n');
    expect(() => readCompose(folder, {})).toThrow();
  });
});
