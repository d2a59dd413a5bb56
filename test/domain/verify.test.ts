import type { ServiceLimits } from '../../domain/inventory';
import type { WindowStats } from '../../domain/metrics';
import { verify, type VerifyInput } from '../../domain/verify';

const limits: ServiceLimits = { errorShare: { above: 0.05, forMs: 3000 }, latencyP95Ms: { above: 500, forMs: 3000 }, minRequests: 20 };
const window = (more: Partial<WindowStats> = {}): WindowStats => ({
  from: 0,
  to: 4000,
  samples: 4,
  upShare: 1,
  requests: 400,
  errors: 0,
  errorShare: 0,
  ratePerSecond: 100,
  latencyP95Ms: 40,
  routes: {},
  saturation: {},
  ...more,
});
const broken = window({ errors: 120, errorShare: 0.3 });
const judge = (after: WindowStats | null, more: Partial<VerifyInput> = {}) =>
  verify({
    before: broken,
    after,
    baseline: window({ errorShare: 0.002 }),
    limits,
    plan: { settleMs: 2000, windowMs: 4000, minRequests: 20, timeoutMs: 40_000 },
    signals: ['errorShare'],
    elapsedMs: 4000,
    ...more,
  });
const instance = (errorShare: number) => ({ upShare: 1, requests: 200, errorShare, latencyP95Ms: 40 });

test('recovered: errors, latency and traffic are normal, with the figures', () => {
  const result = judge(window({ errorShare: 0.005, errors: 2 }));
  expect(result).toMatchObject({ verdict: 'recovered', inconclusive: false });
  expect(result.reason).toBe('0.5 % of 400 requests fail (30 % before the remedy), p95 latency is 40 ms.');
});

test.each([
  ['no data', null, {}],
  ['no scrape', window({ samples: 0, upShare: null, requests: 0 }), {}],
  ['too little traffic', window({ requests: 19 }), {}],
  ['too little time', window(), { elapsedMs: 3999 }],
])('%s is unknown and worth measuring longer, never recovered', (_name, after, more) => {
  expect(judge(after, more)).toMatchObject({ verdict: 'unknown', inconclusive: true });
});

test('a service that answers and tells no numbers is unknown, in words', () => {
  expect(judge(window({ upShare: null, requests: 0, errorShare: null })).reason).toBe('The service answers but tells no numbers since the remedy.');
});

test('numbers of a part of the window only are unknown: the rest may have been bad', () => {
  expect(judge(window({ coveredMs: 1900 }))).toMatchObject({ verdict: 'unknown', inconclusive: true, reason: 'The numbers cover only 2 of 4 s.' });
  expect(judge(window({ coveredMs: 2000 })).verdict).toBe('recovered');
});

test('when the time is up, unknown is final', () => {
  expect(judge(null, { elapsedMs: 40_000 })).toMatchObject({ verdict: 'unknown', inconclusive: false });
});

test('errors gone because the traffic is gone is unknown', () => {
  const result = judge(window({ requests: 150, ratePerSecond: 49 }));
  expect(result).toMatchObject({ verdict: 'unknown', inconclusive: true });
  expect(result.reason).toContain('49 requests a second, 100 are normal');
});

test('unchanged: still failing much as before', () => {
  expect(judge(window({ errorShare: 0.35 }))).toMatchObject({ verdict: 'unchanged', inconclusive: false });
});

test.each([
  ['over the limit', 501],
  ['doubled against the baseline', 80],
])('errors gone but latency %s helped in part, and is measured again while there is time', (_name, latencyP95Ms) => {
  const before = { ...broken, latencyP95Ms: 600 };
  const found = judge(window({ latencyP95Ms }), { before });
  expect(found).toMatchObject({ verdict: 'partial', inconclusive: true });
  expect(found.reason).toMatch(/latency.*; no longer: 30 % of requests fail/);
  expect(judge(window({ latencyP95Ms }), { before, elapsedMs: 40_000 })).toMatchObject({ verdict: 'partial', inconclusive: false });
});

test('latency alone was broken and still is: unchanged', () => {
  expect(judge(window({ latencyP95Ms: 700 }), { before: window({ latencyP95Ms: 600 }) })).toMatchObject({ verdict: 'unchanged', inconclusive: false });
});

test.each([
  [0.3, 0.41, 'worse'],
  [0.3, 0.39, 'unchanged'],
  [0.5, 0.61, 'unchanged'],
  [0.05, 0.16, 'worse'],
])('from a share of errors of %d to %d is %s', (was, is, verdict) => {
  expect(judge(window({ errorShare: is }), { before: window({ errorShare: was }) }).verdict).toBe(verdict);
});

test('worse: down after the remedy; unchanged when it was down before too', () => {
  expect(judge(window({ upShare: 0, requests: 0, errorShare: null })).verdict).toBe('worse');
  expect(judge(window({ upShare: 0, requests: 0, errorShare: null }), { before: window({ upShare: 0 }) }).verdict).toBe('unchanged');
});

