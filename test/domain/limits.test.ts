import type { Alert } from '../../domain/alert';
import type { Service } from '../../domain/inventory';
import { readLimitStates } from '../../domain/limit-states';
import { conditionEndsMs, evaluateLimits, type LimitStates } from '../../domain/limits';
import type { WindowStats } from '../../domain/metrics';

const service: Service = {
  name: 'bookshop',
  environment: 'demo',
  tier: 'critical',
  dependsOn: [],
  limits: { errorShare: { above: 0.05, forMs: 3000 }, latencyP95Ms: { above: 500, forMs: 3000 }, silence: { forMs: 5000 }, minRequests: 20 },
};
const window = (second: number, more: Partial<WindowStats> = {}): WindowStats => {
  const base = { samples: 4, upShare: 1, requests: 400, errors: 0, errorShare: 0, ratePerSecond: 100, latencyP95Ms: 20, routes: {}, saturation: {} };
  return { from: second * 1000 - 4000, to: second * 1000, ...base, ...more };
};
const failing = (second: number) => window(second, { errors: 100, errorShare: 0.25 });
const silent = (second: number) => window(second, { requests: 0, errorShare: null, latencyP95Ms: null, upShare: 0 });

function run(windows: readonly WindowStats[], start: LimitStates = {}, of: Service = service): { alerts: Alert[]; states: LimitStates } {
  return windows.reduce<{ alerts: Alert[]; states: LimitStates }>(
    (sum, w) => {
      const { states, alerts } = evaluateLimits(of, w, JSON.parse(JSON.stringify(sum.states)) as LimitStates);
      return { states, alerts: [...sum.alerts, ...alerts] };
    },
    { alerts: [], states: start },
  );
}
const seconds = (from: number, to: number, make: (second: number) => WindowStats) => Array.from({ length: to - from + 1 }, (_, i) => make(from + i));

test('a condition begins once its limit was broken for the whole duration, and is told once', () => {
  expect(run(seconds(10, 12, failing)).alerts).toEqual([]);
  const { alerts } = run(seconds(10, 40, failing));
  expect(alerts).toHaveLength(1);
  expect(alerts[0]).toMatchObject({
    status: 'firing',
    signal: 'errorShare',
    startsAt: '1970-01-01T00:00:10.000Z',
    value: 0.25,
    threshold: 0.05,
    source: 'detector',
  });
  expect(alerts[0]?.summary).toBe('bookshop: 25 % of requests fail (limit 5 %)');
});

test('a break begins the count anew', () => {
  expect(run([...seconds(10, 12, failing), window(13), ...seconds(14, 16, failing)]).alerts).toEqual([]);
});

test('a condition ends once its limit held for as long, under the same fingerprint', () => {
  const { alerts } = run([...seconds(10, 15, failing), ...seconds(16, 18, window), ...seconds(19, 30, window)]);
  expect(alerts.map((a) => a.status)).toEqual(['firing', 'resolved']);
  expect(alerts[1]).toMatchObject({ fingerprint: alerts[0]?.fingerprint, startsAt: alerts[0]?.startsAt, endsAt: '1970-01-01T00:00:16.000Z' });
  expect(alerts[1]?.id).not.toBe(alerts[0]?.id);
});

test('a short recovery does not end it', () => {
  expect(run([...seconds(10, 15, failing), ...seconds(16, 17, window), ...seconds(18, 30, failing)]).alerts).toHaveLength(1);
});

test('a condition that begins again gets another id', () => {
  const { alerts } = run([...seconds(10, 15, failing), ...seconds(16, 22, window), ...seconds(30, 36, failing)]);
  expect(new Set(alerts.map((a) => a.id)).size).toBe(3);
});

test('the same past gives the same ids, before and after a restart of the detector', () => {
  const first = run(seconds(10, 11, failing));
  const saved = readLimitStates(JSON.parse(JSON.stringify({ bookshop: first.states })))['bookshop'] ?? {};
  const after = run(seconds(12, 20, failing), saved).alerts;
  expect(after).toEqual(run(seconds(10, 20, failing)).alerts);
  expect(after).toHaveLength(1);
});

test('what fired before a restart is not told again, but its end is', () => {
  const { states } = run(seconds(10, 15, failing));
  expect(run(seconds(60, 70, failing), states).alerts).toEqual([]);
  expect(run(seconds(60, 70, window), states).alerts.map((a) => a.status)).toEqual(['resolved']);
});

test('a count that could not go on while the detector was away begins anew', () => {
  const { states } = run(seconds(10, 11, failing));
  expect(run([failing(100)], states).alerts).toEqual([]);
});

test('too few requests neither begin nor end a condition', () => {
  const few = (second: number) => window(second, { requests: 5, errors: 5, errorShare: 1 });
  expect(run(seconds(10, 30, few)).alerts).toEqual([]);
  const { states } = run(seconds(10, 15, failing));
  expect(run(seconds(16, 40, few), states).alerts).toEqual([]);
});

test('silence is told after its duration and begins with the window that served nothing', () => {
  const { alerts } = run(seconds(20, 24, silent));
  expect(alerts).toMatchObject([{ signal: 'silence', severity: 'sev1', startsAt: '1970-01-01T00:00:16.000Z', summary: 'bookshop: does not answer' }]);
});

test('no scrape at all is our own blindness, not silence', () => {
  expect(run(seconds(20, 60, (s) => window(s, { samples: 0, upShare: null, requests: 0, errorShare: null, latencyP95Ms: null }))).alerts).toEqual([]);
});

test('a limit that is taken away ends what it began', () => {
  const { states } = run(seconds(10, 15, failing));
  const { limits: _limits, ...unlimited } = service;
  expect(run([failing(16)], states, unlimited).alerts).toMatchObject([{ status: 'resolved' }]);
});

test('states that cannot be read are forgotten', () => {
  expect(readLimitStates({ bookshop: { errorShare: 'broken' } })).toEqual({});
  expect(readLimitStates(undefined)).toEqual({});
});

test.each([
  ['errors', failing],
  ['silence', silent],
])('the end of %s is told in the time that is said, however the looks fall', (_name, bad) => {
  const detector = { everyMs: 2000, windowMs: 4000 };
  const within = conditionEndsMs([service], detector);
  expect(within).toBe(4000 + 5000 + 2 * 2000);
  for (const phase of [0, 0.5, 1, 1.5, 1.9]) {
    // Well from the 20th second on; a window that begins before holds something bad.
    const looks = Array.from({ length: 30 }, (_, i) => phase + 2 * i);
    const told = looks.find((until) =>
      run(looks.filter((second) => second <= until).map((second) => (second < 24 ? bad(second) : window(second)))).alerts.some((a) => a.status === 'resolved'),
    );
    expect(((told ?? Infinity) - 20) * 1000).toBeLessThanOrEqual(within);
  }
  expect(conditionEndsMs([], detector)).toBe(0);
});
