import type { AuditRecord } from '../../domain/audit';
import type { SignalHistory } from '../../domain/signals';
import { marksOf, rowsFor, troubleOf } from '../../console/view/marks';
import { panelsOf, spokenPanel } from '../../console/view/panels';
import { linear, pathOf, roundTop, stepAt, timeTicks } from '../../domain/plot-scale';
import { sampleView } from '../fakes/incident-samples';

const T0 = Date.parse('2026-11-20T14:00:00.000Z');
const at = (second: number): string => new Date(T0 + second * 1000).toISOString();

describe('a scale', () => {
  test('turns values into pixels, upside down where it should', () => {
    const y = linear(0, 10, 100, 0);
    expect([y(0), y(5), y(10)]).toEqual([100, 50, 0]);
    expect(linear(3, 3, 7, 9)(3)).toBe(7);
  });

  test.each([
    [0, 0.1, 0.1],
    [0.07, 0.1, 0.1],
    [0.31, 0.1, 0.5],
    [2.1, 1, 2.5],
    [87, 1, 100],
    [1500, 100, 2000],
    [0, 0, 1],
    [Infinity, 0, 1],
  ])('the top of an axis for %d, at least %d, is %d', (value, least, top) => {
    expect(roundTop(value, least)).toBeCloseTo(top);
  });

  test('times are round, fit, and have seconds only where they are needed', () => {
    expect(timeTicks(T0 + 1, T0 + 61_000, 6).map(({ text }) => text)).toEqual(['14:00:15', '14:00:30', '14:00:45', '14:01:00']);
    expect(timeTicks(T0, T0 + 7_200_000, 5).map(({ text }) => text)).toEqual(['14:00', '14:30', '15:00', '15:30', '16:00']);
    expect(timeTicks(T0, T0, 5)).toHaveLength(1);
  });
});

describe('a line', () => {
  const draw = (values: (number | null)[]): string =>
    pathOf(
      values,
      (i) => i,
      (value) => value,
    );

  test('joins what was measured, and leaves a gap where nothing was', () => {
    expect(draw([1, 2, null, 3, 4])).toBe('M0.0 1.0L1.0 2.0M3.0 3.0L4.0 4.0');
  });

  test('shows a value that stands alone, and nothing for nothing', () => {
    expect(draw([null, 5, null])).toBe('M1.0 5.0h0');
    expect([draw([]), draw([null])]).toEqual(['', '']);
  });

  test('knows in which step a time lies', () => {
    const window = { from: T0, stepMs: 1000 };
    expect([stepAt(T0, window, 3), stepAt(T0 + 2999, window, 3), stepAt(T0 + 3000, window, 3), stepAt(T0 - 1, window, 3)]).toEqual([
      0,
      2,
      undefined,
      undefined,
    ]);
  });
});

const history: SignalHistory = {
  ...{ incidentId: 'inc-1', environment: 'demo', service: 'bookshop', source: 'samples' },
  ...{ from: T0, to: T0 + 8000, stepMs: 2000, limits: { errorShare: 0.05 } },
  points: [
    { at: T0, errorShare: 0, latencyP95Ms: 20, requests: 100 },
    { at: T0 + 2000, errorShare: 0.31, latencyP95Ms: 45, requests: 90 },
    { at: T0 + 4000, errorShare: null, latencyP95Ms: null, requests: 0, unmeasured: true },
    { at: T0 + 6000, errorShare: 0.02, latencyP95Ms: 21, requests: 110 },
  ],
  saturation: [{ resource: 'order handles', values: [0, 1, null, 0] }],
};

describe('the plots of a history', () => {
  test('are errors with their limit, latency, requests a second, and each resource', () => {
    const panels = panelsOf(history);
    expect(panels.map(({ title, top, limit }) => [title, top, limit])).toEqual([
      ['Requests that fail', 0.5, 0.05],
      ['Latency, p95', 100, undefined],
      ['Requests per second', 100, undefined],
      ['Full: order handles', 1, undefined],
    ]);
    expect(panels[2]?.values).toEqual([50, 45, null, 55]);
  });

  test('have room for a limit that is far above', () => {
    expect(panelsOf({ ...history, limits: { latencyP95Ms: 1500 } })[1]?.top).toBe(2000);
  });

  test('of nothing are none', () => {
    expect(panelsOf({ ...history, points: [], source: 'none' })).toEqual([]);
  });

  test('can be read out', () => {
    expect(panelsOf(history).map((panel) => spokenPanel(panel, 1))[0]).toBe(
      'Requests that fail: at most 0 % before the onset, at most 31 % since, 2 % at the end, limit 5 %.',
    );
  });
});

describe('the marks', () => {
  const record = (kind: AuditRecord['kind'], second: number, more: Partial<AuditRecord> = {}): AuditRecord =>
    ({ seq: second, at: at(second), actor: 'nightshift', kind, summary: kind, ...more }) as AuditRecord;
  const timeline = [
    record('opened', 90),
    record('decision', 200, { data: { verdict: 'approve' } }),
    record('decision', 201, { data: { verdict: 'reject' } }),
    record('effect', 210),
    record('verified', 230, { summary: 'recovered: 0 % of requests fail' }),
  ];
  const change = { id: 'E02', kind: 'change', title: '', leadMs: 1, change: { id: 'c', kind: 'deployment', at: at(60), to: '1.5.0' } };
  const evidence = { items: [change] } as never;

  test('are changes, onset, answers, effects and what was measured, in order of time', () => {
    expect(marksOf(sampleView(), timeline, evidence).map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      'change: deployment 1.5.0',
      'onset: onset',
      'answer: approved',
      'answer: rejected',
      'effect: done',
      'verified: recovered',
    ]);
    expect(marksOf({ ...sampleView(), diagnosis: undefined } as never, [], undefined)).toEqual([]);
  });

  test('bound the trouble: from the onset until it was measured as recovered, else until now', () => {
    const now = T0 + 1_000_000;
    const onset = Date.parse('2026-11-20T14:01:40.000Z');
    expect(troubleOf(marksOf(sampleView(), timeline, evidence), now)).toEqual({ from: onset, to: T0 + 230_000 });
    const unchanged = [record('verified', 230, { summary: 'unchanged: 31 % of requests fail' })];
    expect(troubleOf(marksOf(sampleView(), unchanged, undefined), now)).toEqual({ from: onset, to: now });
    expect(troubleOf([], now)).toBeUndefined();
  });

  test('have labels in rows, none on another', () => {
    const places = [0, 10, 20, 60].map((x) => ({ x, width: 50 }));
    expect(rowsFor(places)).toEqual([0, 1, 2, 0]);
  });
});
