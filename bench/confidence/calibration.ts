import { DiagnosisCalibration } from '../../domain/confidence/calibration';
import { seededRandom } from '../../domain/seeded-random';

/** What the true probability of recovery is at a diagnosis' score, after a share of the outcomes. */
type Truth = (score: number, share: number) => number;

/** Diagnoses that are too sure, too modest, right, of no use, and that change half-way. */
const DIAGNOSES: Readonly<Record<string, Truth>> = {
  tooSure: (score) => 0.9 * score ** 2,
  tooModest: (score) => 0.3 + 0.7 * Math.sqrt(score),
  right: (score) => score,
  useless: () => 0.7,
  steep: (score) => 1 / (1 + Math.exp(-20 * (score - 0.6))),
  changes: (score, share) => (share < 0.5 ? score : 0.6 * score),
};
const OUTCOMES = 5000;
const BINS = 10;

/** Expected calibration error in ten bins of equal width, of what was said before each outcome. */
export interface CalibrationResult {
  readonly calibrated: number;
  /** The same of the diagnosis' own score. */
  readonly own: number;
}

/** Means over seeds for each kind of diagnosis; each probability is from earlier outcomes only. */
export function benchCalibration(seeds: readonly number[]): Readonly<Record<string, CalibrationResult>> {
  return Object.fromEntries(
    Object.entries(DIAGNOSES).map(([name, truth]) => {
      const runs = seeds.map((seed) => calibrationRun(truth, seed));
      const mean = (of: (run: CalibrationResult) => number): number => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
      return [name, { calibrated: mean((run) => run.calibrated), own: mean((run) => run.own) }];
    }),
  );
}

function calibrationRun(truth: Truth, seed: number): CalibrationResult {
  const random = seededRandom(seed);
  const calibration = new DiagnosisCalibration();
  const said: Said[] = [];
  for (let n = 0; n < OUTCOMES; n += 1) {
    const score = random();
    const recovered = random() < truth(score, n / OUTCOMES);
    said.push({ own: score, calibrated: calibration.probability(score), recovered });
    calibration.add(score, recovered);
  }
  return { calibrated: errorOf(said, 'calibrated'), own: errorOf(said, 'own') };
}

interface Said {
  readonly own: number;
  readonly calibrated: number;
  readonly recovered: boolean;
}

function errorOf(said: readonly Said[], which: 'own' | 'calibrated'): number {
  const bins = Array.from({ length: BINS }, () => ({ said: 0, recovered: 0 }));
  for (const one of said) {
    const bin = bins[Math.min(BINS - 1, Math.floor(one[which] * BINS))];
    if (!bin) continue;
    bin.said += one[which];
    if (one.recovered) bin.recovered += 1;
  }
  return bins.reduce((sum, bin) => sum + Math.abs(bin.said - bin.recovered), 0) / said.length;
}
