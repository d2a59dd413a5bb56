import type { CauseQuestion } from '../../domain/root-cause/types';

/** An incident with its known roots: naming any of them is right. */
export interface RcaCase {
  readonly name: string;
  readonly roots: readonly string[];
  readonly question: CauseQuestion;
  /** What makes it hard, for tables by kind. */
  readonly tags: readonly string[];
}
