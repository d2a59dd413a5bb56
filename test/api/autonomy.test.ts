import { signGrant, verifyGrant } from '../../domain/confidence/grant-signature';
import type { LedgerOutcome } from '../../domain/incident-view';
import type { Service } from '../../domain/inventory';
import type { Runbook, RunbookSnapshot } from '../../domain/runbook';
import { harness, NOW } from './harness';
import type { Harness } from './harness';

const DAY = 86_400_000;
const SAFE: Runbook = {
  ...{ id: 'restart-service', version: 2, title: 'Restart the service', description: '', causes: ['resource-exhaustion', 'bad-release'], risk: 'low' },
  ...{ reversible: true, parameters: {}, preconditions: [], steps: [], probe: {} },
};
const CATALOGUE: RunbookSnapshot[] = [
  { hash: 'h-restart', runbook: SAFE },
  { hash: 'h-drop', runbook: { ...SAFE, id: 'drop-table', risk: 'high', reversible: false, causes: ['bad-release'] } },
];
const hands = {
  kind: 'supervisor',
  url: 'http://127.0.0.1:1',
  target: { provider: 'local', partition: '', account: '', region: '', kind: 'process', id: 'shop' },
} as const;
const service = (name: string, over: Partial<Service> = {}): Service => ({
  ...{ name, environment: 'prod', tier: 'standard', dependsOn: [], limits: { minRequests: 1 }, hands },
  ...over,
});
const { hands: _hands, ...mail } = service('mail');
const inventory = { services: [service('shop'), service('till', { likeness: 'desks' }), mail] };
const runbooks = { current: () => Promise.resolve(CATALOGUE), repository: () => Promise.resolve(undefined) };

const LINE: LedgerOutcome = {
  ...{ round: 1, runbook: 'restart-service', runbookHash: 'h-restart', environment: 'prod', service: 'shop', cause: 'bad-release', verdict: 'recovered' },
  ...{ actedBy: 'nightshift', version: 2, mode: 'approve', corroborated: true, score: 0.9 },
};
const GRANT = {
  ...{ runbook: 'restart-service', environment: 'prod', services: ['shop'], mode: 'veto', reason: 'rehearsed' },
  until: new Date(NOW + 30 * DAY).toISOString(),
};

let h: Harness;
beforeEach(async () => {
  h = await harness({ deps: { inventory, runbooks } });
});
afterEach(() => h.app.close());

interface Shown {
  readonly standings: readonly { runbook: { id: string }; service: string; cause: string; mode: string; reasons: string[] }[];
  readonly next?: string;
}
const shown = async (query = ''): Promise<Shown> => (await h.call('viewer', 'GET', `/v1/autonomy${query}`)).json<Shown>();
const names = ({ standings }: Shown): string[] => standings.map((each) => `${each.runbook.id} ${each.service} ${each.cause}`);

test('where no runbook has a record, all candidates are shown: each for its causes on each service that can be acted on', async () => {
  expect(names(await shown())).toEqual([
    'drop-table shop bad-release',
    'drop-table till bad-release',
    'restart-service shop bad-release',
    'restart-service shop resource-exhaustion',
    'restart-service till bad-release',
    'restart-service till resource-exhaustion',
  ]);
  expect(names(await shown('?runbook=restart-service&service=till&environment=prod'))).toHaveLength(2);
  expect(names(await shown('?environment=nowhere'))).toEqual([]);
});

test('what has a record is shown with its numbers, why, and what is missing', async () => {
  for (let i = 0; i < 12; i += 1) h.store.outcomes.put(`inc-${String(i)}`, LINE, NOW - (12 - i) * DAY);
  h.store.outcomes.put('inc-gone', { ...LINE, runbook: 'of-yesterday' }, NOW - DAY);
  const page = await shown();
  expect(names(page)).toEqual(['restart-service shop bad-release']);
  expect(page.standings[0]).toMatchObject({
    ...{ runbook: { id: 'restart-service', version: 2, hash: 'h-restart' }, tier: 'standard', mode: 'approve', earned: 'approve', outcomes: 12, recovered: 12 },
    ...{ harmsHeld: 0, uplift: { untouched: 0 }, gate: { bound: 0.95, reachable: true }, policy: { mode: 'approve' } },
    reasons: expect.arrayContaining(['12 of 12 outcomes recovered; 12 still count.']) as string[],
    next: { mode: 'veto', missing: expect.arrayContaining([expect.stringMatching(/^Needs about \d+ more verified recoveries/)]) as string[] },
  });
});

test('says where the gate cannot be reached, as outcomes fade faster than they come', async () => {
  for (let i = 0; i < 4; i += 1) h.store.outcomes.put(`inc-${String(i)}`, LINE, NOW - (4 - i) * 100 * DAY);
  const [found] = (await shown()).standings;
  expect(found).toMatchObject({ gate: { reachable: false } });
  expect(found?.reasons.join(' ')).toContain('The gate of 95 % cannot be reached');
});

