import { complaintsAbout, dependencies, failingSince, isFailing, ownNewPatterns, scoreOf, type Facts, type ItemOf } from './diagnose-facts';
import { explains } from './diagnose-changes';
import { failsUnder, fillsWith, type Load } from './diagnose-traffic';
import { DEPENDENCY, ENOUGH, EXHAUSTION, LATEST_LEAD_MS } from './diagnose-weights';
import type { Hypothesis, RuledOut } from './diagnosis';
import { percent } from './wording';

/** What may explain a full resource or a failing dependency better: the suspected changes, and a load that explains the trouble. */
export interface Explanations {
  readonly changes: readonly Hypothesis[];
  readonly load?: Load | undefined;
}

/** The fullest resource of the service as a hypothesis. */
export function exhaustedResource(facts: Facts, why: Explanations): Hypothesis | undefined {
  const ranked = facts.saturation.filter((s) => s.service === facts.service).map((item) => weigh(facts, item, why));
  return ranked.sort((a, b) => b.score - a.score)[0];
}

/** Each dependency that fails, or that the log complains about, as a hypothesis: there is nothing of ours to act on. */
export function failingDependencies(facts: Facts, { changes, load }: Explanations): Hypothesis[] {
  return dependencies(facts).flatMap((service): Hypothesis[] => {
    const neighbour = facts.neighbours.find((n) => n.service === service);
    const complaints = complaintsAbout(facts, service);
    const failing = isFailing(facts, service);
    const lines = complaints.reduce((sum, p) => sum + p.since, 0);
    if (!failing && lines === 0) return [];
    const score = failing ? DEPENDENCY.failing : lines >= DEPENDENCY.leastLines ? DEPENDENCY.onlyMentioned : 0.3;
    const changed = changes.some((c) => c.suspect === service && c.score >= ENOUGH && c.runbook !== undefined);
    const loaded = load !== undefined && failsUnder(facts, load, service);
    const hypothesis: Hypothesis = {
      id: `dependency:${service}`,
      cause: 'dependency-failure',
      title: failing ? `${service}, which ${facts.service} depends on, is failing` : `${facts.service} complains about ${service}, which was not measured`,
      score: Math.min(score, changed ? DEPENDENCY.explainedByChange : 1, loaded ? DEPENDENCY.explainedByLoad : 1),
      supporting: [...(failing && neighbour ? [neighbour.id] : []), ...(lines > 0 && facts.logs ? [facts.logs.id] : [])],
      contradicting: loaded ? [load.surge.id] : [],
    };
    return [hypothesis];
  });
}

/** Dependencies that answered as ever, and resources with room, as causes that were looked at and dismissed. */
export function wellParts(facts: Facts): RuledOut[] {
  const well = facts.neighbours.filter((n) => n.healthy === true);
  const roomy = facts.saturation.every((s) => s.now < EXHAUSTION.highFrom);
  const steady = facts.saturation.filter((s) => s.now >= EXHAUSTION.highFrom && s.before >= EXHAUSTION.highFrom && !s.rising);
  return [
    ...well.map((n) => ({ title: `A failure of ${n.service}`, reason: `${n.service} answered normally (${n.id})`, evidence: [n.id] })),
    ...(facts.saturation.length > 0 && roomy
      ? [
          {
            title: 'A resource that runs out',
            reason: `no resource above ${percent(EXHAUSTION.highFrom)} (${facts.saturation.map((s) => s.id).join(', ')})`,
            evidence: facts.saturation.map((s) => s.id),
          },
        ]
      : []),
    ...steady.map((s) => ({
      title: `${s.resource} that runs out`,
      reason: `it was ${percent(s.before)} full before the trouble too (${s.id})`,
      evidence: [s.id],
    })),
  ];
}

function fullness(facts: Facts, item: ItemOf<'saturation'>): number[] {
  const full = item.now >= EXHAUSTION.fullFrom && item.before < EXHAUSTION.fullFrom;
  const rising = item.risingSince !== undefined && item.risingSince < facts.onset + LATEST_LEAD_MS;
  const filling = rising && !full && item.now >= EXHAUSTION.fillingFrom;
  const together = full && !rising && filledFirst(facts, item);
  return [full ? EXHAUSTION.full : 0, rising ? EXHAUSTION.rising : 0, filling ? EXHAUSTION.filling : 0, together ? EXHAUSTION.risingWith : 0];
}

/** It began to fill about when the trouble did, and clearly before requests failed. */
function filledFirst(facts: Facts, { risingSince }: ItemOf<'saturation'>): boolean {
  const failing = failingSince(facts);
  return risingSince !== undefined && failing !== undefined && risingSince <= facts.onset - LATEST_LEAD_MS && risingSince < failing + LATEST_LEAD_MS;
}

function weigh(facts: Facts, item: ItemOf<'saturation'>, { changes, load }: Explanations): Hypothesis {
  const logged = ownNewPatterns(facts).length > 0 && facts.logs !== undefined;
  const explaining = facts.changes.filter((c) => explains(facts, c, item) && changes.some((h) => h.id === `change:${c.change.id}` && h.score >= ENOUGH));
  const failing = facts.neighbours.filter((n) => n.healthy === false);
  // Calls to a failing dependency pile up: then a full resource is a symptom.
  const score = Math.min(scoreOf(...fullness(facts, item)), failing.length > 0 ? EXHAUSTION.symptom : 1);
  const loaded = load !== undefined && fillsWith(load, item);
  const why =
    explaining.length > 0
      ? '; a change explains that better, a restart would only buy time'
      : loaded
        ? '; it fills with the traffic, which a restart does not lessen'
        : '';
  return {
    id: `resource:${item.service}:${item.resource}`,
    cause: 'resource-exhaustion',
    title: `${item.resource} of ${item.service} is ${percent(item.now)} full, ${percent(item.before)} before${why}`,
    score: Math.min(score, explaining.length > 0 ? EXHAUSTION.explainedByChange : 1, loaded ? EXHAUSTION.explainedByLoad : 1),
    supporting: [item.id, ...(logged && facts.logs ? [facts.logs.id] : [])],
    contradicting: [...explaining.map((c) => c.id), ...failing.map((n) => n.id), ...(loaded ? [load.surge.id] : [])],
    suspect: item.service,
    runbook: 'restart-service',
    parameters: {},
  };
}
