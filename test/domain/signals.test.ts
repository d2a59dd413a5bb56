import type { EvidenceBundle } from '../../domain/evidence';
import type { IncidentView } from '../../domain/incident-view';
import { signalHistory, signalWindow } from '../../domain/signals';
import { makeSeries, T0 } from '../fakes/bookshop-series';
import { sampleIncident } from '../fakes/sample-incident';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const settings = { baselineMs: 30 * MINUTE, stepMs: MINUTE };
const iso = (at: number): string => new Date(at).toISOString();
const opened = (over: Partial<IncidentView> = {}): IncidentView => sampleIncident('inc-1', { openedAt: iso(T0), updatedAt: iso(T0), ...over });
const diagnosed = (onset: number, over: Partial<IncidentView> = {}): IncidentView =>
  opened({ diagnosis: { verdict: 'determined', hypotheses: [], ruledOut: [], unknown: [], evidenceDigest: '', evidence: {}, onset: iso(onset) }, ...over });

describe('the window of a history', () => {
  test('goes from the baseline before the onset until now, in whole steps', () => {
    expect(signalWindow(diagnosed(T0 - 90_500), T0 + 10 * MINUTE + 1234, settings)).toEqual({
      from: T0 - 32 * MINUTE,
      to: T0 + 10 * MINUTE,
      stepMs: MINUTE,
    });
  });

  test('without a diagnosis begins before the earliest alert', () => {
    const alert = { fingerprint: 'f', name: 'A', source: 's', status: 'firing', severity: 'sev2', summary: '', startsAt: iso(T0 - 5 * MINUTE) } as const;
    expect(signalWindow(opened({ alerts: [alert] }), T0, settings).from).toBe(T0 - 35 * MINUTE);
  });

  test('ends some time after the end, so that the recovery shows and nothing later', () => {
    const view = diagnosed(T0, { resolvedAt: iso(T0 + HOUR) });
    expect(signalWindow(view, T0 + 9 * HOUR, settings).to).toBe(T0 + HOUR + 30 * MINUTE);
    expect(signalWindow(view, T0 + HOUR + MINUTE, settings).to).toBe(T0 + HOUR + MINUTE);
  });

  test('of a long incident is its newest 6 hours, in at most 180 steps', () => {
    const { from, to, stepMs } = signalWindow(diagnosed(T0), T0 + 40 * HOUR, settings);
    expect([to - from, to, (to - from) / stepMs <= 180]).toEqual([6 * HOUR, T0 + 40 * HOUR, true]);
  });

  test('is shorter where scrapes follow each other closely, as each must be read', () => {
    const { from, to } = signalWindow(diagnosed(T0), T0 + 40 * HOUR, settings, 1000);
    expect(to - from).toBe(2 * HOUR);
  });

  test('has two scrapes in each step', () => {
    expect(signalWindow(diagnosed(T0), T0 + MINUTE, { baselineMs: MINUTE, stepMs: 1000 }, 5000).stepMs).toBe(10_000);
  });
});

describe('a history', () => {
  const window = { from: T0, to: T0 + 60_000, stepMs: 2_000 };
  const samples = makeSeries({ seconds: 60, at: (second) => ({ rate: 50, errorShare: second > 30 ? 0.4 : 0, saturation: { handles: second / 60 } }) });

  test('holds errors, latency, requests and how full each resource is, a value for each step, with the declared limits', () => {
    const limits = { errorShare: { above: 0.05, forMs: 2000 }, latencyP95Ms: { above: 1500, forMs: 3000 }, minRequests: 20 };
    const history = signalHistory(opened(), window, { samples, limits });
    expect(history).toMatchObject({ ...window, source: 'samples', incidentId: 'inc-1', service: 'bookshop', limits: { errorShare: 0.05, latencyP95Ms: 1500 } });
    expect(history.points).toHaveLength(30);
    const shares = history.points.map((point) => point.errorShare ?? 0);
    expect(Math.max(...shares.slice(0, 14))).toBe(0);
    expect(Math.min(...shares.slice(16))).toBeGreaterThan(0.2);
    expect(history.points[5]?.requests).toBeGreaterThan(80);
    expect(history.saturation).toEqual([{ resource: 'handles', values: expect.any(Array) as unknown }]);
    expect(history.saturation[0]?.values[14]).toBeCloseTo(0.5);
    expect(history.saturation[0]?.values).toHaveLength(30);
  });

  test('begins with the first sample, and has a gap where nothing was measured', () => {
    const late = samples.filter((sample) => sample.at >= T0 + 20_000 && (sample.at < T0 + 40_000 || sample.at > T0 + 44_000));
    const history = signalHistory(opened(), window, { samples: late });
    expect(history.from).toBe(T0 + 20_000);
    expect(history.points.filter((point) => point.unmeasured).map((point) => point.at)).toEqual([T0 + 40_000, T0 + 42_000]);
    expect(history.saturation[0]?.values.slice(10, 12)).toEqual([null, null]);
  });

  test('is the frozen series once the samples are gone, and says so; without one it is empty', () => {
    const series = [0, 1, 2].map((i) => ({ at: T0 + i * 5000, errorShare: 0.1 * i, latencyP95Ms: 20, requests: 100 }));
    const bundle = { items: [{ id: 'E01', title: '', kind: 'metrics', service: 'bookshop', series }] } as unknown as EvidenceBundle;
    expect(signalHistory(opened(), window, { samples: [], bundle })).toMatchObject({
      source: 'evidence',
      from: T0,
      to: T0 + 15_000,
      stepMs: 5000,
      points: series,
    });
    expect(signalHistory(opened(), window, { samples: [] })).toMatchObject({ source: 'none', points: [], ...window });
  });
});
