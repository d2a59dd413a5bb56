import type { EvidenceBundle, EvidenceItem } from './evidence';
import { clip, plainText } from './plain-text';
import { rankCauses } from './root-cause/rank';
import type { CauseEvidence, CauseNode, CauseQuestion, CauseRanking, NodeSeries, RankedCause } from './root-cause/types';
import type { StepSeries } from './topology/step-series';

/** One finding, and the items of evidence that it rests on. */
export interface RankedFinding {
  readonly text: string;
  readonly evidence: readonly string[];
}

/** A service as a possible root cause. */
export interface RankedService {
  readonly service: string;
  /** Of being a root of the incident, as the ranking weighs it; not calibrated on outcomes. */
  readonly probability: number;
  readonly supporting: readonly RankedFinding[];
  readonly contradicting: readonly RankedFinding[];
}

/** Services ranked as root causes, the likeliest first. */
export interface RankedCauses {
  readonly verdict: CauseRanking['verdict'];
  readonly confidence: CauseRanking['confidence'];
  /** Why nothing is named, or not with high confidence. */
  readonly reasons: readonly string[];
  readonly causes: readonly RankedService[];
}

/** A ranking with the bundle that it is of. */
export interface Ranked {
  readonly ranking: CauseRanking;
  readonly bundle: EvidenceBundle;
}

type Graph = Extract<EvidenceItem, { kind: 'graph' }>;

/** Steps before the onset that the window holds, as a step may hold the onset and the cause goes bad before it is noticed. */
const LEAD_STEPS = 4;
/** With fewer measured services there is nothing to rank. */
const LEAST_MEASURED = 2;
const MOST = { causes: 3, findings: 3, ids: 6, reasons: 3, text: 200 } as const;

/** Ranks the services of a bundle as root causes; undefined where the evidence holds no call graph with two measured services, or too little normal time. The same bundle gives the same answer. */
export function rankedIn(bundle: EvidenceBundle): Ranked | undefined {
  const graph = bundle.items.find((item): item is Graph => item.kind === 'graph');
  const question = graph && questionOf(bundle, graph);
  return question && { ranking: rankCauses(question), bundle };
}

/** The ranking as it is shown, within bounds. */
export function rankedView({ ranking, bundle }: Ranked): RankedCauses {
  const findings = (list: readonly CauseEvidence[], node: string): RankedFinding[] =>
    list.slice(0, MOST.findings).map((each) => ({ text: clip(plainText(each.text), MOST.text), evidence: idsOf(bundle, each, node) }));
  return {
    ...{ verdict: ranking.verdict, confidence: ranking.confidence, reasons: ranking.reasons.slice(0, MOST.reasons) },
    causes: ranking.causes.slice(0, MOST.causes).map(({ node, probability, supporting, contradicting }) => ({
      ...{ service: node, probability: Math.round(probability * 1000) / 1000 },
      supporting: findings(supporting, node),
      contradicting: findings(contradicting, node),
    })),
  };
}

/** Ids of the items that a cause's findings rest on, each once. */
export function findingIds({ bundle }: Pick<Ranked, 'bundle'>, { node }: Pick<RankedCause, 'node'>, findings: readonly CauseEvidence[]): readonly string[] {
  return [...new Set(findings.flatMap((each) => idsOf(bundle, each, node)))];
}

/** The item that holds the numbers of a service. */
export function numbersOf({ items, service: own }: EvidenceBundle, service: string): EvidenceItem | undefined {
  if (service === own) return items.find((item) => item.kind === 'metrics' && item.service === service);
  return items.find((item) => (item.kind === 'neighbour' || item.kind === 'window') && item.service === service);
}

function idsOf(bundle: EvidenceBundle, { kind, nodes, text }: CauseEvidence, node: string): readonly string[] {
  if (kind === 'change') {
    const changes = bundle.items.filter((item) => item.kind === 'change' && item.change.service === node && text.includes(item.change.id));
    return changes.map(({ id }) => id);
  }
  const graph = kind === 'explains' || kind === 'explained-by' ? bundle.items.filter((item) => item.kind === 'graph') : [];
  const numbers = nodes.flatMap((name) => numbersOf(bundle, name) ?? []);
  return [...new Set([...numbers, ...graph].map(({ id }) => id))].slice(0, MOST.ids);
}

function questionOf(bundle: EvidenceBundle, graph: Graph): CauseQuestion | undefined {
  const { own } = graph;
  const nodes = [nodeOf(bundle.service, own), ...graph.places.map(({ service }) => measuredNode(bundle, service))];
  if (nodes.filter(({ series }) => series.length > 0).length < LEAST_MEASURED || nodes[0]?.series.length === 0) return undefined;
  const seconds = (ms: number): number => ms / 1000;
  const lead = bundle.onset - LEAD_STEPS * own.stepMs;
  const ends = own.from + own.requests.length * own.stepMs;
  return {
    nodes,
    calls: graph.calls,
    changes: bundle.items.flatMap((item) =>
      item.kind === 'change' && item.leadMs >= 0
        ? [{ id: item.change.id, node: item.change.service, at: seconds(Math.min(Date.parse(item.change.at), bundle.onset)) }]
        : [],
    ),
    normal: { from: seconds(own.from), to: seconds(lead) },
    window: { from: seconds(lead), to: seconds(ends) },
    onset: seconds(bundle.onset),
    symptom: { node: bundle.service, kind: 'errors' },
  };
}

function measuredNode(bundle: EvidenceBundle, service: string): CauseNode {
  const item = numbersOf(bundle, service);
  if (item?.kind === 'neighbour' && item.series) return nodeOf(service, item.series);
  if (item?.kind !== 'window') return { id: service, series: [] };
  return { ...nodeOf(service, item.series), ...(item.seenBy === 'callers' ? { measuredBy: 'callers' as const } : {}) };
}

/** Times are those of the steps' begins, in seconds. */
function nodeOf(id: string, { from, stepMs, requests, errorShare, latencyMs, latencyIs }: StepSeries): CauseNode {
  if (requests.every((count) => count === null)) return { id, series: [] };
  const at = (i: number): number => (from + i * stepMs) / 1000;
  const series = (name: string, kind: NodeSeries['kind'], values: readonly (number | null)[]): NodeSeries[] =>
    values.some((value) => value !== null) ? [{ name, kind, values: values.map((value, i) => ({ at: at(i), value })) }] : [];
  return {
    id,
    series: [
      ...series(`latency (${latencyIs}, ms)`, 'latency', latencyMs),
      ...series('share of failed requests', 'errors', errorShare),
      ...series('requests', 'requests', requests),
    ],
  };
}
