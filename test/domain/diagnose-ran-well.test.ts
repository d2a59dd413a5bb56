import type { Change } from '../../domain/change';
import { diagnose } from '../../domain/diagnose';
import type { Diagnosis } from '../../domain/diagnosis';
import { buildEvidence } from '../../domain/evidence-build';
import type { RawEvidence } from '../../domain/evidence-raw';
import { neighbourhoodOf } from '../../domain/topology/graph';
import { makeSeries, T0, type Second } from '../fakes/bookshop-series';
import { badRelease, calmRaw, dependencyFails, deployment, memoryLeak, traffic, unknownFault } from '../fakes/practice-faults';

const diagnosed = (raw: RawEvidence): Diagnosis => diagnose(buildEvidence(raw), []);
const causes = (raw: RawEvidence): readonly string[] => diagnosed(raw).hypotheses.map(({ cause }) => cause);
const away = deployment(20, '1.4.0', '1.4.1');
const back = deployment(26, '1.4.1', '1.4.0');

/** The cache fills from a second on and is full at second 45. */
function fillingFrom(from: number, changes: RawEvidence['changes']): RawEvidence {
  const saturation = (s: number) => ({ cache: Math.min(1, 0.1 + (0.9 * Math.max(0, s - from)) / (45 - from)) });
  const at = (s: number): Second => ({ rate: traffic(s), latencyMs: 8, errorShare: s >= 45 ? 0.35 : 0.002, saturation: saturation(s) });
  return { ...memoryLeak(), samples: makeSeries({ seconds: 60, at }), changes };
}

/** A service that behaves as told, and nothing else of note. */
function behaving(at: (s: number) => Second, changes: RawEvidence['changes']): RawEvidence {
  return calmRaw({ samples: makeSeries({ seconds: 60, at }), changes });
}

describe('what was brought back', () => {
  test('is not blamed for a resource that fills after it: that release ran before', () => {
    const found = diagnosed(fillingFrom(29, [away, back]));
    expect(found.hypotheses.map(({ runbook }) => runbook)).toEqual(['restart-service']);
    expect(found.ruledOut.map(({ title }) => title).join()).toContain('Rollback to 1.4.0');
  });

  test('is, as any release, where somebody deploys anew what was taken back', () => {
    const again = deployment(28, '1.4.0', '1.4.1');
    const [first] = diagnosed(fillingFrom(29, [deployment(14, '1.4.0', '1.4.1'), deployment(20, '1.4.1', '1.4.0'), again])).hypotheses;
    expect(first).toMatchObject({ id: 'change:deploy-28', cause: 'bad-release' });
  });

  test('is asked about where the service went down with it', () => {
    const down = behaving((s) => ({ rate: traffic(s), up: s < 45 }), [deployment(30, '1.4.0', '1.4.1'), deployment(41, '1.4.1', '1.4.0')]);
    const targets = [{ service: 'bookshop', release: '1.4.0', releases: ['1.4.0', '1.4.1'] }];
    expect(diagnosed({ ...down, targets }).hypotheses[0]).toMatchObject({ id: 'change:deploy-41', parameters: { to: '1.4.1' } });
  });
});

describe('a resource that fills after a release', () => {
  test('fills by the release where it begins with it', () => {
    expect(diagnosed(fillingFrom(31, [deployment(30, '1.4.0', '1.5.0')])).hypotheses[0]).toMatchObject({ id: 'change:deploy-30' });
  });

  test('fills by an older release too where the process began anew in between and filled at once', () => {
    const two = fillingFrom(33, [deployment(22, '1.4.0', '1.5.0'), deployment(32, '1.5.0', '1.5.1')]);
    expect(diagnosed(two).hypotheses.map(({ id }) => id)).toEqual(['change:deploy-32', 'change:deploy-22', 'resource:bookshop:cache']);
  });

  test('does not where it stood still for longer than half of the time that it then took', () => {
    expect(causes(fillingFrom(33, [deployment(22, '1.4.0', '1.5.0')]))).toEqual(['resource-exhaustion']);
  });
});

