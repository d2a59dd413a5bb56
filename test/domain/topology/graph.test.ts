import { mergeCalls, neighbourhoodOf, REACH } from '../../../domain/topology/graph';
import { configuredCalls, countedCalls, tracedCalls } from '../../../domain/topology/told-calls';
import { coarserSteps, countedSteps } from '../../../domain/topology/step-series';

const call = (caller: string, callee: string, requests = 10) => ({ caller, callee, from: 'traces' as const, requests });

test('a call that several tell is one call, with everyone who says so; counts of several are not added up', () => {
  const told = [call('web', 'shop', 5), call('web', 'shop', 7), { caller: 'web', callee: 'shop', from: 'configuration' as const }, call('shop', 'shop')];
  expect(mergeCalls(told)).toEqual([{ caller: 'web', callee: 'shop', from: ['configuration', 'traces'], requests: 12 }]);
});

test('callees of callees and callers of callers are looked at, nearest first, and not what else a caller calls', () => {
  const calls = mergeCalls([call('web', 'shop'), call('web', 'ads'), call('shop', 'orders'), call('orders', 'payments'), call('edge', 'web')]);
  expect(neighbourhoodOf('shop', calls)).toEqual({
    places: [
      { service: 'orders', way: 'callee', hops: 1 },
      { service: 'web', way: 'caller', hops: 1 },
      { service: 'payments', way: 'callee', hops: 2 },
      { service: 'edge', way: 'caller', hops: 2 },
    ],
    calls: expect.not.arrayContaining([expect.objectContaining({ callee: 'ads' })]),
    left: 0,
  });
});

test('services that call each other in a ring are looked at once', () => {
  const { places } = neighbourhoodOf('a', mergeCalls([call('a', 'b'), call('b', 'c'), call('c', 'a')]));
  expect(places).toEqual([
    { service: 'b', way: 'callee', hops: 1 },
    { service: 'c', way: 'callee', hops: 2 },
  ]);
});

test('of a thousand callees those with the most calls are looked at, and it is told how many were left out', () => {
  const many = Array.from({ length: 1000 }, (_, i) => call('shop', `s${String(i)}`, i));
  const { places, calls, left } = neighbourhoodOf('shop', mergeCalls(many));
  expect([places.length, left, calls.length]).toEqual([REACH.callees, 1000 - REACH.callees, REACH.callees]);
  expect(places[0]?.service).toBe('s999');
});

test('calls are told by the configuration, by traces and by counters of a collector; what is no service is left out', () => {
  const service = { environment: 'prod', tier: 'standard', dependsOn: ['Orders'] } as const;
  const known = {
    services: [
      { ...service, name: 'shop' },
      { ...service, name: 'other', environment: 'test' },
    ],
  };
  expect(configuredCalls(known, 'prod')).toEqual([{ caller: 'shop', callee: 'Orders', from: 'configuration' }]);
  const count = { environment: 'prod', at: 0, requests: 3, failed: 0, durationMs: 3, longestMs: 1 };
  expect(
    tracedCalls([
      { ...count, caller: 'shop', callee: 'orders' },
      { ...count, callee: 'shop' },
      { ...count, caller: 'shop', callee: '<other>' },
    ]),
  ).toEqual([{ caller: 'shop', callee: 'orders', from: 'traces', requests: 3 }]);
  const context = { environment: 'prod', receivedAt: 0, services: new Map([['shop', 'shop']]) };
  expect(countedCalls([{ labels: { client: 'Shop', server: 'Pay API' } }, { labels: { client: 'user', server: 'shop' } }, { labels: {} }], context)).toEqual([
    { caller: 'shop', callee: 'pay-api', from: 'counts' },
  ]);
});

test('counted calls are cut into steps; a step between two counts had no call, one after the last is not known', () => {
  const count = (minute: number, requests: number, failed: number) => ({
    environment: 'prod',
    callee: 'pay',
    at: minute * 60_000,
    requests,
    failed,
    durationMs: 50 * requests,
    longestMs: 50,
  });
  const steps = countedSteps([count(0, 10, 1), count(2, 20, 10)], { from: 0, to: 600_000, stepMs: 60_000 });
  expect(steps).toEqual({ from: 0, stepMs: 60_000, requests: [10, 0, 20], errorShare: [0.1, null, 0.5], latencyMs: [50, null, 50], latencyIs: 'mean' });
  expect(steps && coarserSteps(steps, 1)).toMatchObject({ stepMs: 180_000, requests: [30], errorShare: [0.3667] });
  expect(countedSteps([], { from: 0, to: 1, stepMs: 1 })).toBeUndefined();
});
