import type { CorpusFile } from './corpus';

/** What a threshold finds in one file. */
export interface FileScore {
  readonly file: string;
  readonly rows: number;
  readonly windows: number;
  readonly found: number;
  /** Rows at or above the threshold outside every window, after probation. */
  readonly falseRows: number;
  /** Points of NAB's standard profile: 1 for a window seen at its begin, -1 for one that was missed, -0.11 for a false row far from a window. */
  readonly points: number;
}

const FALSE = 0.11;
const TOP = sigmoid(-1);

/** NAB's scaled sigmoid (Lavin and Ahmad, ICMLA 2015): near 1 where a window begins, 0 at its end, -1 far behind it. */
function sigmoid(y: number): number {
  return y > 3 ? -1 : 2 / (1 + Math.exp(5 * y)) - 1;
}

/** Scores one file at a threshold by the rules of NAB v1.1, standard profile. Undefined for a file without labels. */
export function scoreFile({ folder, name, values, windows }: CorpusFile, scores: readonly number[], threshold: number): FileScore | undefined {
  if (!windows) return undefined;
  const probation = Math.min(Math.floor(0.15 * values.length), 750);
  const best = windows.map(() => -1);
  let falseRows = 0;
  let cost = 0;
  scores.forEach((score, i) => {
    if (i < probation || score < threshold) return;
    const inside = windows.findIndex(([first, last]) => i >= first && i <= last);
    if (inside >= 0) {
      const [first, last] = windows[inside] ?? [0, 0];
      best[inside] = Math.max(best[inside] ?? -1, sigmoid(-(last - i + 1) / (last - first + 1)) / TOP);
      return;
    }
    const [first, last] = windows.findLast((window) => window[1] < i) ?? [NaN, NaN];
    falseRows += 1;
    cost += FALSE * (Number.isNaN(last) ? -1 : sigmoid((i - last) / (last - first)));
  });
  const found = best.filter((credit) => credit > -1).length;
  return {
    file: `${folder}/${name}`,
    rows: values.length,
    windows: windows.length,
    found,
    falseRows,
    points: best.reduce((sum, credit) => sum + credit, cost),
  };
}

/** Points of some files on NAB's scale: 0 for a detector that says nothing, 100 for a perfect one; null without windows. */
export function normalised(files: readonly FileScore[]): number | null {
  const windows = files.reduce((sum, file) => sum + file.windows, 0);
  const points = files.reduce((sum, file) => sum + file.points, 0);
  return windows === 0 ? null : Math.round((10_000 * (points + windows)) / (2 * windows)) / 100;
}
