import type { Build } from '../domain/build';
import type { BuildVerdict } from '../domain/build-verdict';

/** Judges finished builds that are kept. */
export interface BuildVerdicts {
  /** The verdict of each build, in their order; of one that is not judged within `waitMs` it is `unknown`, with the reason. */
  of(builds: readonly Build[], waitMs: number): Promise<readonly BuildVerdict[]>;
}
