import type { Build } from './build';

/** What can be said of a finished build, the worst first. */
export const BUILD_VERDICTS = ['anomalous', 'unknown', 'normal'] as const;

/** What is said of a build, with the reason in a sentence. */
export interface BuildVerdict {
  readonly verdict: (typeof BUILD_VERDICTS)[number];
  readonly reason: string;
}

/** A verdict with the id of its build. */
export interface JudgedBuild extends BuildVerdict {
  readonly id: string;
}

/** What is said of builds as long as nothing scores them. */
export const UNSCORED: BuildVerdict = { verdict: 'unknown', reason: 'builds are not scored yet' };

/** Builds with their verdicts, which stand in the order of the builds; a build whose verdict is missing gets the one given for that. */
export function judged(builds: readonly Build[], verdicts: readonly BuildVerdict[], missing: BuildVerdict): readonly JudgedBuild[] {
  return builds.map(({ id }, i) => ({ id, ...(verdicts[i] ?? missing) }));
}

/** The worst of some verdicts: one anomalous build makes the whole batch so. */
export function worstVerdict(verdicts: readonly BuildVerdict[], none: BuildVerdict): BuildVerdict {
  const worst = BUILD_VERDICTS.map((word) => verdicts.find(({ verdict }) => verdict === word)).find((each) => each !== undefined);
  return worst === undefined ? none : { verdict: worst.verdict, reason: worst.reason };
}
