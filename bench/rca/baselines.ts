import type { CauseNode, CauseQuestion } from '../../domain/root-cause/types';

/** Ways to guess that need no thought, each a ranking of nodes. */
export const BASELINES: Readonly<Record<string, (question: CauseQuestion) => readonly string[]>> = { constant, loudest, deepest };

/** Plain deviations from which a node counts as anomalous. */
const ANOMALOUS = 4;

/** Always the node where the trouble was noticed, then what it calls. */
function constant({ nodes, calls, symptom }: CauseQuestion): readonly string[] {
  const noticed = symptom?.node ?? nodes[0]?.id ?? '';
  return [noticed, ...calls.filter(({ caller }) => caller === noticed).map(({ callee }) => callee)];
}

/** The nodes by their loudest series. */
function loudest(question: CauseQuestion): readonly string[] {
  return ranked(new Map(question.nodes.map((node) => [node.id, loudness(node, question, false)])));
}

/** Anomalous nodes that call no anomalous one, by loudness of latency and errors. */
function deepest(question: CauseQuestion): readonly string[] {
  const all = new Map(question.nodes.map((node) => [node.id, loudness(node, question, true)]));
  const bad = new Map([...all].filter(([, value]) => value >= ANOMALOUS));
  return ranked(new Map([...bad].filter(([id]) => !question.calls.some(({ caller, callee }) => caller === id && bad.has(callee)))));
}

function ranked(loudness: ReadonlyMap<string, number>): readonly string[] {
  return [...loudness].sort(([, a], [, b]) => b - a).map(([id]) => id);
}

/** Largest distance from the normal mean since the onset, in standard deviations, over the series of a node. */
function loudness({ series }: CauseNode, { normal, window, onset }: CauseQuestion, harmOnly: boolean): number {
  const wanted = series.filter(({ kind }) => !harmOnly || kind === 'latency' || kind === 'availability' || kind === 'errors');
  const distances = wanted.map(({ kind, values }) => {
    const usual = values.flatMap(({ at, value }) => (value !== null && at >= normal.from && at < normal.to ? [value] : []));
    const now = values.flatMap(({ at, value }) => (value !== null && at >= onset && at < window.to ? [value] : []));
    if (usual.length < 8) return 0;
    const mean = usual.reduce((sum, each) => sum + each, 0) / usual.length;
    const deviation = Math.sqrt(usual.reduce((sum, each) => sum + (each - mean) ** 2, 0) / usual.length);
    const floor = Math.max(deviation, 1e-3 * Math.abs(mean), 1e-9);
    return Math.max(0, ...now.map((each) => (harmOnly && kind !== 'availability' ? each - mean : Math.abs(each - mean)) / floor));
  });
  return Math.max(0, ...distances);
}
