import { buildEvidence } from '../../domain/evidence-build';
import { diagnose } from '../../domain/diagnose';
import { makeSeries, T0 } from '../fakes/bookshop-series';
import { calmRaw, deployment } from '../fakes/practice-faults';

const STEP = 20_000;

/** Errors from second `fails` on, told by an alert two steps later, over a series in steps of 20 s. */
function inSteps(deployed: number, fails: number) {
  return buildEvidence(
    calmRaw({
      now: T0 + 300_000,
      firstAlertAt: T0 + (fails + 40) * 1000,
      settings: { baselineMs: 15 * STEP, lookbackMs: 15 * STEP, stepMs: STEP },
      samples: makeSeries({ seconds: 300, at: (s) => ({ rate: 20, errorShare: s >= fails ? 0.4 : 0.001 }) }),
      changes: [deployment(deployed, '1.4.0', '1.5.0')],
      targets: [{ service: 'bookshop', release: '1.5.0', releases: ['1.4.0', '1.5.0'] }],
    }),
  );
}

test('a release in the same step as the trouble is its suspect, wherever in the step it came', () => {
  for (const second of [201, 210, 218]) expect(diagnose(inSteps(second, second + 1), [])).toMatchObject({ verdict: 'determined', cause: 'bad-release' });
});

test('a release that came steps after the trouble began is none', () => {
  expect(diagnose(inSteps(250, 200), []).verdict).toBe('undetermined');
});
