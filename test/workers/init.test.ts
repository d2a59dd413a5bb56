import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { InitOptions } from '../../cli/deps';
import { packageRoot } from '../../config/package-root';
import { loadStartup, withPrograms } from '../../config/startup';
import type { Startup } from '../../config/startup';
import { init } from '../../workers/init';

let folder: string;
let server: Server | undefined;
let page: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-init-'));
  page = '';
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

async function metricsAt(text: string): Promise<string> {
  page = text;
  server = createServer((_request, response) => response.end(page));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/metrics`;
}

async function run(options: Partial<InitOptions>): Promise<string> {
  let out = '';
  const none = { write: () => true };
  const io = { stdin: new PassThrough(), stdinIsTty: false, stdoutIsTty: false, stderrIsTty: false, columns: 100, color: false, stderr: none };
  const stdout = { write: (text: string) => (out += text) };
  expect(await init({ service: 'shop', environment: 'production', json: false, ...options, io: { ...io, stdout }, cwd: folder })).toBe(0);
  return out;
}

const written = (dir = '.'): string => readFileSync(join(folder, dir, 'nightshift.yaml'), 'utf8');
const loaded = (dir = '.'): Startup => withPrograms(loadStartup({ root: packageRoot(), cwd: join(folder, dir), env: { PATH: process.env['PATH'] } }));

const PYTHON = `# TYPE http_requests_total counter
http_requests_total{handler="/quote",status="2xx"} 10
http_requests_total{handler="/metrics",status="2xx"} 3
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{handler="/quote",le="+Inf"} 10
process_start_time_seconds 1795168800
process_resident_memory_bytes 5e7
process_open_fds 10
process_max_fds 1024
`;

test('what it writes is valid, and the new service is observed by a rule', async () => {
  const out = await run({ metrics: await metricsAt(PYTHON), log: 'shop.log', program: ['node', 'ctl.js', '--dir', 'a b'] });
  const { config } = loaded();
  expect(config.services).toMatchObject([
    {
      name: 'shop',
      environment: 'production',
      metrics: {
        names: { requests: 'http_requests_total', latency: 'http_request_duration_seconds' },
        ignoreRoutes: ['/metrics'],
        saturation: [{ name: 'open files', used: 'process_open_fds', limit: 'process_max_fds' }],
      },
      logs: { file: join(folder, 'shop.log') },
      limits: { errorShare: { above: 0.05 }, latencyP95Ms: { above: 1500 } },
      hands: { kind: 'commands', directory: folder, commands: { deploy: ['node', 'ctl.js', '--dir', 'a b', 'deploy', '{release}'] } },
    },
  ]);
  expect(config.policy.rules).toMatchObject([{ service: 'shop', mode: 'observe' }]);
  expect(out).toContain('requests are counted by http_requests_total');
  expect(out).toContain('resources that can fill up: open files');
});

test('without anything but a name it writes what is valid too, with every setting that was not given switched off', async () => {
  expect(await run({})).toContain('add --metrics URL');
  const { config } = loaded();
  expect(config.services).toEqual([{ name: 'shop', environment: 'production', tier: 'standard', dependsOn: [] }]);
  expect(written()).toMatch(/#metrics:[^]*#logs:[^]*#limits:[^]*#hands:/);
});

test('what is switched off is valid once it is switched on', async () => {
  await run({});
  mkdirSync(join(folder, 'on'));
  writeFileSync(join(folder, 'on', 'nightshift.yaml'), written().replace(/^( {4}|)#(?=\w| {2}[\w-]| {4,}\w| {4}- )(?! *(suggest|approve) )/gm, '$1'));
  const env = { SLACK_WEBHOOK_URL: 'https://hooks.slack.com/x', DEPLOY_KEY: 'k' };
  const { config } = loadStartup({ root: packageRoot(), cwd: join(folder, 'on'), env: env });
  expect(config.services[0]).toMatchObject({
    limits: { silence: { forMs: 180_000 } },
    hands: { kind: 'commands' },
    metrics: { saturation: [{ name: 'memory' }] },
  });
  expect(config.notifications).toHaveLength(2);
});

test('names that are not known are told, with those that may be meant, and nothing is judged by guesses', async () => {
  const out = await run({ metrics: await metricsAt('rpc_calls_total{method="a"} 3\nup 1\n') });
  expect(out).toContain('no counter of requests is known by its name. It may be one of rpc_calls_total; set metrics.names.requests');
  expect(written()).toContain('it may be one of rpc_calls_total');
  expect(loaded().config.services[0]?.limits).toEqual({ minRequests: 20 });
});

test('requests without a status are told: no error can be seen in them', async () => {
  expect(await run({ metrics: await metricsAt('http_requests_total{handler="/"} 3\n') })).toContain('requests carry no status');
  expect(loaded().config.services[0]?.limits).not.toHaveProperty('errorShare');
});

test('a service that does not answer is no reason to write nothing', async () => {
  const out = await run({ metrics: 'http://127.0.0.1:9/metrics' });
  expect(out).toMatch(/127\.0\.0\.1:9\/metrics: .*fetch failed.*looks again/);
  expect(loaded().config.services[0]).toMatchObject({ metrics: { url: 'http://127.0.0.1:9/metrics' }, limits: { errorShare: { above: 0.05 } } });
});

test('what a hostile page says cannot become a setting', async () => {
  const name = "x'], hands: {kind: supervisor}, a: ['";
  await run({ metrics: await metricsAt(`http_requests_total{handler="/health/${name}",status="200"} 1\nhttp_requests_total{handler="/healthz"} 1\n`) });
  expect(loaded().config.services[0]).not.toHaveProperty('hands');
  expect(loaded().config.services[0]?.metrics?.ignoreRoutes).toEqual([`/health/${name}`, '/healthz']);
});

test('it never writes over a file, and says what to do', async () => {
  writeFileSync(join(folder, 'nightshift.yaml'), 'mine');
  await expect(run({})).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('is left as it is. Add your service to it, or choose another folder with --dir') as string,
  });
  expect(written()).toBe('mine');
});

test('in another folder the program still starts where it was named', async () => {
  mkdirSync(join(folder, 'ops'));
  await run({ dir: 'ops', program: ['node', 'ctl.js'] });
  expect(loaded('ops').config.services[0]?.hands).toMatchObject({ directory: folder });
  await expect(run({ dir: 'nowhere' })).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining('There is no folder') as string });
});

test.each([
  [{ service: 'No Good' }, 'services.0.name'],
  [{ environment: 'a\nb' }, 'services.0.environment'],
])('%j is refused before anything is written', async (options, path) => {
  await expect(run(options)).rejects.toMatchObject({ code: 'invalid_input', problems: expect.arrayContaining([expect.objectContaining({ path })]) as object });
  expect(() => written()).toThrow('ENOENT');
});

test('a password in the URL is refused', async () => {
  await expect(run({ metrics: 'http://me:pw@host/metrics' })).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining('holds a user or a password') as string,
  });
});

test('with --json it prints one value', async () => {
  const out = JSON.parse(await run({ json: true, metrics: await metricsAt(PYTHON) })) as object;
  expect(out).toMatchObject({ file: join(folder, 'nightshift.yaml'), mode: 'observe', metrics: { requests: 'http_requests_total', hasStatus: true } });
});
