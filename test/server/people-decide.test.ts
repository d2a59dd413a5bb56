import { startHarness, serviceName } from './harness';
import type { Harness } from './harness';
import { breakServices, digestOf, rawUpdate, records, seen, signed, someone, statement } from './people';
import type { Someone } from './people';
import type { IncidentView } from '../../domain/incident-view';

const [shop, vault, cart] = [serviceName('shop'), serviceName('vault'), serviceName('cart')];
let h: Harness;
let asked: Record<'shop' | 'vault' | 'cart', IncidentView>;
let ben: Someone;
const problem = (status: number, code: string) => ({
  status,
  mediaType: expect.stringContaining('application/problem+json'),
  body: expect.objectContaining({ code, status }),
});

beforeAll(async () => {
  h = await startHarness({
    services: [shop, vault, cart],
    policy: {
      rules: [{ service: vault, mode: 'approve', quorum: 2 }],
      approvals: {
        approvers: [
          { role: 'approver', services: [shop, vault] },
          { person: 'eve', services: [cart] },
        ],
        notAuthor: true,
        allowUnverified: false,
      },
    },
  });
  ben = await someone(h, 'ben', 'approver');
  const [a, b, c] = (await breakServices(h, [shop, vault, cart])) as [IncidentView, IncidentView, IncidentView];
  asked = { shop: a, vault: b, cart: c };
}, 60_000);
afterAll(() => h.close());

const audit = async (): Promise<string[]> => (await h.store.audit.read('system')).map((r) => `${r.actor} ${r.summary}`);

test('a malformed, a foreign and an unknown answer each get their own problem', async () => {
  expect(await ben.decide(asked.shop, { verdict: 'perhaps' })).toEqual(problem(400, 'invalid_input'));
  expect(await ben.decide(asked.shop, { proposal: 'f'.repeat(64) })).toEqual(problem(409, 'stale_proposal'));
  expect(await ben.decide(asked.vault, { proposal: digestOf(asked.shop) })).toEqual(problem(409, 'stale_proposal'));
  expect(await ben.decide({ ...asked.shop, incidentId: 'inc-aaaaaaaaaaaaaaaa' })).toEqual(problem(404, 'not_found'));
});

test('the workflow itself refuses what does not come through the API, with the same codes', async () => {
  const raw = async (over: object): Promise<unknown> => rawUpdate(h, asked.shop, 'decide', await signed(h, statement(asked.shop, over)));
  expect(await rawUpdate(h, asked.shop, 'decide', undefined)).toBe('invalid_input');
  expect(await raw({ verdict: 'perhaps' })).toBe('invalid_input');
  expect(await raw({ parameters: { to: 7 } })).toBe('invalid_input');
  expect(await raw({ proposal: 'f'.repeat(64) })).toBe('stale_proposal');
  expect(await raw({ incidentId: asked.vault.incidentId })).toBe('conflict');
  expect(await raw({ acceptBy: new Date(Date.now() - 1000).toISOString() })).toBe('not_recorded');
  expect((await h.store.incidents.get(asked.shop.incidentId))?.proposal?.approvals).toEqual([]);
  // What is a decision at all, and refused, stands in the history of the incident.
  for (const words of [/The proposal has changed since/, new RegExp(`for incident ${asked.vault.incidentId}`), /its door had given up on it/]) {
    const noted = await records(h, asked.shop, (r) => r.kind === 'decision-refused' && r.actor === 'unverified:ben' && words.test(r.summary));
    expect(noted).not.toEqual([]);
  }
});

test.each(['viewer', 'responder'] as const)('a %s may not decide, and the attempt stands in the audit of the system', async (role) => {
  const rita = await someone(h, `rita-${role}`, role);
  expect(await rita.decide(asked.shop)).toEqual(problem(403, 'forbidden'));
  expect(await audit()).toContainEqual(expect.stringMatching(`person:rita-${role} approve on ${asked.shop.incidentId} was refused`));
});

test('break-glass is refused while it is off, even to an admin', async () => {
  const root = await someone(h, 'root', 'admin');
  expect(await root.decide(asked.shop, { breakGlass: true })).toEqual(problem(403, 'forbidden'));
});

test('who gave the digest of an earlier round is told that the proposal is stale', async () => {
  await h.api.tell(asked.shop.incidentId, 'take-over');
  await seen(h, shop, (v) => v.status === 'handed-over');
  await h.api.tell(asked.shop.incidentId, 'hand-back');
  const second = await seen(h, shop, (v) => v.round === 2 && v.status === 'awaiting-approval');
  expect(digestOf(second)).not.toBe(digestOf(asked.shop));
  expect(await ben.decide(asked.shop)).toEqual(problem(409, 'stale_proposal'));
  expect(await rawUpdate(h, second, 'decide', await signed(h, statement(asked.shop)))).toBe('stale_proposal');
});

