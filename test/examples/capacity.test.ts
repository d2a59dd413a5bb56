import { join } from 'node:path';

interface Capacity {
  turn(): Promise<void>;
}

async function capacity(perSecond: number): Promise<Capacity> {
  const file = join(process.cwd(), 'examples', 'bookshop', 'lib', 'capacity.mjs');
  const { load } = jest.requireActual<{ load: (file: string) => Promise<unknown> }>('./support/load.cjs');
  const { Capacity } = (await load(file)) as { readonly Capacity: new (perSecond: number) => Capacity };
  return new Capacity(perSecond);
}

test('a burst passes at once, what comes beyond it waits for its turn, and what would wait too long is turned away', async () => {
  const one = await capacity(100);
  const began = performance.now();
  const turns = Array.from({ length: 200 }, () => one.turn().then(() => performance.now() - began));
  const told = await Promise.allSettled(turns);
  const waited = told.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  // A quarter of a second of work at once, and up to 0.6 s of it waiting.
  expect(waited.length).toBeGreaterThanOrEqual(80);
  expect(waited.length).toBeLessThanOrEqual(95);
  expect(Math.max(...waited)).toBeGreaterThan(500);
  for (const each of told.slice(100)) expect(each).toMatchObject({ status: 'rejected', reason: { status: 503 } });
});
