import type { Bucket } from '../../examples/bookshop/record.mjs';
import { type Bookshop, badlyAnswered, call, loadBookshop, metric, pause, scratch, until } from './support/bookshop';

/** What was seen of release 1.5.0 under the usual traffic, and of the way back. Times are epoch milliseconds. */
interface Seen {
  readonly injected: { readonly startedAt: number; readonly injectedAt: number };
  readonly brokeAt: number;
  readonly handles: number | undefined;
  readonly calledBack: number;
  readonly backAt: number;
  readonly record: readonly Bucket[];
  /** Share of bad answers before the deployment, while it went on, and after the way back. */
  readonly bad: { readonly before: number; readonly during: number; readonly after: number };
}

const folder = scratch();
let bookshop: Bookshop;
let seen: Seen;

/** Runs the whole story once; the tests look at it. */
async function story(): Promise<Seen> {
  const { launching, faults, record } = bookshop;
  const shop = await launching.launch({ dir: folder.dir });
  try {
    await pause(3250);
    const injected = await faults.inject('bad-release', { dir: folder.dir });
    const brokeAt = await until('an error share over 0.15', 20_000, () => {
      const now = Date.now();
      return badlyAnswered(bookshop, folder.dir, now - 1250, now) > 0.15 ? now : undefined;
    });
    await pause(1500);
    const handles = await metric(shop.url, 'bookshop_handles_in_use');
    const calledBack = Date.now();
    await call('POST', `${shop.supervisor.url}/v1/deploy`, { release: '1.4.0', by: 'nightshift' });
    const backAt = Date.now();
    const read = () => record.readRecord(`${folder.dir}/loadgen.jsonl`);
    await until('customers are served well', 20_000, () => record.recoveredAt(read(), injected.startedAt, { forMs: 3000 }) ?? undefined);
    const bad = (from: number, to: number) => badlyAnswered(bookshop, folder.dir, from, to);
    const { startedAt, injectedAt } = injected;
    return {
      injected,
      brokeAt,
      handles,
      calledBack,
      backAt,
      record: read(),
      bad: { before: bad(startedAt - 3000, startedAt), during: bad(startedAt, injectedAt + 1000), after: bad(backAt + 500, Date.now()) },
    };
  } finally {
    await shop.stop();
  }
}

beforeAll(async () => {
  bookshop = await loadBookshop();
  seen = await story();
}, 60_000);
afterAll(() => folder.remove());

test('1.4.0 serves 30 to 110 requests a second without a failure', () => {
  const { requests } = bookshop.record.rate(seen.record, seen.injected.startedAt - 3000, seen.injected.startedAt);
  expect(seen.bad.before).toBe(0);
  expect(requests).toBeGreaterThan(3 * 30);
  expect(requests).toBeLessThan(3 * 110);
});

test('the deployment itself breaks no request', () => {
  expect(seen.bad.during).toBe(0);
});

test('within 12 s of the deployment more than 15 % of the requests fail, with all handles given out', () => {
  expect(seen.brokeAt - seen.injected.injectedAt).toBeLessThan(12_000);
  expect(seen.handles).toBe(20);
});

test('checkout slows before and while it fails', () => {
  const slow = seen.record.filter(({ at }) => at > seen.brokeAt && at < seen.calledBack - 250);
  const p95s = slow.flatMap(({ p95Ms }) => p95Ms ?? []).sort((a, b) => a - b);
  expect(p95s[Math.floor(p95s.length / 2)]).toBeGreaterThan(300);
});

test('going back to 1.4.0 heals it for good', () => {
  expect(seen.bad.after).toBe(0);
  const recovered = bookshop.record.recoveredAt(seen.record, seen.injected.startedAt, { forMs: 3000 });
  expect(recovered).toBeGreaterThan(seen.calledBack);
});
