import { healthReport, HEALTH_LIMITS } from '../../domain/pipeline-health';
import type { HealthBuild, HealthIncident, HealthReport } from '../../domain/pipeline-health';
import { bytesText, concernsOf } from '../../domain/health-wording';

const FROM = Date.parse('2026-03-01T00:00:00Z');
const TO = Date.parse('2026-03-08T00:00:00Z');

function build(i: number, over: Partial<HealthBuild> = {}): HealthBuild {
  const endedAt = new Date(FROM + i * 3_600_000).toISOString();
  return {
    id: `b${String(i).padStart(5, '0')}`,
    source: 'github',
    environment: 'prod',
    service: 'bookshop',
    name: 'ci',
    run: String(i),
    result: 'succeeded',
    endedAt,
    durationMs: 60_000,
    commit: `c${String(i)}`,
    ...over,
  };
}

function report(builds: readonly HealthBuild[], more: Partial<Parameters<typeof healthReport>[0]> = {}): HealthReport {
  return healthReport({ from: FROM, to: TO, builds, incidents: [], marks: [], cut: [], ...more });
}

const first = (builds: readonly HealthBuild[]) => report(builds).pipelines[0];

test('a pipeline has its runs, the share that failed without those cancelled, and its newest run', () => {
  const builds = ['succeeded', 'failed', 'timed-out', 'cancelled', 'succeeded'].map((result, i) => build(i, { result: result as HealthBuild['result'] }));
  expect(first(builds)).toMatchObject({ runs: 5, failureShare: 0.5, results: { succeeded: 2, failed: 1, 'timed-out': 1, cancelled: 1 }, newest: { run: '4' } });
});

test('durations are those of runs that succeeded', () => {
  const builds = [1, 2, 3, 4].map((i) => build(i, { durationMs: i * 1000 })).concat(build(5, { result: 'failed', durationMs: 1 }));
  expect(first(builds)?.duration).toMatchObject({ runs: 4, p50: 2000, p95: 4000 });
  expect(first([build(1, { result: 'failed' })])).not.toHaveProperty('duration');
});

test('tests, CPU and memory are there where a run told of them', () => {
  const measured = { usage: { cpuMs: 1000, memoryBytes: 2 ** 30 } };
  const builds = [build(1), build(2, { ...measured, tests: { total: 9, failed: 2 } }), build(3, { ...measured, tests: { total: 10, failed: 0 } })];
  expect(first(builds)).toMatchObject({
    tests: { runs: 2, failed: 2, runsWithFailures: 1, newestTotal: 10 },
    cpu: { runs: 2, p50: 1000 },
    memory: { p95: 2 ** 30 },
  });
  expect(first([build(1)])).not.toHaveProperty('tests');
});

test('what takes ever longer is a concern', () => {
  const pipeline = first(Array.from({ length: 20 }, (_, i) => build(i, { durationMs: 60_000 + i * 6000 })));
  expect(pipeline && concernsOf(pipeline)).toEqual(['duration is rising 97 %']);
});

test('pipelines of the same name of two services are two, and the one that fails now is first', () => {
  const builds = [build(1), build(2), ...[3, 4, 5].map((i) => build(i, { service: 'payments', result: 'failed' }))];
  expect(report(builds).pipelines.map(({ service, name }) => [service, name])).toEqual([
    ['payments', 'ci'],
    ['bookshop', 'ci'],
  ]);
});

test('a service has its incidents and the marks of its measurements', () => {
  const incident = {
    incidentId: 'inc-a',
    environment: 'prod',
    service: 'bookshop',
    title: 'Slow',
    severity: 'sev2',
    status: 'open',
    openedAt: '2026-03-02T00:00:00Z',
  } as const;
  const closed: HealthIncident = { ...incident, incidentId: 'inc-b', status: 'resolved', openedAt: '2026-03-03T00:00:00Z' };
  const mark = { environment: 'prod', service: 'payments', series: 'latency', rule: 'gap', since: '2026-03-02T00:00:00Z', detail: 'no point for 2 h' };
  expect(report([build(1)], { incidents: [incident, closed], marks: [mark] }).services).toMatchObject([
    { service: 'bookshop', incidents: { opened: 2, stillOpen: 1, newest: [{ incidentId: 'inc-b' }, { incidentId: 'inc-a' }] }, marks: [] },
    { service: 'payments', incidents: { opened: 0 }, marks: [mark] },
  ]);
});

test('a large time stays bounded, and says what is left out', () => {
  const builds = Array.from({ length: 300 }, (_, i) => build(i)).concat(
    Array.from({ length: 120 }, (_, i) => build(i, { id: `o${String(i)}`, name: `ci ${String(i)}` })),
  );
  const { pipelines, leftOut } = report(builds, { cut: ['builds', 'incidents'] });
  expect(pipelines).toHaveLength(HEALTH_LIMITS.pipelines);
  expect(pipelines.find(({ name }) => name === 'ci')?.plotted.length).toBe(HEALTH_LIMITS.plottedRuns);
  expect(leftOut).toEqual([expect.stringContaining('newest 5000'), expect.stringContaining('21 pipelines'), expect.stringContaining('older incidents')]);
});

test('nothing at all is a report too', () => {
  expect(report([])).toMatchObject({ pipelines: [], services: [], leftOut: [] });
});

test.each([
  [0, '0 B'],
  [512, '512 B'],
  [1536, '1.5 KiB'],
  [2 ** 30, '1 GiB'],
  [3.25 * 2 ** 30, '3.3 GiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});
