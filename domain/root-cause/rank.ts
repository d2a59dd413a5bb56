import { callGraphOf } from './call-graph';
import { median } from '../quantile';
import { evidenceOf } from './evidence';
import { waysOf } from './explain';
import { weighRoots } from './hypotheses';
import { signsOf } from './node-signs';
import { asRoot } from './prior';
import type { CauseQuestion, CauseRanking, RankedCause } from './types';
import { verdictOf } from './verdict';
import { PRIOR } from './weights';

/** Ranks the nodes of a call graph as root causes of an incident, with the evidence for and against each. The same question always gives the same answer. */
export function rankCauses(question: CauseQuestion): CauseRanking {
  const ids = question.nodes.map(({ id }) => id);
  const graph = callGraphOf(ids, question.calls);
  const step = stepOf(question);
  const signs = question.nodes.map((node) => signsOf(node, question));
  const views = new Set(question.nodes.flatMap(({ measuredBy }, i) => (measuredBy === 'callers' ? [i] : [])));
  const logOdds = signs.map((each, i) => (ids[i] === question.symptom?.node ? Math.max(PRIOR.symptom, each.logOdds) : each.logOdds));
  const spreading = {
    ways: waysOf(graph, signs, views, step),
    logOdds,
    asRoot: signs.map((_each, place) => asRoot({ question, graph, signs, step }, place, logOdds[place] ?? 0)),
  };
  const noticed = ids.indexOf(question.symptom?.node ?? '');
  const weighed = weighRoots(spreading, noticed < 0 ? undefined : noticed);
  const best = Math.max(...weighed.score);
  const order = ids.map((_id, i) => i).sort((a, b) => byStrength(weighed, a, b));
  const causes = order.map((place): RankedCause => {
    const { supporting, contradicting } = evidenceOf({ question, graph, signs, spreading, step }, place);
    return { node: ids[place] ?? '', score: (weighed.score[place] ?? 0) - best, probability: weighed.probability[place] ?? 0, supporting, contradicting };
  });
  return { causes, ...verdictOf({ question, causes, weighed, order, signs }) };
}

function byStrength({ probability, score }: { readonly probability: readonly number[]; readonly score: readonly number[] }, a: number, b: number): number {
  return (probability[b] ?? 0) - (probability[a] ?? 0) || (score[b] ?? 0) - (score[a] ?? 0) || a - b;
}

/** The usual time between two values, in seconds. */
function stepOf({ nodes, window }: CauseQuestion): number {
  const gaps = nodes.flatMap(({ series }) =>
    series.slice(0, 1).flatMap(({ values }) => {
      const inside = values.filter(({ at }) => at >= window.from && at < window.to);
      return inside.slice(1).map(({ at }, i) => at - (inside[i]?.at ?? at));
    }),
  );
  return median(gaps);
}
