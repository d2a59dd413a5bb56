import { diagnose } from '../../domain/diagnose';
import type { Attempt, Diagnosis } from '../../domain/diagnosis';
import { buildEvidence } from '../../domain/evidence-build';
import type { RawEvidence } from '../../domain/evidence-raw';
import type { Service } from '../../domain/inventory';
import { BUILT_IN } from '../../domain/runbook';
import type { RunbookSnapshot } from '../../domain/runbook';
import { withinReach } from '../../domain/traffic-remedy';
import { makeLines, makeSeries, T0, type Second } from '../fakes/bookshop-series';
import { badRelease, calmRaw, deployment, memoryLeak, traffic } from '../fakes/practice-faults';

const diagnosed = (raw: RawEvidence, attempts: readonly Attempt[] = []): Diagnosis => diagnose(buildEvidence(raw), attempts);
const usual = { latencyMs: 8, saturation: { handles: 0.15 } };

/** Four times the customers from second 40 on, of whom many are turned away from second 42 on. */
function wave(more: Partial<RawEvidence> = {}, at: (s: number) => Partial<Second> = () => ({})): RawEvidence {
  const second = (s: number): Second => ({
    ...usual,
    rate: traffic(s) * (s >= 40 ? 4 : 1),
    ...(s >= 42 && { errorShare: 0.35, latencyMs: 500 }),
    ...at(s),
  });
  return calmRaw({
    firstAlertAt: T0 + 47_000,
    samples: makeSeries({ seconds: 60, at: second }),
    logs: makeLines('error', 42, 60, 50, () => 'the request was shed, too many wait'),
    ...more,
  });
}

test('far more traffic that the service serves only in part is the cause, with how much, since when, and more of the service as the remedy', () => {
  const found = diagnosed(wave());
  expect(found.hypotheses[0]).toMatchObject({ cause: 'traffic-surge', suspect: 'bookshop', runbook: 'scale-out', parameters: { by: '+100%' } });
  expect(found.hypotheses[0]?.title).toMatch(
    /^Traffic on bookshop is (3\.\d|4\.\d) times the normal, since \d s before the trouble: \d+ requests a second, \d+ before$/,
  );
});

test('a release that came just before it is not blamed for what the load explains, and the reason says so', () => {
  const found = diagnosed(wave({ changes: [deployment(39, '1.4.0', '1.5.0')] }));
  expect(found.cause).toBe('traffic-surge');
  expect(found.hypotheses.map(({ cause }) => cause)).not.toContain('bad-release');
  expect(found.ruledOut.find(({ title }) => title.startsWith('Release 1.5.0'))?.reason).toContain('the load explains the trouble');
});

test('a release that fills a resource before the customers come has evidence of its own, and is named beside the load', () => {
  const fills = (s: number): Partial<Second> => ({ saturation: { handles: Math.min(1, 0.15 + Math.max(0, s - 31) / 12) } });
  const found = diagnosed(wave({ changes: [deployment(30, '1.4.0', '1.5.0')] }, fills));
  expect(found.hypotheses.map(({ cause }) => cause)).toContain('bad-release');
});

test('a resource that fills with the traffic is its symptom, and ranks below', () => {
  const found = diagnosed(wave({}, (s) => ({ saturation: { handles: Math.min(1, 0.15 + Math.max(0, s - 38) * 0.2) } })));
  expect(found.hypotheses.map(({ cause }) => cause)).toEqual(['traffic-surge', 'resource-exhaustion']);
  expect(found.hypotheses[1]?.title).toContain('it fills with the traffic');
});

test('a cache that a crawler fills for long before trouble comes is a fault of its own, even at twice the traffic', () => {
  const leak = memoryLeak();
  const samples = makeSeries({
    seconds: 60,
    at: (s) => ({
      ...{ rate: 60 * (s >= 30 ? 2.3 : 1), latencyMs: 8, errorShare: s >= 45 ? 0.6 : 0.002 },
      saturation: { cache: Math.min(1, 0.2 + (0.8 * Math.max(0, s - 30)) / 15) },
    }),
  });
  expect(diagnosed({ ...leak, samples }).cause).toBe('resource-exhaustion');
});

test('customers who try again after failures do not make the traffic the cause: no more is served than before', () => {
  const raw = badRelease();
  const retrying = (s: number): Second => ({
    rate: traffic(s) * (s >= 46 ? 3 : 1),
    ...(s >= 46 && { errorShare: 0.75, latencyMs: 180 }),
    saturation: { handles: 0.2 },
  });
  const found = diagnosed({ ...raw, samples: makeSeries({ seconds: 60, restarts: [38], at: retrying }) });
  expect(found.cause).toBe('bad-release');
  expect(diagnosed({ ...raw, changes: [], samples: makeSeries({ seconds: 60, at: retrying }) }).hypotheses.map(({ cause }) => cause)).not.toContain(
    'traffic-surge',
  );
});

test('at its normal rate traffic is ruled out', () => {
  const { hypotheses, ruledOut } = diagnosed(memoryLeak());
  expect(hypotheses.map(({ cause }) => cause)).not.toContain('traffic-surge');
  expect(ruledOut.map(({ title }) => title)).toContain('A surge of traffic');
});

test('where more of the service did not help, the load explains nothing any more', () => {
  const tried: Attempt = { round: 1, hypothesis: 'traffic:bookshop', runbook: 'scale-out', parameters: { by: '+100%' }, verdict: 'unchanged' };
  const found = diagnosed(wave({ changes: [deployment(39, '1.4.0', '1.5.0')] }), [tried]);
  expect(found.cause).toBe('bad-release');
  expect(found.ruledOut.map(({ reason }) => reason).join()).toContain('scale-out was tried in round 1');
});

describe('what can be done about it', () => {
  const target = { provider: 'aws', partition: 'aws', account: '111122223333', region: 'eu-west-1', kind: 'service', id: 'b' };
  const service = (hands: Service['hands']): Service => ({ name: 'bookshop', environment: 'demo', tier: 'standard', dependsOn: [], ...(hands && { hands }) });
  const found = diagnosed(wave());

  test('nothing of ours, where the hands cannot run more of the service', () => {
    const [first] = withinReach(found, service({ kind: 'supervisor', url: 'http://127.0.0.1:1', target }), []).hypotheses;
    expect(first?.cause).toBe('traffic-surge');
    expect(first).not.toHaveProperty('runbook');
    expect(first).not.toHaveProperty('suspect');
  });

  test.each([
    ['hands that can scale', { autoscaling: { group: 'g' } }, []],
    ["a runbook of the team's own", {}, [{ origin: 'team', runbook: { causes: ['traffic-surge'] } }]],
  ])('a remedy, with %s', (_name, parts, catalogue) => {
    const hands = { kind: 'aws', account: '111122223333', region: 'eu-west-1', target, ...parts } as unknown as Service['hands'];
    const builtIn = { origin: BUILT_IN, runbook: { causes: ['traffic-surge'] } };
    expect(withinReach(found, service(hands), [builtIn, ...catalogue] as unknown as RunbookSnapshot[]).hypotheses[0]?.runbook).toBe('scale-out');
  });
});
