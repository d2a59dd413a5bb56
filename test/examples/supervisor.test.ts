import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Process, Shop } from '../../examples/bookshop/launch.mjs';
import { type Bookshop, call, loadBookshop, scratch, until } from './support/bookshop';

const REAL = path.resolve(__dirname, '../../examples/bookshop/releases');
let bookshop: Bookshop;
const folder = scratch();
const releases = path.join(folder.dir, 'releases');
const dir = path.join(folder.dir, 'shop');
let shop: Shop;
let supervisor: Process;

beforeAll(async () => {
  bookshop = await loadBookshop();
  mkdirSync(path.join(releases, '1.6.0'), { recursive: true });
  writeFileSync(path.join(releases, '1.6.0', 'server.mjs'), 'process.exit(3);\n');
  for (const release of ['1.4.0', '1.5.0']) symlinkSync(path.join(REAL, release), path.join(releases, release));
  shop = await bookshop.launching.launch({ dir, releases, traffic: false, environment: 'practice' });
  ({ supervisor } = shop);
}, 30_000);
afterAll(async () => {
  await supervisor?.stop();
  await shop?.stop();
  folder.remove();
});

interface Entry {
  readonly id: string;
  readonly state: string;
  readonly endedAt: string;
}
const post = (what: 'deploy' | 'restart', body: object | string) => call('POST', `${supervisor.url}/v1/${what}`, body);
const state = async () => (await call('GET', `${supervisor.url}/v1/state`)).body;
const ledger = async (token?: string) =>
  (await call('GET', `${supervisor.url}/v1/ledger${token === undefined ? '' : `?token=${token}`}`)).body['entries'] as Entry[];
const serving = async () => (await call('GET', `${shop.url}/healthz`)).body['release'];

test('a fresh shop runs its release, with no call in the ledger and no change', async () => {
  expect(await state()).toMatchObject({
    account: 'bookshop-local',
    region: 'local',
    service: 'bookshop',
    current: '1.4.0',
    previous: null,
    releases: ['1.4.0', '1.5.0', '1.6.0'],
    instances: [{ healthy: true }],
    url: shop.url,
  });
  expect(await ledger()).toEqual([]);
  expect((await call('GET', `${supervisor.url}/v1/changes`)).body).toEqual({ changes: [] });
});

test('a deployment switches the release and stands in the ledger and among the changes', async () => {
  const { status, body } = await post('deploy', { release: '1.5.0', by: 'ana', token: 't-1', reason: 'planned' });
  expect(status).toBe(200);
  expect(body['entry']).toMatchObject({ kind: 'deploy', token: 't-1', by: 'ana', release: '1.5.0', from: '1.4.0', state: 'done' });
  expect(await serving()).toBe('1.5.0');
  expect(await state()).toMatchObject({ current: '1.5.0', previous: '1.4.0' });
  expect((await call('GET', `${supervisor.url}/v1/changes`)).body['changes']).toMatchObject([
    { kind: 'deployment', environment: 'practice', service: 'bookshop', author: 'ana', from: '1.4.0', to: '1.5.0' },
  ]);
});

test('two calls with one token at once are two effects, one after another', async () => {
  const pids = async () => ((await state())['instances'] as { pid: number }[])[0]?.pid;
  const before = await pids();
  const replies = await Promise.all([post('restart', { by: 'bo', token: 't-2' }), post('restart', { by: 'bo', token: 't-2' })]);
  const entries = replies.map(({ body }) => body['entry'] as Entry);
  expect(entries[0]?.id).not.toBe(entries[1]?.id);
  expect(Math.abs(Date.parse(entries[0]?.endedAt ?? '') - Date.parse(entries[1]?.endedAt ?? ''))).toBeGreaterThan(600);
  expect((await ledger('t-2')).map((entry) => entry.state)).toEqual(['done', 'done']);
  expect(await pids()).not.toBe(before);
});

test('a release that does not start leaves the old one serving, and the call failed', async () => {
  const { status, body } = await post('deploy', { release: '1.6.0', by: 'ana', token: 't-3' });
  expect(status).toBe(409);
  expect(body['error']).toMatch(/1\.6\.0 ended while starting; 1\.5\.0 was kept/);
  expect(await serving()).toBe('1.5.0');
  expect(await state()).toMatchObject({ current: '1.5.0' });
  expect(await ledger('t-3')).toMatchObject([{ state: 'failed' }]);
});