test('down for most of the window and answering again at its end is measured again while there is time', () => {
  const back = window({ upShare: 0.25, upShareLast: 1, requests: 30 });
  expect(judge(back)).toMatchObject({
    ...{ verdict: 'unknown', inconclusive: true },
    reason: '75 % of scrapes go unanswered after the remedy, though the newest is answered.',
  });
  expect(judge(back, { elapsedMs: 40_000 })).toMatchObject({ verdict: 'worse', inconclusive: false });
  expect(judge({ ...back, upShareLast: 0 })).toMatchObject({ verdict: 'worse', inconclusive: false });
});

test('partial: some instances healed', () => {
  const instances = { a: instance(0), b: instance(0.3) };
  expect(judge(window({ errorShare: 0.15, instances }), { before: { ...broken, instances: { a: instance(0.3), b: instance(0.3) } } })).toMatchObject({
    verdict: 'partial',
  });
  expect(judge(window({ errorShare: 0.01, instances: { a: instance(0), b: instance(0.3) } })).reason).toContain('still broken: b');
});

test('one of three instances healed is partial, and says which are not', () => {
  const instances = { a: instance(0), b: instance(0.3), c: instance(0.4) };
  const bad = { a: instance(0.3), b: instance(0.3), c: instance(0.3) };
  const found = judge(window({ errorShare: 0.23, instances, running: 3 }), { before: { ...broken, instances: bad, running: 3 } });
  expect(found).toMatchObject({ verdict: 'partial', inconclusive: false, reason: '1 of 3 instances are healthy, still broken: b, c.' });
});

test('an instance that serves nothing while the others do is not healthy; it may begin to, so it is measured again while there is time', () => {
  const instances = { a: instance(0), b: instance(0), c: { ...instance(0), requests: 2, errorShare: null, latencyP95Ms: null } };
  const found = judge(window({ instances }));
  expect(found).toMatchObject({ verdict: 'partial', inconclusive: true, reason: '2 of 3 instances are healthy, serving nothing: c.' });
  expect(judge(window({ instances }), { elapsedMs: 40_000 })).toMatchObject({ verdict: 'partial', inconclusive: false });
});

test.each([
  ['two of three', { a: instance(0), b: instance(0) }, 2, '2 of 3 instances are healthy, no longer there: 1.'],
  ['one of three', undefined, 1, '1 of 3 instances are healthy, no longer there: 2.'],
])('%s instances are left: partial', (_name, instances, running, reason) => {
  const baseline = window({ errorShare: 0.002, running: 3 });
  expect(judge(window({ ...(instances && { instances }), running }), { baseline })).toMatchObject({ verdict: 'partial', reason });
});

test('as many instances as usual, all of them well, are recovered; before we counted them nothing is said of their number', () => {
  const instances = { a: instance(0), b: instance(0), c: instance(0) };
  expect(judge(window({ instances, running: 3 }), { baseline: window({ running: 3 }) }).verdict).toBe('recovered');
  expect(judge(window({ running: 1 }), { baseline: window() }).verdict).toBe('recovered');
});

test('instances that were well all along are no partial success', () => {
  const instances = { a: instance(0), b: instance(0.6) };
  expect(judge(window({ errorShare: 0.3, instances }), { before: { ...broken, instances } }).verdict).toBe('unchanged');
});

test('under the limit but clearly over normal is not recovered', () => {
  expect(judge(window({ errorShare: 0.045, requests: 2000 })).verdict).toBe('unchanged');
});

test('a single error in a small window does not spoil it', () => {
  expect(judge(window({ requests: 25, errors: 1, errorShare: 0.04, ratePerSecond: 90 })).verdict).toBe('recovered');
});

test('an alert about something that is not measured here is not proven by numbers that were fine all along', () => {
  expect(judge(window(), { signals: ['cpu'], before: window() }).verdict).toBe('unknown');
  expect(judge(window(), { signals: ['cpu'] }).verdict).toBe('recovered');
});

test('latency that opened the incident must be measured', () => {
  expect(judge(window({ latencyP95Ms: null }), { signals: ['latencyP95Ms'] }).verdict).toBe('unknown');
});

test('where all was prediction nothing was broken, so that nothing is called recovered', () => {
  const well = window({ errorShare: 0.001 });
  for (const before of [well, null, window({ requests: 0, errorShare: null })]) {
    expect(judge(well, { before, signals: ['saturation:handles'], foretold: true })).toMatchObject({
      verdict: 'unknown',
      reason: 'Nothing was broken before the remedy; whether the prediction is averted shows when it ends.',
      foretold: true,
    });
  }
  expect(judge(broken, { before: well, signals: ['saturation:handles'], foretold: true }).verdict).toBe('worse');
});
