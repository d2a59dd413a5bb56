import fc from 'fast-check';
import { DiagnosisCalibration } from '../../../domain/confidence/calibration';
import { seededRandom } from '../../../domain/seeded-random';

function learnt(outcomes: number, truth: (score: number) => number): DiagnosisCalibration {
  const random = seededRandom(7);
  const calibration = new DiagnosisCalibration();
  for (let n = 0; n < outcomes; n += 1) {
    const score = random();
    calibration.add(score, random() < truth(score));
  }
  return calibration;
}

test('before any outcome every score means a half, and is not to be used', () => {
  const calibration = new DiagnosisCalibration();
  expect([calibration.probability(0.1), calibration.probability(0.99), calibration.known]).toEqual([0.5, 0.5, false]);
});

test('a score that is too sure is corrected by what became of earlier ones', () => {
  const calibration = learnt(3000, (score) => score ** 2);
  expect(calibration.known).toBe(true);
  expect(calibration.probability(0.5)).toBeCloseTo(0.25, 1);
  expect(calibration.probability(0.97)).toBeGreaterThan(0.85);
});

test('a higher score never means a lower probability', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), { maxLength: 60 }), (outcomes) => {
      const calibration = new DiagnosisCalibration();
      for (const [score, recovered] of outcomes) calibration.add(score, recovered);
      const said = Array.from({ length: 21 }, (_, i) => calibration.probability(i / 20));
      expect(said).toEqual([...said].sort((a, b) => a - b));
      expect(said.every((p) => p > 0 && p < 1)).toBe(true);
    }),
  );
});

test('scores that were never seen pull nothing down: 32 recoveries of 32 at 0.9 count, though those below failed', () => {
  const calibration = new DiagnosisCalibration();
  for (let n = 0; n < 32; n += 1) {
    calibration.add(0.9, true);
    calibration.add(0.55, false);
  }
  expect(calibration.probability(0.9)).toBeGreaterThan(0.92);
  expect(calibration.probability(0.99)).toBe(calibration.probability(0.9));
  expect(calibration.probability(0.55)).toBeLessThan(0.1);
});