test('an unknown release is refused, and recorded', async () => {
  const { status, body } = await post('deploy', { release: '../1.4.0', by: 'ana', token: 't-4' });
  expect(status).toBe(422);
  expect(body['error']).toMatch(/there are 1\.4\.0, 1\.5\.0, 1\.6\.0/);
  expect(await ledger('t-4')).toMatchObject([{ state: 'failed' }]);
});

test.each([
  ['{"by":', /not valid JSON/],
  [{}, /in "by" who/],
  [{ by: 'ana' }, /in "release" what/],
  [{ by: 'ana', release: 15 }, /"release" must be text/],
])('the malformed call %j is answered with what to send, and has no entry', async (body, message) => {
  const before = await ledger();
  const reply = await post('deploy', body);
  expect(reply.status).toBe(400);
  expect(reply.body['error']).toMatch(message);
  expect(await ledger()).toEqual(before);
});

test('changes are cut to the times asked for', async () => {
  const all = (await call('GET', `${supervisor.url}/v1/changes`)).body['changes'] as { at: string; kind: string }[];
  expect(all.map(({ kind }) => kind)).toEqual(['deployment', 'restart', 'restart']);
  const at = Date.parse(all[1]?.at ?? '');
  expect((await call('GET', `${supervisor.url}/v1/changes?from=${at}&to=${at}`)).body['changes']).toEqual([all[1]]);
});

test('an instance that crashes is started again without a call', async () => {
  const before = await ledger();
  const [instance] = (await state())['instances'] as { pid: number }[];
  process.kill(instance?.pid ?? 0, 'SIGKILL');
  await until('a new instance serves', 8000, async () => {
    const [now] = (await state())['instances'] as { pid: number; healthy: boolean }[];
    return now?.healthy && now.pid !== instance?.pid ? true : undefined;
  });
  expect(await serving()).toBe('1.5.0');
  expect(await ledger()).toEqual(before);
}, 15_000);

test('a second supervisor on the same folder is refused', async () => {
  await expect(bookshop.launching.startProcess('supervisor', dir, ['--releases', releases], { tether: true })).rejects.toThrow(/answers at .* already/);
  expect(await serving()).toBe('1.5.0');
});

test('killed in the middle of a call and started again: same addresses, the release of the pointer, the call interrupted', async () => {
  const [instance] = (await state())['instances'] as { pid: number }[];
  const broken = post('deploy', { release: '1.4.0', by: 'ana', token: 't-5' }).catch(() => 'no answer');
  await until('the call is written down', 5000, async () => ((await ledger('t-5')).length > 0 ? true : undefined));
  await supervisor.stop('SIGKILL');
  expect(await broken).toBe('no answer');
  await until('the instance ends with its supervisor', 5000, () => (isAlive(instance?.pid ?? 0) ? undefined : true));

  const url = supervisor.url;
  supervisor = await bookshop.launching.startProcess('supervisor', dir, ['--releases', releases], { tether: true });
  expect(supervisor.url).toBe(url);
  expect(await ledger('t-5')).toMatchObject([{ state: 'interrupted' }]);
  expect(await serving()).toBe('1.5.0');
  expect((await post('deploy', { release: '1.4.0', by: 'ana' })).status).toBe(200);
  expect(await state()).toMatchObject({ current: '1.4.0', previous: '1.5.0' });
  const changes = (await call('GET', `${supervisor.url}/v1/changes`)).body['changes'] as { kind: string }[];
  expect(changes.at(-1)).toMatchObject({ kind: 'rollback', from: '1.5.0', to: '1.4.0' });
}, 25_000);

test('told to end, the supervisor ends its instance and takes its word back', async () => {
  const [instance] = (await state())['instances'] as { pid: number }[];
  await supervisor.stop();
  expect(isAlive(instance?.pid ?? 0)).toBe(false);
  await expect(fetch(`${supervisor.url}/v1/state`)).rejects.toThrow();
});

/** Whether a process of that id exists. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
