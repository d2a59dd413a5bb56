import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../config/package-root';
import type { Doors } from '../../../workers/start';
import { until } from '../until';
import { MAIN, adminOf, doorsOf, makePlace } from './support';
import type { Place, Program } from './support';

// Words that it takes in more loosely than it describes them are no fault.
const CHECKS = ['--checks', 'all', '--exclude-checks', 'positive_data_acceptance'];
// Revoking the key that fuzzes would end the run.
const EXCEPT = ['--exclude-path', '/v1/keys/{id}'];
const FUZZER = 'schemathesis';
const CASSETTE = 'cassette.yaml';

function hasFuzzer(): boolean {
  try {
    execFileSync(FUZZER, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let place: Place;
let running: Program;
let doors: Doors;
let home: string;

/** Runs the fuzzer against the running system; resolves to its exit code and what it printed. */
function fuzz(args: readonly string[]): Promise<{ readonly code: number | null; readonly told: string }> {
  return new Promise((resolve) => {
    const child = spawn(FUZZER, args, { cwd: place.dir, env: { ...process.env, NO_COLOR: '1' } });
    let told = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (told += data.toString()));
    child.once('close', (code) => resolve({ code, told }));
  });
}

if (!hasFuzzer()) {
  test('schemathesis is here in CI', () => {
    if (!process.env['CI']) process.stderr.write('schemathesis (PyPI) is not installed: the HTTP API was not fuzzed.\n');
    expect(process.env['CI'] ? 'no schemathesis found; install it from PyPI' : 'not CI').toBe('not CI');
  });
} else {
  beforeAll(async () => {
    place = makePlace();
    home = join(place.dir, 'home');
    writeFileSync(join(place.dir, 'nightshift.yaml'), 'profile: fast\nhome: home\napi: { port: 0, rateLimitPerMinute: 1000000 }\n');
    running = place.run(MAIN, ['start', '--json']);
    doors = await doorsOf(running);
  }, 120_000);
  afterAll(() => place.remove());

  test('whatever is sent to the HTTP API, it answers as its description says, stays up, and tells nothing of its inside', async () => {
    const api = adminOf(doors, home);
    const { key } = await api.createKey('fuzzer', 'admin');
    const body = JSON.stringify({ service: 'nobody-knows-it', environment: 'production', name: 'DiskFull', severity: 'sev3', summary: 'the disk is full' });
    const sent = await fetch(`${doors.api}/v1/alerts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
    });
    expect(sent.status).toBe(202);
    const opened = await until(async () => (await api.incidents({ limit: 1 })).incidents.find((view) => view.status === 'escalated'), 'an incident', 30_000);
    writeFileSync(join(place.dir, 'schemathesis.toml'), `[parameters]\n"path.id" = "${opened.incidentId}"\n`);
    const options = ['--header', `Authorization: Bearer ${key}`, '--max-examples', '20', '--seed', '1', '--report', 'vcr', '--report-vcr-path', CASSETTE];
    const { code, told } = await fuzz(['run', `${doors.api}/openapi.json`, ...options, ...CHECKS, ...EXCEPT]);
    // What it found is the text, so that a failure shows it.
    expect(code === 0 ? '' : told).toBe('');
    expect(told).toMatch(/[1-9]\d\d+ generated/);
    expect((await fetch(`${doors.api}/readyz`)).status).toBe(200);
    const answers = readFileSync(join(place.dir, CASSETTE), 'utf8');
    expect(answers).toContain(opened.incidentId);
    const adminKey = readFileSync(join(home, 'admin.key'), 'utf8').trim();
    const inside = [packageRoot(), place.dir, 'node_modules', 'adapters/', adminKey];
    expect(inside.filter((text) => answers.includes(text))).toEqual([]);
    expect([adminKey, key].filter((text) => running.stderr().includes(text))).toEqual([]);
    expect(running.stderr()).not.toMatch(/"level":[56]0/);
  }, 280_000);
}
