import type { Scorer } from '../../ports/scorer';

/** Scores in this process, by the detector of each series' own watch. */
export function localScorer(): Scorer {
  return { judge: async (values) => values.map(({ watch, at, value }) => watch.push(at, value)) };
}
