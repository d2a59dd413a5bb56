import { complaintsAbout, isFailing, scoreOf, type Facts, type ItemOf } from './diagnose-facts';
import { CHANGE, ENOUGH, LATEST_LEAD_MS, RANKED } from './diagnose-weights';
import type { Hypothesis } from './diagnosis';
import type { EvidenceItem } from './evidence';
import { humanDuration } from './human-time';
import { findingIds, numbersOf } from './ranked-causes';
import type { Ranked } from './ranked-causes';
import type { CauseRanking, RankedCause } from './root-cause/types';

/**
 * What a ranking over the call graph adds to the hypotheses of the rules. Only where it names one root with a clear probability, and only for what the service calls, near or far: the
 * failing service becomes a hypothesis where the rules do not see it, as does a release on it, and what it explains is explained better by it than by itself. Without a ranking nothing changes.
 */
export function withRanking(facts: Facts, hypotheses: readonly Hypothesis[], ranked: Ranked | undefined): Hypothesis[] {
  const cause = ranked && namedCallee(facts, ranked);
  if (!cause) return [...hypotheses];
  const { root, item, way } = cause;
  const supporting = [...new Set([item.id, ...findingIds(ranked, root, root.supporting)])];
  const contradicting = findingIds(ranked, root, root.contradicting).filter((id) => !supporting.includes(id));
  const explained = explainedBy(facts, ranked, root);
  const capped = hypotheses.map((each) => (isExplained(each, explained) ? explainedHypothesis(each, item) : each));
  const known = capped.some((each) => isAbout(each, root.node));
  const changes = facts.further.filter((change) => change.change.service === root.node).flatMap((change) => furtherRelease(facts, change, item, way));
  if (known && changes.length === 0) return capped;
  const complaints = facts.logs && complaintsAbout(facts, root.node).length > 0 ? [facts.logs.id] : [];
  const changed = changes.some((each) => each.score >= ENOUGH && each.runbook !== undefined);
  const failure: Hypothesis = {
    id: `dependency:${root.node}`,
    cause: 'dependency-failure',
    title: `${root.node}, which ${facts.service} depends on${way}, went bad first and explains the trouble (${Math.round(100 * root.probability)} % by the call graph)`,
    score: changed ? RANKED.explainedByChange : RANKED.root,
    supporting: [...supporting, ...complaints],
    contradicting,
  };
  return [...capped, ...changes, ...(known ? [] : [failure])];
}

interface NamedCallee {
  readonly root: RankedCause;
  /** Its numbers. */
  readonly item: EvidenceItem;
  /** ` through orders`, or nothing for what is called at once. */
  readonly way: string;
}

/** The one root that is named with a probability of at least `RANKED.clear`, that was measured as going bad, and for which another kind of finding speaks too. */
export function clearRoot({ verdict, roots, causes }: CauseRanking): RankedCause | undefined {
  const first = verdict === 'named' && roots.length === 1 ? causes[0] : undefined;
  const kinds = new Set(first?.supporting.map(({ kind }) => kind));
  return first && first.probability >= RANKED.clear && kinds.has('deviation') && kinds.size >= 2 ? first : undefined;
}

/** The clear root, where it is something that the service calls, whose numbers are known, and which by them does not answer normally: what nobody asks any more has fewer requests, and is well. */
function namedCallee(facts: Facts, { ranking, bundle }: Ranked): NamedCallee | undefined {
  const root = clearRoot(ranking);
  const place = root && facts.graph?.places.find(({ service, way }) => service === root.node && way === 'callee');
  const item = root && numbersOf(bundle, root.node);
  if (!root || !place || !item || answersNormally(item)) return undefined;
  const above = facts.graph?.calls.find(
    ({ callee, caller }) => callee === root.node && facts.graph?.places.some(({ service, hops }) => service === caller && hops === place.hops - 1),
  );
  return { root, item, way: place.hops > 1 && above ? ` through ${above.caller}` : '' };
}

function answersNormally(item: EvidenceItem): boolean {
  return (item.kind === 'neighbour' || item.kind === 'window') && item.healthy === true;
}

/** Dependencies in trouble that the root explains: they call it, near or far, and are no root themselves. */
function explainedBy(facts: Facts, { ranking }: Ranked, root: RankedCause): readonly string[] {
  const explains = root.supporting.find(({ kind }) => kind === 'explains')?.nodes ?? [];
  return explains.filter((node) => node !== facts.service && !ranking.roots.includes(node));
}

function isAbout(hypothesis: Hypothesis, service: string): boolean {
  return hypothesis.id === `dependency:${service}` || (hypothesis.cause === 'bad-release' && hypothesis.suspect === service);
}

function isExplained(hypothesis: Hypothesis, explained: readonly string[]): boolean {
  return explained.some((service) => isAbout(hypothesis, service));
}

/** It shows the trouble of another; what would be done for it would not help. */
function explainedHypothesis(hypothesis: Hypothesis, item: EvidenceItem): Hypothesis {
  return { ...hypothesis, score: Math.min(hypothesis.score, RANKED.explained), contradicting: [...new Set([...hypothesis.contradicting, item.id])] };
}

/** A release on the root that the rules do not look at, as only the call graph connects it with the service. It goes back as any other does, where it is known from what. */
function furtherRelease(facts: Facts, item: ItemOf<'change'>, numbers: EvidenceItem, way: string): Hypothesis[] {
  const { change, leadMs } = item;
  const released = change.kind === 'deployment' || change.kind === 'rollback';
  if (leadMs < LATEST_LEAD_MS || change.kind === 'restart' || (released && (change.from === undefined || change.from === change.to))) return [];
  const near = CHANGE.near / (1 + Math.max(0, leadMs) / CHANGE.halfAfterMs);
  return [
    {
      id: `change:${change.id}`,
      cause: 'bad-release',
      title: `${change.kind}${change.to === undefined ? '' : ` of ${change.to}`} on ${change.service}, which ${facts.service} depends on${way}, came ${humanDuration(Math.max(0, leadMs))} before the trouble`,
      score: scoreOf(near, isFailing(facts, change.service) || numbers.kind === 'window' ? CHANGE.failingDependency : 0),
      supporting: [item.id, numbers.id],
      contradicting: [],
      suspect: change.service,
      ...(released ? wayBack(facts, change.service, change.from, change.to) : {}),
      author: change.author,
    },
  ];
}

function wayBack(facts: Facts, service: string, from: string | undefined, to: string | undefined): Pick<Hypothesis, 'runbook' | 'parameters'> {
  const target = facts.releases.find((each) => each.service === service);
  const current = target !== undefined && target.current !== '' ? target.current : to;
  if (from === undefined || current === undefined || current === from) return {};
  if (target && target.available.length > 0 && !target.available.includes(from)) return {};
  return { runbook: 'rollback-release', parameters: { from: current, to: from } };
}
