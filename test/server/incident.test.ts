import { serviceName, startHarness } from './harness';
import type { Harness } from './harness';
import { approved, kinds, proposed } from './story';

const shop = serviceName('shop');
let h: Harness;

beforeAll(async () => {
  h = await startHarness({ services: [shop] });
}, 60_000);
afterAll(() => h.close());

test('a bad release is noticed, its cause named, rolled back after approval, and measured as recovered', async () => {
  const asked = await proposed(h, shop);
  expect(asked.cause).toBe('bad-release');
  const done = await approved(h, await h.as('ben', 'approver'), asked);
  expect(done.outcome).toMatchObject({ kind: 'fixed' });
  expect(h.practice(shop).ledger).toHaveLength(1);
  expect(h.practice(shop).current).toBe('1.4.0');
  const steps = [
    'opened',
    'evidence',
    'triaged',
    'diagnosed',
    'proposed',
    'decision',
    'remediating',
    'effect',
    'verifying',
    'verified',
    'watching',
    'resolved',
  ];
  expect((await kinds(h, done)).filter((kind) => steps.includes(kind))).toEqual(steps);
}, 120_000);
