import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CliDeps } from '../../cli/deps';
import { readCatalogue, readRunbooks } from '../../config/catalogue';
import { loadConfig } from '../../config/load';
import { packageRoot } from '../../config/package-root';
import type { FakeApi } from '../fakes/api';
import { startFakeApi } from '../fakes/api';
import { auditLines } from '../fakes/audit-lines';
import type { CliResult } from '../fakes/cli-harness';
import { cli } from '../fakes/cli-harness';
import { SAMPLE_ID } from '../fakes/incident-samples';

const ROOT = resolve(__dirname, '../..');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightshift-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The command line with the real loaders of configuration and catalogue, and no API anywhere. */
function local(argv: readonly string[]): Promise<CliResult> {
  const deps: Partial<CliDeps> = {
    loadConfig: (file, role) => loadConfig({ env: {}, cwd: folder, role, ...(file === undefined ? {} : { file }) }),
    loadCatalogue: ({ files }) => (files === undefined ? readCatalogue({ root: ROOT }) : readRunbooks(files)),
  };
  return cli('http://127.0.0.1:1', argv, { deps });
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const CONFIG = `
services:
  - { name: bookshop, environment: demo, tier: critical }
policy:
  rules:
    - { runbook: rollback-release, environment: demo, mode: auto }
    - { service: bookshop, mode: suggest, reason: it is new to us }
  freezes:
    - { name: always, zone: Europe/Berlin, environments: ['*'], from: '2020-01-01T00:00', to: '2040-01-01T00:00' }
`;

describe('nightshift config check', () => {
  it('tells what is odd, such as a service without an owner, and is content', async () => {
    const { code, out } = await local(['config', 'check', '--config', await file('a.yaml', CONFIG)]);
    expect([code, out]).toEqual([0, expect.stringContaining('services.0: bookshop in demo has no owner')]);
  });

  it('says what holds when all is well, and no secret', async () => {
    const { code, out } = await local(['config', 'check', '--config', await file('a.yaml', CONFIG)]);
    expect(code).toBe(0);
    expect(out).toContain('The configuration is valid.');
    expect(out).toContain('demo/bookshop');
  });

  it('for a role of its own says what that needs', async () => {
    const { code, out } = await local(['config', 'check', '--role', 'worker', '--config', await file('a.yaml', CONFIG)]);
    expect(code).toBe(1);
    for (const part of ['DATABASE_URL: --role worker needs PostgreSQL', 'TEMPORAL_ADDRESS: --role worker needs a running Temporal server']) {
      expect(out).toContain(part);
    }
  });

  it('lists every problem at once with exit code 1', async () => {
    const path = await file('bad.yaml', 'services:\n  - { name: "No Good", environment: demo, tier: huge }\ncolour: red\n');
    const { code, out } = await local(['config', 'check', '--config', path]);
    expect(code).toBe(1);
    for (const part of ['services.0.name', 'services.0.tier', 'colour']) expect(out).toContain(part);
  });

  it('gives one JSON value either way', async () => {
    expect((await local(['config', 'check', '--json', '--config', await file('a.yaml', CONFIG)])).json()).toMatchObject({
      ok: true,
      problems: [],
      services: ['demo/bookshop'],
    });
    const bad = (await local(['config', 'check', '--json', '--config', await file('b.yaml', 'colour: red')])).json<{ ok: boolean; problems: unknown[] }>();
    expect(bad.ok).toBe(false);
    expect(bad.problems).toHaveLength(1);
  });
});

describe('nightshift policy check', () => {
  it('answers what policy would say, by the most cautious rule, with the freezes in force', async () => {
    const ask = [
      'policy',
      'check',
      '--runbook',
      'rollback-release',
      '--environment',
      'demo',
      '--service',
      'bookshop',
      '--config',
      await file('a.yaml', CONFIG),
    ];
    const { code, out } = await local(ask);
    expect(code).toBe(0);
    expect(out).toContain('rollback-release on demo/bookshop (critical): suggest');
    expect(out).toContain('it is new to us');
    expect(out).toContain('always: nothing is changed while it lasts');
    expect((await local([...ask, '--json'])).json()).toMatchObject({ ok: true, verdict: { mode: 'suggest', freezes: [{ name: 'always' }] } });
  });

  it('only checks when nothing is asked', async () => {
    expect((await local(['policy', 'check', '--config', await file('a.yaml', CONFIG)])).out).toBe('The policy is valid; rules: 2, freezes: 1.\n');
  });

  it('takes a runbook that nobody knows here only where a repository may have it', async () => {
    const ask = ['policy', 'check', '--runbook', 'flush', '--environment', 'demo', '--service', 'bookshop'];
    expect(await local([...ask, '--config', await file('a.yaml', CONFIG)])).toMatchObject({
      code: 2,
      err: expect.stringContaining('no runbook "flush"') as string,
    });
    const remote = `${CONFIG}runbooks: { github: { repository: acme/ops } }\n`;
    expect((await local([...ask, '--config', await file('b.yaml', remote)])).out).toContain('flush on demo/bookshop (critical): suggest');
  });

  it('ends with exit code 1 and all problems when the policy is not valid', async () => {
    const { code, err } = await local(['policy', 'check', '--config', await file('a.yaml', 'policy: { rules: [{ mode: yolo }] }')]);
    expect(code).toBe(1);
    expect(err).toContain('policy.rules.0.mode');
  });

  it.each([
    [['--runbook', 'rollback-release'], 'give --runbook, --environment and --service'],
    [['--runbook', 'nothing', '--environment', 'demo', '--service', 'bookshop'], 'There is no runbook "nothing"; there are '],
    [['--runbook', 'rollback-release', '--environment', 'demo', '--service', 'cart'], 'demo/cart is not in the configuration (demo/bookshop); give its --tier'],
  ])('refuses %j with exit code 2', async (args, message) => {
    const { code, err } = await local(['policy', 'check', ...args, '--config', await file('a.yaml', CONFIG)]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('answers for a service that is not known when its tier is given', async () => {
    const ask = ['policy', 'check', '--runbook', 'rollback-release', '--environment', 'prod', '--service', 'cart', '--tier', 'low'];
    expect((await local([...ask, '--config', await file('a.yaml', CONFIG)])).out).toContain('rollback-release on prod/cart (low): approve');
  });
});

describe('nightshift runbook lint', () => {
  it('finds the built-in catalogue good', async () => {
    const { code, out } = await local(['runbook', 'lint']);
    const built = readCatalogue({ root: packageRoot() }).runbooks.map(({ runbook }) => `${runbook.id} v${String(runbook.version)}: good\n`);
    expect([code, out]).toEqual([0, built.join('')]);
    expect(out).toContain('restart-service v1: good\n');
  });

  it('names file and place of every problem with exit code 1', async () => {
    const path = await file('mine.yaml', 'id: mine\nversion: one\n');
    const { code, out } = await local(['runbook', 'lint', path]);
    expect(code).toBe(1);
    expect(out).toContain(`${path}: version`);
    expect((await local(['runbook', 'lint', '--json', path])).json()).toMatchObject({ ok: false, runbooks: [] });
  });
});

describe('nightshift audit verify --file', () => {
  it('checks a file without any server', async () => {
    const path = await file('a.jsonl', `${auditLines(3).join('\n')}\n`);
    const { code, out, err } = await local(['audit', 'verify', '--file', path]);
    expect(code).toBe(0);
    expect(out).toMatch(/^3 records checked, all whole; head [0-9a-f]{64}\n$/);
    expect(err).toContain('only without --file');
  });

  it('names the first broken record with exit code 1', async () => {
    const lines = auditLines(4).map((line, i) => (i === 1 ? line.replace('happened 2', 'did not happen') : line));
    const path = await file('a.jsonl', `${lines.join('\n')}\n`);
    const { code, out } = await local(['audit', 'verify', '--file', path]);
    expect(code).toBe(1);
    expect(out.split('\n')[1]).toContain(`altered: ${SAMPLE_ID}, number 2: line 2`);
    expect((await local(['audit', 'verify', '--file', path, '--json'])).json()).toMatchObject({ ok: false, checked: 4, faults: [{ kind: 'altered', seq: 2 }] });
  });

  it('sees a torn last line', async () => {
    const path = await file('a.jsonl', auditLines(3).join('\n').slice(0, -20));
    expect(await local(['audit', 'verify', '--file', path])).toMatchObject({ code: 1, out: expect.stringContaining('torn') as string });
  });

  it('sees that the file is of another incident', async () => {
    const path = await file('a.jsonl', `${auditLines(2).join('\n')}\n`);
    expect(await local(['audit', 'verify', 'inc-other', '--file', path])).toMatchObject({ code: 1, out: expect.stringContaining('not inc-other') as string });
  });

  it('says so when the file cannot be read', async () => {
    expect((await local(['audit', 'verify', '--file', join(folder, 'none')])).code).toBe(2);
  });
});

describe('nightshift audit verify', () => {
  let api: FakeApi;
  beforeEach(async () => {
    api = await startFakeApi();
  });
  afterEach(() => api.close());

  it('asks the server about all, or about one incident even if its projection is gone', async () => {
    api.state.audit = { checked: 12, faults: [] };
    expect(await cli(api.url, ['audit', 'verify'])).toMatchObject({ code: 0, out: '12 records checked, all whole\n' });
    await cli(api.url, ['audit', 'verify', SAMPLE_ID]);
    expect(api.calls.map((call) => call.query)).toEqual([{}, { incident: SAMPLE_ID }]);
  });

  it('names every fault on stdout with exit code 1', async () => {
    api.state.audit = { checked: 12, faults: [{ kind: 'cut-tail', stream: SAMPLE_ID, seq: 7, position: 31, message: 'the tail was cut' }] };
    const { code, out } = await cli(api.url, ['audit', 'verify']);
    expect(code).toBe(1);
    expect(out).toContain(`cut-tail: ${SAMPLE_ID}, number 7, position 31: the tail was cut`);
    expect((await cli(api.url, ['audit', 'verify', '--json'])).json()).toEqual({ ok: false, ...api.state.audit });
  });
});