describe('a resource that begins to fill as the trouble does', () => {
  const slowed = (rising: number): RawEvidence =>
    behaving((s) => {
      const cache = Math.min(1, 0.1 + (0.9 * Math.max(0, s - rising)) / 8);
      return { rate: traffic(s), latencyMs: s >= 40 ? 90 : 8, errorShare: cache === 1 ? 0.35 : 0.002, saturation: { cache } };
    }, []);

  test('is the cause where it is full, as it may slow the service before it gives out', () => {
    expect(diagnosed(slowed(40)).hypotheses[0]).toMatchObject({ cause: 'resource-exhaustion', runbook: 'restart-service' });
  });

  test('is not where it began clearly later', () => {
    expect(causes(slowed(44))).toEqual([]);
  });
});

describe('a release that was seen to run well', () => {
  test('is not blamed for a trouble that shows nothing but its time', () => {
    const { hypotheses, ruledOut } = diagnosed({ ...unknownFault(), changes: [deployment(32, '1.4.0', '1.4.1')] });
    expect(hypotheses).toEqual([]);
    expect(ruledOut.find(({ title }) => title.startsWith('Release 1.4.1'))?.reason).toMatch(/^requests were served well for a while after it, .* \(E01, /);
  });

  test.each([1, 4, 8])('is asked about where the trouble began %i s after it, so soon that it may have needed to show', (lead) => {
    expect(causes({ ...unknownFault(), changes: [deployment(46 - lead, '1.4.0', '1.4.1')] })).toEqual(['bad-release']);
  });

  test('is not seen to by so few requests that none of them need have failed', () => {
    const raw = (rate: number): RawEvidence =>
      behaving((s) => ({ rate, latencyMs: 8, errorShare: s >= 46 ? 0.15 : 0, saturation: {} }), [deployment(30, '1.4.0', '1.4.1')]);
    expect(causes(raw(2))).toEqual(['bad-release']);
    expect(causes(raw(20))).toEqual([]);
  });

  test('is not seen to while requests fail already, fewer than the onset needs', () => {
    const slowly = (s: number): Second => ({ rate: traffic(s), latencyMs: 8, errorShare: s >= 46 ? 0.13 : s >= 31 ? 0.03 : 0, saturation: {} });
    expect(causes(behaving(slowly, [deployment(30, '1.4.0', '1.4.1')]))).toEqual(['bad-release']);
  });

  test('is named all the same for what it filled meanwhile', () => {
    expect(diagnosed(badRelease(8)).hypotheses[0]).toMatchObject({ cause: 'bad-release' });
  });
});

describe('a change on a dependency that fails', () => {
  const around = { neighbourhood: neighbourhoodOf('bookshop', []), numbers: [], incidents: [] };
  const flag = (second: number): Change => ({ ...deployment(second, '', ''), id: 'flag-1', kind: 'flag', service: 'payments' });

  test('is the cause where the failures began with it', () => {
    expect(diagnosed({ ...dependencyFails(), around, changes: [flag(42)] }).hypotheses[0]).toMatchObject({ id: 'change:flag-1', cause: 'bad-release' });
  });

  test('is not where the dependency was measured as well for a while after it', () => {
    const found = diagnosed({ ...dependencyFails(), around, changes: [flag(28)] });
    expect(found.hypotheses.map(({ id }) => id)).toEqual(['dependency:payments']);
  });
});

describe('slower answers', () => {
  const slower = (ms: number, from: number): RawEvidence =>
    behaving((s) => ({ rate: traffic(s), latencyMs: s >= from ? ms : 8, saturation: {} }), [deployment(44, '1.4.0', '1.4.1')]);

  test('are no trouble where nobody feels them, though they take more than twice as long', () => {
    const found = diagnosed(slower(20, 45));
    expect(found.verdict).toBe('undetermined');
    expect(found.unknown.join()).toContain('the numbers here are near normal');
  });

  test('are where they take clearly longer, and the release that they began with is asked about', () => {
    expect(causes(slower(200, 45))).toEqual(['bad-release']);
  });

  test('do not accuse a release that answered as fast as ever for a while', () => {
    const raw = slower(200, 52);
    expect(causes({ ...raw, firstAlertAt: T0 + 56_000, changes: [deployment(36, '1.4.0', '1.4.1')] })).toEqual([]);
  });
});
