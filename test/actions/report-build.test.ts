import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../../config/package-root';
import type { Build } from '../../domain/build';
import type { BuildVerdict } from '../../domain/build-verdict';
import { harness } from '../api/harness';
import type { Harness } from '../api/harness';
import { eventually } from '../fakes/eventually';
import { FakeRunner } from './runner';

const REPORT =
  '<testsuites><testsuite name="a" tests="3" failures="1"><testcase name="x"/><testcase name="y"><failure>no</failure></testcase><testcase name="z"><skipped/></testcase></testsuite></testsuites>';

let h: Harness;
let url: string;
let key: string;
let said: BuildVerdict;
let runners: FakeRunner[];
beforeAll(async () => {
  h = await harness({ deps: { clock: { now: () => Date.now() }, verdicts: { of: async (builds) => builds.map(() => said) } } });
  url = await h.app.listen({ host: '127.0.0.1', port: 0 });
  key = (await h.store.keys.create({ name: 'ci', role: 'responder' }, new Date().toISOString())).key;
});
afterAll(() => h.app.close());
beforeEach(() => {
  said = { verdict: 'normal', reason: 'as usual' };
  runners = [];
});
afterEach(() => {
  for (const runner of runners) rmSync(runner.temp, { recursive: true, force: true });
});

function runnerOf(facts: Record<string, string> = {}): FakeRunner {
  const runner = new FakeRunner(facts);
  runners.push(runner);
  return runner;
}

const inputs = (over: Record<string, string> = {}) => ({
  url,
  key,
  report: 'at-end',
  status: 'success',
  'fail-on-error': 'false',
  matrix: 'null',
  'job-id': '',
  ...over,
});
const kept = async (id: string): Promise<Build | undefined> => h.store.archive.builds.get(id);

test('a job is reported when it ends: result, duration, tests, CPU and memory, under the id that the webhook gives it', async () => {
  const runner = runnerOf({ GITHUB_RUN_ID: '1' });
  const begin = await runner.run('main', inputs());
  expect([begin.code, begin.log.replace(/^::add-mask::.*\n/, '')]).toEqual([0, '']);
  expect(await h.store.archive.builds.list({ from: 0, to: Date.now(), limit: 1 })).toEqual([]);
  runner.write('reports/unit/TEST-a.xml', REPORT);
  const end = await runner.run('post', inputs({ junit: 'reports/**/*.xml', 'job-id': '99', status: 'failure' }));
  expect(end.code).toBe(0);
  const build = await kept('github:octo/Bookshop/runs/1/attempts/1/jobs/99');
  expect(build).toMatchObject({
    ...{ source: 'github', environment: 'prod', service: 'bookshop', name: 'ci / test', run: '1', result: 'failed', author: 'ana', branch: 'main' },
    ...{ commit: '0f3c9e1d2b4a5968778695a4b3c2d1e0f9a8b7c6', link: 'https://github.com/octo/Bookshop/actions/runs/1/job/99' },
    tests: { total: 3, failed: 1, skipped: 1 },
  });
  expect(build?.durationMs).toBeGreaterThan(0);
  expect(build?.usage?.memoryBytes).toBeGreaterThan(1024 * 1024);
  expect(build?.usage?.cpuMs).toBeGreaterThanOrEqual(0);
  expect(runner.measuring()).toBeUndefined();
});

test('the memory is watched from the first step on, and no longer than the job', async () => {
  const runner = runnerOf();
  await runner.run('main', inputs());
  const folder = runner.measuring() ?? '';
  await eventually(() => existsSync(join(folder, 'most.json')), 'the memory is noted');
  expect(JSON.parse(readFileSync(join(folder, 'most.json'), 'utf8')).memoryBytes).toBeGreaterThan(0);
  await runner.run('post', inputs());
  expect(runner.measuring()).toBeUndefined();
});

test.each([
  ['another attempt', { GITHUB_RUN_ATTEMPT: '2' }, {}, 'github:octo/Bookshop/runs/4711/attempts/2/jobs/test', { run: '4711 attempt 2', name: 'ci / test' }],
  [
    'a job of a matrix',
    {},
    { matrix: '{"node": 20, "os": "linux"}' },
    'github:octo/Bookshop/runs/4711/attempts/1/jobs/test (20, linux)',
    { name: 'ci / test (20, linux)' },
  ],
  ['a cancelled job', { GITHUB_RUN_ID: '2' }, { status: 'cancelled' }, 'github:octo/Bookshop/runs/2/attempts/1/jobs/test', { result: 'cancelled' }],
  [
    'what the inputs name',
    { GITHUB_RUN_ID: '3' },
    { service: 'payments', environment: 'test', name: 'nightly' },
    'github:octo/Bookshop/runs/3/attempts/1/jobs/test',
    { service: 'payments', environment: 'test', name: 'nightly' },
  ],
])('%s is told as it is', async (_what, facts, over, id, expected) => {
  const runner = runnerOf(facts);
  await runner.run('main', inputs(over));
  await runner.run('post', inputs(over));
  expect(await kept(id)).toMatchObject(expected);
});

