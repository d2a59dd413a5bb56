import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeApi } from '../fakes/api';
import { startFakeApi } from '../fakes/api';
import { cli } from '../fakes/cli-harness';

describe('an API that cannot be asked', () => {
  it('gives exit code 3 and a sentence that says how to start it', async () => {
    const api = await startFakeApi();
    await api.close();
    const { code, out, err } = await cli(api.url, ['incident', 'list']);
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain(`Nightshift does not answer at ${api.url} (ECONNREFUSED). Start it with "npx nightshift start"`);
  });

  it('gives one JSON value with the code under --json', async () => {
    const api = await startFakeApi();
    await api.close();
    expect((await cli(api.url, ['halt', 'status', '--json'])).json()).toMatchObject({ error: { code: 'unreachable' } });
  });

  it.each([
    [200, '<html>welcome</html>'],
    [404, 'not here'],
    [500, '{"error":"other"}'],
  ])('is told apart from something else that answers (HTTP %d)', async (status, body) => {
    const server = createServer((_request, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { code, err } = await cli(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, ['halt', 'status']);
    server.closeAllConnections();
    server.close();
    expect(code).toBe(3);
    expect(err).toContain('but not as Nightshift does');
  });
});

describe('errors of the API', () => {
  let api: FakeApi;
  beforeEach(async () => {
    api = await startFakeApi();
  });
  afterEach(() => api.close());

  it('are told with every problem, and nothing in them steers the terminal', async () => {
    api.fail('/v1/halt', 'invalid_input', 'bad \u001b[2J body', [{ path: 'reason', message: 'is too\nlong' }]);
    const { code, err } = await cli(api.url, ['halt', 'on']);
    expect(code).toBe(2);
    expect(err).toBe('nightshift: bad \\x1b[2J body\n  reason: is too long\n  (invalid_input: The input is not valid)\n');
  });

  it('say where a key comes from when it is missing', async () => {
    const settings = { apiUrl: api.url, keyFile: '.nightshift/admin.key', home: '.nightshift' };
    const { code, err } = await cli(api.url, ['halt', 'status'], { deps: { clientSettings: () => settings } });
    expect(code).toBe(4);
    expect(err).toContain('NIGHTSHIFT_API_KEY');
    expect(err).toContain('.nightshift/admin.key');
  });
});

describe('usage', () => {
  const nowhere = 'http://127.0.0.1:1';

  it('prints help on stdout with the exit codes, and ends with 0', async () => {
    const { code, out } = await cli(nowhere, ['--help']);
    expect(code).toBe(0);
    for (const name of ['start', 'demo', 'doctor', 'incident', 'runbook', 'policy', 'config', 'key', 'halt', 'audit']) expect(out).toContain(`  ${name} `);
    expect(out).toContain('Exit codes: 0 ok, 1 failed, 2 usage, 3 unreachable, 4 refused.');
  });

  it('prints its version', async () => {
    expect(await cli(nowhere, ['--version'])).toMatchObject({ code: 0, out: '1.2.3\n' });
  });

  it.each([[['fly']], [['incident', 'fly']], [['incident']], [[]]])('answers %j with exit code 2 and help on stderr', async (argv) => {
    const { code, out, err } = await cli(nowhere, argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/unknown command|Usage:/);
  });

  it('gives one JSON value even for wrong usage under --json', async () => {
    expect((await cli(nowhere, ['incident', 'fly', '--json'])).json()).toMatchObject({ error: { code: 'invalid_input' } });
  });
});

describe('commands that run a system of their own', () => {
  it('says where the demo on the fake AWS is', async () => {
    const run = await cli('http://127.0.0.1:9', ['demo', '--target', 'aws']);
    expect(run).toMatchObject({ code: 2, err: expect.stringContaining('in a clone run npm run demo -- --target aws') as string });
  });

  it.each([
    [['start'], 'start', { json: false, role: 'all' }],
    [['start', '--config', 'a.yaml'], 'start', { json: false, config: 'a.yaml', role: 'all' }],
    [['start', '--role', 'worker', '--json'], 'start', { json: true, role: 'worker' }],
    [['demo'], 'demo', { yes: false, json: false, keep: false }],
    [['demo', '--fault', 'unknown', '--yes', '--json', '--keep'], 'demo', { fault: 'unknown', yes: true, json: true, keep: true }],
    [['doctor', '--json'], 'doctor', { json: true }],
    [['upgrade', 'check', '--json', '--config', 'a.yaml'], 'upgrade check', { json: true, config: 'a.yaml' }],
    [
      ['init', '--aws', '--profile', 'acme', '--region', 'eu-central-1,us-east-1', '--region', 'us-east-1', '--dir', 'd'],
      'init aws',
      { aws: { profile: 'acme', regions: ['eu-central-1', 'us-east-1'] }, environment: 'production', dir: 'd', json: false },
    ],
    [['init', '--service', 'shop'], 'init', { service: 'shop', environment: 'production', json: false }],
    [
      [
        'init',
        '--service',
        'shop',
        '--environment',
        'eu',
        '--metrics',
        'http://h/m',
        '--log',
        'l',
        '--dir',
        'd',
        '--json',
        '--',
        'python3',
        'ctl.py',
        '--dir',
        'x',
      ],
      'init',
      { service: 'shop', environment: 'eu', metrics: 'http://h/m', log: 'l', dir: 'd', json: true, program: ['python3', 'ctl.py', '--dir', 'x'] },
    ],
  ])('%j calls its launcher and ends with its exit code', async (argv, name, options) => {
    const launched: unknown[] = [];
    const launcher = (which: string) => (given: unknown) => Promise.resolve(launched.push([which, given]) + 6);
    const launchers = {
      start: launcher('start'),
      demo: launcher('demo'),
      doctor: launcher('doctor'),
      upgradeCheck: launcher('upgrade check'),
      init: launcher('init'),
      initAws: launcher('init aws'),
      restore: () => Promise.reject(new Error('nothing is restored here')),
      lookback: () => Promise.reject(new Error('nothing is looked back on here')),
    };
    const { code, out } = await cli('http://127.0.0.1:1', argv, { deps: { launchers } });
    expect([code, launched, out]).toEqual([7, [[name, options]], '']);
  });

  it.each([
    [['init'], '--service NAME'],
    [['init', '--aws'], '--region eu-central-1'],
    [['init', '--aws', '--region', 'Frankfurt'], 'must be a region'],
    [['init', '--aws', '--region', 'eu-central-1', '--service', 'shop'], '--service is for one service'],
    [['init', '--aws', '--region', 'eu-central-1', '--', './ctl'], 'A program is for one service'],
    [['init', '--service', 'shop', '--region', 'eu-central-1'], 'belong to --aws'],
  ])('%j is wrong usage', async (argv, words) => {
    const { code, err } = await cli('http://127.0.0.1:1', argv);
    expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  });

  it('a role that there is none of is wrong usage, and the roles are named', async () => {
    const { code, err } = await cli('http://127.0.0.1:1', ['start', '--role', 'boss']);
    expect([code, err]).toEqual([2, expect.stringMatching(/worker.*api/) as string]);
  });
});
