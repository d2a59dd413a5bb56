import { startHarness, serviceName } from './harness';
import type { Harness } from './harness';

const shop = serviceName('shop');
let h: Harness;

beforeAll(async () => {
  h = await startHarness({ services: [shop] });
}, 60_000);
afterAll(() => h.close());

test('a bad release is noticed, its cause named, rolled back after approval, and measured as recovered', async () => {
  await h.incident(shop, () => true, 100).catch(() => undefined);
  const practice = h.practice(shop);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  practice.deploy('1.5.0', 'ana');
  const asked = await h.incident(shop, (v) => v.status === 'awaiting-approval');
  expect(asked.cause).toBe('bad-release');
  const digest = asked.proposal?.proposal.digest ?? '';
  await (await h.as('ben', 'approver')).decide(asked.incidentId, { verdict: 'approve', proposal: digest });
  const done = await h.incident(shop, (v) => v.status === 'resolved');
  expect(done.outcome).toMatchObject({ kind: 'fixed' });
  expect(practice.ledger).toHaveLength(1);
  expect(practice.current).toBe('1.4.0');
  console.log(await h.actions(done), (await h.api.timeline(done.incidentId)).map((e) => `${e.at} ${e.kind} ${e.summary}`).join('\n'));
}, 60_000);
