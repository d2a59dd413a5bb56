import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { harness, NOW, type Harness } from '../api/harness';
import { FAKE_KEY } from '../fakes/api';
import { cli } from '../fakes/cli-harness';
import { sampleAlert, sampleIncident } from '../fakes/sample-incident';

const MINUTE = 60_000;
const ID = 'inc-abcdabcdabcdabcd';
const service = (name: string, dependsOn: readonly string[] = []) => ({ name, environment: 'prod', tier: 'standard' as const, dependsOn });
let folder: string;
let h: Harness;
let url: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-'));
  h = await harness({ deps: { inventory: { services: [service('orders', ['payments']), service('payments')] } } });
  await h.store.keys.ensure({ name: 'ana', role: 'responder' }, FAKE_KEY, new Date(NOW).toISOString());
  for (const [i, name] of ['payments', 'orders'].entries()) {
    const workflowId = `incident:prod:${name}`;
    const at = NOW - (10 - i) * MINUTE;
    const id = name === 'payments' ? ID : `inc-${name}`;
    const joined = [{ service: 'orders', conditions: 1, firing: 1, reason: 'orders calls payments' }];
    const over = { service: name, workflowId, openedAt: new Date(at).toISOString(), ...(name === 'payments' ? { joined } : {}) };
    h.store.incidents.views.set(id, sampleIncident(id, over));
    await h.store.inbox.accept([sampleAlert(name, { service: name, name: 'Check\u001b[31m', startsAt: new Date(at).toISOString() })], at, 100);
    await h.store.inbox.markDelivered([i + 1], workflowId);
  }
  url = await h.app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await h.app.close();
  rmSync(folder, { recursive: true });
});

const preview = (...args: readonly string[]) => cli(url, ['correlate', 'preview', '--since', '1d', ...args], { columns: 200 });
function file(text: string): string {
  const path = join(folder, 'rules.yaml');
  writeFileSync(path, text);
  return path;
}

test('preview tells incidents then and by the rules, with each reason, and makes text from outside safe', async () => {
  const { code, out, err } = await preview();
  expect([code, err]).toEqual([0, '']);
  expect(out.split('\n')).toEqual([
    expect.stringMatching(/^2 alerts since .*: 2 incidents then, 1 by these rules \(1 pages fewer\); 1 conditions would have gone elsewhere\.$/) as string,
    '',
    `2026-03-01T09:22:00.000Z payments (prod), instead of 2: ${ID}, inc-orders`,
    '  orders: Check\\x1b[31m joins, as orders calls payments, 1 m after Check\\x1b[31m on payments, both Check\\x1b[31m',
    '',
  ]);
});

test('preview takes rules from a configuration or from its section alone, and as JSON gives one value', async () => {
  const rules = 'rules: [{ name: apart, services: [orders, payments], action: never }]\n';
  expect((await preview('--json')).json()).toMatchObject({ incidentsThen: 2, incidentsNow: 1, complete: true });
  expect((await preview('--rules', file(rules), '--json')).json()).toMatchObject({ incidentsNow: 2, merges: [] });
  expect((await preview('--rules', file(`correlation: { ${rules.trim()} }\n`), '--json')).json()).toMatchObject({ incidentsNow: 2 });
  expect((await preview('--rules', file('services: []\n'), '--json')).json()).toMatchObject({ incidentsNow: 1 });
});

test.each([
  ['- a list\n', 'holds no section correlation'],
  ['rules: [\n', 'is no YAML'],
  ['rules: [{ name: all, action: join }]\n', 'would make one incident of everything'],
])('preview refuses the rules %j and says what is wrong', async (text, message) => {
  const { code, err } = await preview('--rules', file(text));
  expect([code, err.includes(message)]).toEqual([2, true]);
});

test('split takes the beginning of an id, keeps the service out from then on, and says what becomes of the rest', async () => {
  const { code, out } = await cli(url, ['incident', 'split', 'abcd', '--service', 'orders'], { columns: 200 });
  expect([code, out.includes('orders was split off')]).toEqual([0, true]);
  expect(h.store.correlation.splits).toEqual([{ incidentId: ID, service: 'orders', by: 'ana' }]);
});

test('split of a service that has not joined is refused, with those that have', async () => {
  const { code, err } = await cli(url, ['incident', 'split', ID, '--service', 'mail'], { columns: 200 });
  expect([code, err.includes('Services that have: orders.')]).toEqual([2, true]);
  expect(h.store.correlation.splits).toEqual([]);
});
