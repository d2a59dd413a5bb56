import type { Spreading } from './explain';
import { comingTo, likelihood } from './explain';
import { PRIOR, VERDICT } from './weights';

/** A set of roots with its score; none is a cause outside the graph. */
export interface RootSet {
  readonly roots: readonly number[];
  readonly score: number;
}

/** Probabilities of roots. */
export interface Weighed {
  /** For each node the probability that it is a root, alone or with another. */
  readonly probability: readonly number[];
  /** For each node the score of the best set that it is in. */
  readonly score: readonly number[];
  /** Probability of a cause outside the graph. */
  readonly elsewhere: number;
  readonly best: RootSet;
}

/** Weighs every node as the only root, the best of them in pairs, and a cause outside the graph. Only what can come to the symptom (a place) has a part in a pair: else it is another incident. */
export function weighRoots(spreading: Spreading, symptom?: number): Weighed {
  // Any node is as likely as another beforehand, so that many of them do not outweigh the evidence by their number.
  const each = -Math.log(Math.max(1, spreading.logOdds.length));
  const singles = spreading.logOdds.map((_odds, node) => setOf(spreading, [node], each));
  const near = symptom === undefined ? null : comingTo(spreading.ways, symptom);
  const among = singles
    .filter(({ roots: [root = 0] }) => near?.has(root) ?? true)
    .sort((a, b) => b.score - a.score)
    .slice(0, VERDICT.pairsAmong);
  const pairs = among.flatMap(({ roots: [a = 0] }, i) =>
    among.slice(i + 1).map(({ roots: [b = 0] }) => setOf(spreading, [a, b], Math.log(2 * PRIOR.second) + 2 * each)),
  );
  const all = [...singles, ...pairs, setOf(spreading, [], Math.log(PRIOR.elsewhere))];
  const best = all.reduce((a, b) => (b.score > a.score ? b : a));
  const weights = all.map(({ score }) => Math.exp((score - best.score) / VERDICT.temperature));
  const total = weights.reduce((sum, each) => sum + each, 0);
  const probability = new Array<number>(singles.length).fill(0);
  const score = new Array<number>(singles.length).fill(-Infinity);
  let elsewhere = 0;
  for (const [i, set] of all.entries()) {
    const share = (weights[i] ?? 0) / total;
    if (set.roots.length === 0) elsewhere = share;
    for (const root of set.roots) {
      probability[root] = (probability[root] ?? 0) + share;
      score[root] = Math.max(score[root] ?? -Infinity, set.score);
    }
  }
  return { probability, score, elsewhere, best };
}

function setOf(spreading: Spreading, roots: readonly number[], prior: number): RootSet {
  return { roots, score: prior + likelihood(spreading, roots) };
}