test('comes in pages, each from the cursor of the one before', async () => {
  const all: string[] = [];
  for (let query = '?limit=4'; ;) {
    const page = await shown(query);
    all.push(...names(page));
    if (page.next === undefined) break;
    query = `?limit=4&cursor=${page.next}`;
  }
  expect(all).toEqual(names(await shown()));
  expect((await h.call('viewer', 'GET', '/v1/autonomy?cursor=nonsense')).statusCode).toBe(400);
});

test('an admin grants, signed by the door and told in the audit, and revokes', async () => {
  const made = await h.call('admin', 'POST', '/v1/autonomy/grants', GRANT);
  expect(made.statusCode).toBe(201);
  const { id } = made.json<{ id: string }>();
  expect(made.json()).toMatchObject({ ...GRANT, person: 'admin', hash: 'h-restart', from: new Date(NOW).toISOString() });
  const kept = h.store.grants.kept.get(id);
  expect(kept && verifyGrant(await h.store.doorKey.secret(), kept.grant)).toBe(true);
  expect(JSON.stringify((await h.call('viewer', 'GET', '/v1/autonomy/grants')).json())).not.toContain('signature');
  expect((await shown('?runbook=restart-service&service=shop')).standings[0]?.reasons).toEqual(
    expect.arrayContaining([expect.stringContaining('admin granted veto until')]),
  );
  expect((await h.call('admin', 'DELETE', `/v1/autonomy/grants/${id}?reason=over`)).statusCode).toBe(204);
  expect((await h.call('admin', 'DELETE', `/v1/autonomy/grants/${id}`)).statusCode).toBe(409);
  expect((await h.call('admin', 'DELETE', '/v1/autonomy/grants/none')).statusCode).toBe(404);
  expect((await h.call('viewer', 'GET', '/v1/autonomy/grants')).json()).toMatchObject({ grants: [{ id, revoked: { by: 'admin', why: 'over' } }] });
  expect((await h.store.audit.read('system')).map(({ kind, actor }) => [kind, actor])).toEqual([
    ['autonomy', 'person:admin'],
    ['autonomy', 'person:admin'],
  ]);
});

test.each(['approver', 'responder', 'viewer'] as const)('%s grants and revokes nothing', async (role) => {
  expect((await h.call(role, 'POST', '/v1/autonomy/grants', GRANT)).statusCode).toBe(403);
  expect((await h.call(role, 'DELETE', '/v1/autonomy/grants/g')).statusCode).toBe(403);
  expect(h.store.grants.kept.size).toBe(0);
});

test.each<[string, Partial<Record<keyof typeof GRANT, unknown>>, string]>([
  ['a runbook that does harm', { runbook: 'drop-table' }, 'only a reversible runbook of low risk'],
  ['a runbook that is not there', { runbook: 'restart' }, 'is not in the catalogue'],
  ['everything', { services: ['*'] }, 'never for all'],
  ['no service', { services: [] }, 'services'],
  ['a service that is not there', { services: ['shop', 'shup'] }, 'there is no service shup in prod'],
  ['a time that is over', { until: new Date(NOW - 1).toISOString() }, 'is over already'],
  ['more than 90 days', { until: new Date(NOW + 91 * DAY).toISOString() }, 'is more than 90 days from now'],
  ['no end', { until: 'always' }, 'must be a time'],
  ['another mode', { mode: 'observe' }, 'mode'],
  ['without a reason', { reason: ' ' }, 'reason'],
])('refuses a grant for %s, and says why', async (_what, over, why) => {
  const answer = await h.call('admin', 'POST', '/v1/autonomy/grants', { ...GRANT, ...over });
  expect(answer.statusCode).toBe(400);
  expect(answer.body).toContain(why);
  expect(h.store.grants.kept.size).toBe(0);
});

test('a signature is over every word, and only this store makes it', async () => {
  const secret = await h.store.doorKey.secret();
  const plain = { ...GRANT, mode: 'veto' as const, id: 'g', hash: 'h', person: 'ana', from: new Date(NOW).toISOString() };
  const signed = signGrant(secret, plain);
  expect(verifyGrant(secret, signed)).toBe(true);
  for (const name of Object.keys(plain))
    expect([name, verifyGrant(secret, { ...signed, [name]: name === 'services' ? ['till'] : 'x' })]).toEqual([name, false]);
  expect([
    verifyGrant(Buffer.alloc(32), signed),
    verifyGrant(secret, plain),
    verifyGrant(secret, { ...signed, signature: `${signed.signature ?? ''}A` }),
  ]).toEqual([false, false, false]);
});
