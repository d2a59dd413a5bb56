import { withJoined } from '../../activities/joined-verification';
import type { AlertNote } from '../../domain/alert';
import type { Service } from '../../domain/inventory';
import type { Sample } from '../../domain/metrics';
import type { Verification } from '../../domain/verification';
import { MemoryStore } from '../fakes/memory-store';

const NOW = Date.UTC(2026, 0, 5, 12);
const SECOND = 1000;
const PLAN = { settleMs: 0, windowMs: 60 * SECOND, minRequests: 10, timeoutMs: 120 * SECOND };
const RECOVERED: Verification = { verdict: 'recovered', reason: 'db is well again.', before: null, after: null, inconclusive: false };
const measured: Service = {
  ...{ name: 'payments', environment: 'prod', tier: 'standard', dependsOn: [] },
  limits: { errorShare: { above: 0.05, forMs: SECOND }, minRequests: 1 },
  metrics: { url: 'http://127.0.0.1:1/metrics', everyMs: SECOND, saturation: [], names: { requests: 'requests', latency: 'latency' } },
};
const NOTE: AlertNote = {
  ...{ fingerprint: 'f', name: 'LatencyHigh', source: 'generic', status: 'firing', severity: 'sev2', summary: 's' },
  ...{ startsAt: new Date(NOW).toISOString(), service: 'payments', joined: 'payments calls db' },
};

async function judged(over: {
  readonly note?: Partial<AlertNote>;
  readonly service?: Service;
  readonly errors?: number;
  readonly read?: 'fails';
  readonly elapsed?: number;
}) {
  const store = new MemoryStore();
  const samples: Sample[] = Array.from({ length: 30 }, (_, i) => ({
    ...{ environment: 'prod', service: 'payments', instance: 'a', at: NOW - (30 - i) * SECOND, up: true, startedAt: NOW - 3600 * SECOND },
    ...{ routes: { '/': { requests: 100 * i, errors: (over.errors ?? 0) * i } }, latency: { le: [], counts: [] }, saturation: {} },
  }));
  await store.samples.append(samples);
  if (over.read) Object.assign(store.samples, { read: () => Promise.reject(new Error('the disk is full')) });
  const effectAt = NOW - (over.elapsed ?? 60) * SECOND;
  const deps = { samples: store.samples, inventory: { services: [over.service ?? measured] }, clock: { now: () => NOW } };
  const alerts = [{ ...NOTE, ...over.note }];
  const evidence = { digest: 'd', ids: [], onset: NOW };
  return withJoined(deps, { incidentId: 'inc-a', environment: 'prod', service: 'db', evidence, alerts, effectAt, plan: PLAN }, RECOVERED);
}

test('a service that joined and keeps its limits leaves the remedy recovered', async () => {
  expect(await judged({})).toEqual(RECOVERED);
});

test('one that breaks them makes it partial, once there was time to measure', async () => {
  expect(await judged({ errors: 50 })).toMatchObject({
    verdict: 'partial',
    inconclusive: true,
    reason: expect.stringMatching(/^db is well again; not so payments: /) as string,
  });
  expect(await judged({ errors: 50, elapsed: 200 })).toMatchObject({ verdict: 'partial', inconclusive: false });
});

test('one that cannot be read makes it partial, as nobody knows', async () => {
  expect(await judged({ read: 'fails' })).toMatchObject({
    verdict: 'partial',
    reason: 'db is well again; not so payments, whose samples could not be read (the disk is full).',
  });
});

test('one that nothing measures, or whose alert has ended, is left to the watch', async () => {
  const { limits: _limits, metrics: _metrics, ...plain } = measured;
  expect(await judged({ service: plain, errors: 50 })).toEqual(RECOVERED);
  expect(await judged({ note: { status: 'resolved' }, errors: 50 })).toEqual(RECOVERED);
});
