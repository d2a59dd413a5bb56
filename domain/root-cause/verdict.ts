import type { Weighed } from './hypotheses';
import type { NodeSigns } from './node-signs';
import type { CauseQuestion, CauseRanking, RankedCause } from './types';
import { VERDICT } from './weights';

/** What a verdict is made of; `order` holds the places of the nodes in the order of `causes`. */
export interface Judged {
  readonly question: CauseQuestion;
  readonly causes: readonly RankedCause[];
  readonly weighed: Weighed;
  readonly order: readonly number[];
  readonly signs: readonly NodeSigns[];
}

/** Whether a cause may be named, with how much confidence, and why not. High confidence needs two findings of different kinds, of which one is measured at the cause itself. */
export function verdictOf(judged: Judged): Omit<CauseRanking, 'causes'> {
  const { causes, weighed, signs, order } = judged;
  const [first, second] = causes;
  const own = signs[order[0] ?? -1];
  if (!first) return { verdict: 'undetermined', confidence: 'low', roots: [], reasons: ['The graph has no nodes.'] };
  const why = unnamed(judged, first);
  if (why !== null) return { verdict: 'undetermined', confidence: 'low', roots: [], reasons: [why] };
  const roots = [first, ...(second && weighed.best.roots.length > 1 && second.probability >= VERDICT.root ? [second] : [])].map(({ node }) => node);
  const reasons: string[] = [];
  if (first.probability < VERDICT.high)
    reasons.push(`Its probability is ${percent(first.probability)}${second ? `; ${second.node} has ${percent(second.probability)}` : ''}.`);
  if (!own || own.logOdds <= 0) reasons.push('It shows no trouble of its own.');
  if (new Set(first.supporting.map(({ kind }) => kind)).size < 2) reasons.push('One kind of finding alone speaks for it.');
  return { verdict: 'named', confidence: reasons.length === 0 ? 'high' : 'low', roots, reasons };
}

function unnamed({ signs, weighed }: Judged, first: RankedCause): string | null {
  if (signs.every(({ logOdds }) => logOdds <= 0)) return 'No series of any node deviates in the window.';
  if (weighed.elsewhere > first.probability) return 'No node of the graph explains the trouble better than a cause outside it.';
  if (first.probability < VERDICT.least) return `No cause stands out: the best has a probability of ${percent(first.probability)}.`;
  return null;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
