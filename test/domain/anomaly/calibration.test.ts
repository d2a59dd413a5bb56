import { ByteWriter, readWhole } from '../../../domain/anomaly/byte-io';
import { ScoreCalibration } from '../../../domain/anomaly/calibration';
import { seededRandom } from '../../../domain/seeded-random';

/** Their scores, and ours of the same values on another scale. */
function pairs(count: number): { readonly theirs: number; readonly own: number }[] {
  const random = seededRandom(7);
  return Array.from({ length: count }, () => {
    const own = random() ** 4 * 0.6;
    return { theirs: 0.7 + 2 * Math.sqrt(own), own };
  });
}

function learnt(count: number): ScoreCalibration {
  const scale = new ScoreCalibration();
  for (const { theirs, own } of pairs(count)) scale.take(theirs, own);
  return scale;
}

test('our own strength counts until two hundred values have been seen', () => {
  const scale = new ScoreCalibration();
  const seen = pairs(201);
  for (const { theirs, own } of seen.slice(0, 200)) expect(scale.take(theirs, own)).toBe(own);
  expect(scale.known).toBe(true);
});

test('their scores come out on our scale, whatever theirs is', () => {
  const scale = learnt(2000);
  for (const own of [0.02, 0.1, 0.3, 0.5]) expect(Math.abs(scale.take(0.7 + 2 * Math.sqrt(own), 0) - own)).toBeLessThan(0.02);
});

test('what is beyond all that was seen is stronger the further it is, and never certain', () => {
  const strengths = [2.4, 3, 5, 50, 1e300].map((theirs) => learnt(1000).take(theirs, 0));
  expect(strengths).toEqual([...strengths].sort((a, b) => a - b));
  expect(new Set(strengths.slice(0, 4)).size).toBe(4);
  expect(strengths.every((strength) => strength > 0.55 && strength < 1)).toBe(true);
});

test('scores that never differ say nothing, and break nothing', () => {
  const scale = new ScoreCalibration();
  for (let i = 0; i < 300; i += 1) scale.take(1, 0.1);
  expect(scale.take(1, 0.5)).toBeCloseTo(0.1);
  expect(scale.take(0.5, 0.5)).toBeCloseTo(0.1);
  expect(scale.take(2, 0.5)).toBeLessThan(1);
});

test('a scale that was saved goes on as if nothing had been', () => {
  const scale = learnt(1500);
  const out = new ByteWriter();
  scale.write(out);
  const again = new ScoreCalibration();
  readWhole(out.done(), (from) => again.read(from));
  for (const { theirs, own } of pairs(700)) expect(again.take(theirs, own)).toBe(scale.take(theirs, own));
});