test('of a pull request the commit is its head, and not the merge that was made for the run', async () => {
  const runner = runnerOf({ GITHUB_RUN_ID: '4', GITHUB_EVENT_NAME: 'pull_request', GITHUB_HEAD_REF: 'fix' });
  runner.write('event.json', JSON.stringify({ pull_request: { head: { sha: 'abcdef0123' } } }));
  const facts = new FakeRunner({
    GITHUB_RUN_ID: '4',
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_HEAD_REF: 'fix',
    GITHUB_EVENT_PATH: join(runner.workspace, 'event.json'),
  });
  runners.push(facts);
  await facts.run('main', inputs({ report: 'now' }));
  expect(await kept('github:octo/Bookshop/runs/4/attempts/1/jobs/test')).toMatchObject({ commit: 'abcdef0123', branch: 'fix' });
});

test('reported at once the verdict is an output for later steps, with what was measured since the first step, and the end does not report again', async () => {
  const runner = runnerOf({ GITHUB_RUN_ID: '5' });
  await runner.run('main', inputs());
  const now = await runner.run('main', inputs({ report: 'now', wait: '5s' }));
  expect(now.outputs).toEqual({ id: 'github:octo/Bookshop/runs/5/attempts/1/jobs/test', verdict: 'normal', reason: 'as usual' });
  expect((await kept(now.outputs['id'] ?? ''))?.usage?.memoryBytes).toBeGreaterThan(0);
  const before = h.store.archive.batches.length;
  await runner.run('post', inputs());
  expect([h.store.archive.batches.length - before, runner.measuring()]).toEqual([0, undefined]);
});

test.each([
  ['anomalous', 1, '::error::Nightshift says that this build is anomalous: slow.'],
  ['normal', 0, 'verdict: normal (slow)'],
] as const)('with fail-on-verdict the verdict %s ends the step with %d', async (verdict, code, text) => {
  said = { verdict, reason: 'slow' };
  const end = await runnerOf().run('main', inputs({ report: 'now', wait: '5s', 'fail-on-verdict': 'anomalous' }));
  expect([end.code, end.log]).toEqual([code, expect.stringContaining(text)]);
});

test('the key is masked before anything else is printed, and stands nowhere else', async () => {
  const runner = runnerOf();
  for (const end of [
    await runner.run('main', inputs()),
    await runner.run('post', inputs()),
    await runner.run('main', inputs({ report: 'now', url: 'http://127.0.0.1:9' })),
  ]) {
    const [first, ...rest] = end.log.split('\n');
    expect([first, rest.join('\n').includes(key)]).toEqual([`::add-mask::${key}`, false]);
  }
});

describe('a build never fails because it could not be reported', () => {
  test.each([
    ['nothing answers', { url: 'http://127.0.0.1:9' }, /::warning::The build is not reported to Nightshift: http:\/\/127\.0\.0\.1:9 does not answer \(/],
    ['the key is refused', { key: 'nsk_x_wrongwrongwrong' }, /::warning::.*it answered 401/],
    ['the key is empty, as in a fork', { key: '' }, /::warning::.*the input `key` is empty/],
    ['the address is none', { url: 'nightshift' }, /::warning::.*the input `url` must be an address/],
    ['the wait is none', { wait: 'long' }, /::warning::.*the input `wait` must be/],
  ])(
    'not when %s',
    async (_why, over, text) => {
      const end = await runnerOf().run('main', inputs({ report: 'now', ...over }));
      expect([end.code, end.log]).toEqual([0, expect.stringMatching(text)]);
    },
    20_000,
  );

  test('unless it is asked to', async () => {
    const end = await runnerOf().run('main', inputs({ report: 'now', key: 'nsk_x_wrongwrongwrong', 'fail-on-error': 'true' }));
    expect([end.code, end.log]).toEqual([1, expect.stringContaining('::error::')]);
  });

  test('and the key does not follow a redirect', async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.url);
      response.writeHead(302, { location: `${url}/v1/builds` }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const before = h.store.archive.batches.length;
    const end = await runnerOf().run('main', inputs({ report: 'now', url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` }));
    server.close();
    expect([end.code, seen.length > 0, h.store.archive.batches.length - before]).toEqual([0, true, 0]);
  }, 20_000);
});

test('the manifest declares every input that is read, and runs files that are there', () => {
  const folder = join(packageRoot(), 'actions', 'report-build');
  const manifest = parse(readFileSync(join(folder, 'action.yml'), 'utf8')) as {
    inputs: Record<string, { default?: string }>;
    outputs: object;
    runs: Record<string, string>;
  };
  const read = [...readFileSync(join(folder, 'lib', 'inputs.mjs'), 'utf8').matchAll(/input\('([a-z-]+)'\)/g)].map((match) => match[1] ?? '');
  expect(Object.keys(manifest.inputs).sort()).toEqual([...new Set([...read, 'fail-on-error'])].sort());
  expect(manifest.runs).toEqual({ using: 'node24', main: 'main.mjs', post: 'post.mjs' });
  expect(Object.keys(manifest.outputs)).toEqual(['verdict', 'reason', 'id']);
});
