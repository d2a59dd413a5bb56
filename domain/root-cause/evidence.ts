import type { CallGraph } from './call-graph';
import type { Spreading } from './explain';
import { causedBy } from './explain';
import { humanDuration, utcTime } from '../human-time';
import type { NodeSigns } from './node-signs';
import { loadComesIn, nearestChange } from './prior';
import type { CauseEvidence, CauseQuestion, Deviation } from './types';
import { SPREAD } from './weights';

/** What evidence is read from. */
export interface Findings {
  readonly question: CauseQuestion;
  readonly graph: CallGraph;
  readonly signs: readonly NodeSigns[];
  readonly spreading: Spreading;
  /** Time between two values in seconds. */
  readonly step: number;
}

/** Odds from which a node is said to be in trouble, and probability from which another is said to explain it. */
const SAID = { trouble: 1, explained: 0.5, way: 0.3 };
/** Changes are told of so long before the onset, in seconds. */
const CHANGE_TOLD = 86_400;

/** What supports and what contradicts that a node is a root. */
export function evidenceOf(findings: Findings, place: number): { supporting: CauseEvidence[]; contradicting: CauseEvidence[] } {
  const supporting = [...deviations(findings, place), ...load(findings, place), ...explains(findings, place), ...change(findings, place)];
  const contradicting = [...quiet(findings, place), ...explainedBy(findings, place), ...late(findings, place), ...unexplained(findings, place)];
  const node = findings.question.nodes[place];
  if (node && findings.signs[place]?.measured === false) {
    supporting.push({ kind: 'unmeasured', text: 'Neither latency nor errors of it were measured, so that nothing exonerates it.', nodes: [node.id] });
  }
  if (node?.measuredBy === 'callers') {
    contradicting.push({ kind: 'view', text: 'It is seen from its callers only and may be another name of a node that measures itself.', nodes: [node.id] });
  }
  return { supporting, contradicting };
}

function deviations({ question, signs }: Findings, place: number): CauseEvidence[] {
  const { latency = null, errors = null, saturation = null, other = null, drop = null } = signs[place] ?? {};
  const own = [latency, errors, saturation, other, drop].filter((each) => each !== null && each.logOdds > 0);
  return own.map((each) => ({
    kind: each === saturation ? 'saturation' : 'deviation',
    text: describe(each as Deviation),
    nodes: [question.nodes[place]?.id ?? ''],
  }));
}

function load({ question, graph, signs }: Findings, place: number): CauseEvidence[] {
  const surge = signs[place]?.surge;
  if (!surge || surge.logOdds <= 0 || !loadComesIn(place, graph, signs)) return [];
  return [{ kind: 'deviation', text: `More load comes in here than any caller of it passes on. ${describe(surge)}`, nodes: [question.nodes[place]?.id ?? ''] }];
}

function describe({ name, sigmas, usual, now, since }: Deviation): string {
  return `${name} went from ${figure(usual)} to ${figure(now)} (${sigmas.toFixed(1)} robust deviations) at ${utcTime(since * 1000)}.`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function explains({ question, signs, spreading }: Findings, place: number): CauseEvidence[] {
  const caused = causedBy(spreading, [place]);
  const troubled = troubledBut(spreading, place);
  const explained = troubled.filter((node) => (caused[node] ?? 0) >= SAID.explained);
  if (explained.length === 0) return [];
  const mine = signs[place]?.loudest?.logOdds ?? 0;
  const louder = explained.some((node) => Math.abs(signs[node]?.loudest?.sigmas ?? 0) > Math.abs(signs[place]?.loudest?.sigmas ?? 0) && mine > 0);
  return [
    {
      kind: 'explains',
      text: `It explains ${explained.length} of the ${troubled.length} other nodes in trouble${louder ? ', among them louder ones' : ''}.`,
      nodes: explained.map((node) => question.nodes[node]?.id ?? ''),
    },
  ];
}

function troubledBut({ logOdds }: Spreading, place: number): number[] {
  return logOdds.flatMap((odds, node) => (node !== place && odds > SAID.trouble ? [node] : []));
}

function change({ question }: Findings, place: number): CauseEvidence[] {
  const id = question.nodes[place]?.id ?? '';
  const found = nearestChange(question, id);
  if (!found || question.onset - found.at > CHANGE_TOLD) return [];
  return [
    { kind: 'change', text: `It was changed (${found.id}) ${humanDuration((question.onset - found.at) * 1000)} before the trouble was noticed.`, nodes: [id] },
  ];
}

function quiet({ question, signs }: Findings, place: number): CauseEvidence[] {
  const mine = signs[place];
  if (!mine?.measured || mine.logOdds > 0) return [];
  return [{ kind: 'deviation', text: 'Its own latency and errors are as usual.', nodes: [question.nodes[place]?.id ?? ''] }];
}

function explainedBy({ question, spreading }: Findings, place: number): CauseEvidence[] {
  const ways = (spreading.ways[place] ?? []).filter(({ from, weight }) => weight >= SAID.way && (spreading.logOdds[from] ?? 0) > SAID.trouble);
  return ways.map(({ from }) => {
    const id = question.nodes[from]?.id ?? '';
    return { kind: 'explained-by', text: `${id} is in trouble too and can explain it.`, nodes: [id] };
  });
}

function late({ question, graph, signs, spreading, step }: Findings, place: number): CauseEvidence[] {
  const since = signs[place]?.since ?? null;
  if (since === null) return [];
  const earlier = (graph.callers[place] ?? []).filter((caller) => {
    const theirs = signs[caller]?.since ?? null;
    return theirs !== null && (spreading.logOdds[caller] ?? 0) > SAID.trouble && since - theirs > SPREAD.stepsEarly * step;
  });
  return earlier.map((caller) => {
    const id = question.nodes[caller]?.id ?? '';
    return { kind: 'timing', text: `${id}, which calls it, went bad before it.`, nodes: [id] };
  });
}

function unexplained({ question, spreading }: Findings, place: number): CauseEvidence[] {
  const caused = causedBy(spreading, [place]);
  const left = troubledBut(spreading, place).filter((node) => (caused[node] ?? 0) < SAID.explained);
  if (left.length === 0) return [];
  const symptom = left.some((node) => question.nodes[node]?.id === question.symptom?.node);
  return [
    {
      kind: symptom ? 'symptom' : 'unexplained',
      text: `It does not explain ${left.length} other node${left.length === 1 ? '' : 's'} in trouble${symptom ? ', among them the one where the trouble was noticed' : ''}.`,
      nodes: left.map((node) => question.nodes[node]?.id ?? ''),
    },
  ];
}