test('a rejection ends in a person with the reason told, and then nothing waits for an answer', async () => {
  const open = await seen(h, shop, (v) => v.status === 'awaiting-approval');
  expect((await ben.decide(open, { verdict: 'reject', reason: 'the sale ends in an hour' })).body).toMatchObject({ result: 'rejected' });
  const after = await seen(h, shop, (v) => v.status === 'escalated');
  expect(after.reason).toBe('ben rejected the proposal: the sale ends in an hour');
  expect(after.proposal?.state).toBe('rejected');
  expect(h.practice(shop).ledger).toEqual([]);
  expect(await ben.decide(open)).toEqual(problem(409, 'conflict'));
  expect(await rawUpdate(h, open, 'decide', await signed(h, statement(open)))).toBe('conflict');
});

test('what was rejected is not proposed again when the incident is handed back, and the reason says so', async () => {
  await h.api.tell(asked.shop.incidentId, 'hand-back');
  const again = await seen(h, shop, (v) => v.round === 3 && v.status !== 'triaged');
  expect(again).toMatchObject({ status: 'escalated', reason: expect.stringContaining('was rejected in round 2') });
});

test('of two needed approvals one person gives only one, and the author of the change gives none', async () => {
  const [ana, cleo] = [await someone(h, 'ana', 'approver'), await someone(h, 'cleo', 'approver')];
  expect((await ben.decide(asked.vault)).body).toMatchObject({ result: 'recorded' });
  expect(await ben.decide(asked.vault)).toEqual(problem(409, 'conflict'));
  const before = await records(h, asked.vault, (r) => r.kind === 'decision-refused' && r.actor === 'person:ben');
  expect(before.at(-1)?.summary).toContain('ben has answered this already, and one person counts once');
  expect(await ana.decide(asked.vault)).toEqual(problem(403, 'forbidden'));
  // Even the door's own signature does not make the author count.
  await rawUpdate(h, asked.vault, 'decide', await signed(h, statement(asked.vault, { person: 'ana' })));
  await records(h, asked.vault, (r) => r.kind === 'decision-refused' && r.summary.includes('author of the suspected change'));
  const waiting = await seen(h, vault, (v) => v.status === 'awaiting-approval' && v.proposal?.approvals.length === 1);
  expect(waiting.proposal?.approvals).toEqual(['ben']);
  expect(h.practice(vault).ledger).toEqual([]);
  expect((await cleo.decide(asked.vault)).body).toMatchObject({ result: 'approved' });
  await seen(h, vault, (v) => v.status === 'resolved');
  expect(h.practice(vault).ledger).toHaveLength(1);
}, 60_000);

test('an approver decides only within the scope, also with edited parameters', async () => {
  expect(await ben.decide(asked.cart)).toEqual(problem(403, 'forbidden'));
  const edit = statement(asked.cart, { parameters: { from: '1.5.0', to: '1.5.1' } });
  await rawUpdate(h, asked.cart, 'decide', await signed(h, edit));
  await records(h, asked.cart, (r) => r.kind === 'decision-refused' && r.summary.includes('not an approver'));
  expect(digestOf(await seen(h, cart, (v) => v.status === 'awaiting-approval'))).toBe(digestOf(asked.cart));
});

test('edited parameters outside the rules of the runbook are refused and noted; good ones become a new proposal, and that is what runs', async () => {
  const eve = await someone(h, 'eve', 'approver');
  expect((await eve.decide(asked.cart, { parameters: { from: '1.5.0', to: '../../etc' } })).body).toMatchObject({ result: 'recorded' });
  await records(h, asked.cart, (r) => r.kind === 'decision-refused' && r.actor === 'person:eve' && r.summary.includes('parameters.to'));
  expect(digestOf(await seen(h, cart, (v) => v.status === 'awaiting-approval'))).toBe(digestOf(asked.cart));

  expect((await eve.decide(asked.cart, { parameters: { from: '1.5.0', to: '1.5.1' } })).body).toMatchObject({ result: 'recorded' });
  const done = await seen(h, cart, (v) => v.status === 'resolved');
  expect(digestOf(done)).not.toBe(digestOf(asked.cart));
  expect(done.proposal?.proposal.parameters).toEqual({ from: '1.5.0', to: '1.5.1' });
  expect(h.practice(cart).ledger.map((e) => e.release)).toEqual(['1.5.1']);
  const [changed] = await records(h, asked.cart, (r) => r.kind === 'proposed' && r.data?.['editedFrom'] !== undefined);
  expect(changed).toMatchObject({ actor: 'person:eve', data: { editedFrom: digestOf(asked.cart), proposal: digestOf(done) } });
}, 60_000);
