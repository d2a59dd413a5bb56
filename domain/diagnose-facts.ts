import type { Attempt } from './diagnosis';
import type { EvidenceBundle, EvidenceItem, LogPattern } from './evidence';
import { SLOWER } from './onset';
import { isOwnChange } from './own-changes';

/** A share of errors that is this much above normal is clearly above it. */
export const ERRORS_STEP = 0.05;

/** Items of one kind. */
export type ItemOf<K extends EvidenceItem['kind']> = Extract<EvidenceItem, { kind: K }>;

/** A bundle's items by kind, and what was tried before: what the rules look at. */
export interface Facts {
  readonly service: string;
  readonly onset: number;
  readonly metrics: ItemOf<'metrics'> | undefined;
  readonly logs: ItemOf<'logs'> | undefined;
  readonly saturation: readonly ItemOf<'saturation'>[];
  /** Changes by others; what Nightshift did itself is in `own`. */
  readonly changes: readonly ItemOf<'change'>[];
  readonly own: readonly ItemOf<'change'>[];
  /** Changes that only the call graph connects with the service. */
  readonly further: readonly ItemOf<'change'>[];
  readonly noChange: ItemOf<'no-change'> | undefined;
  readonly neighbours: readonly ItemOf<'neighbour'>[];
  readonly graph: ItemOf<'graph'> | undefined;
  readonly releases: readonly ItemOf<'release'>[];
  readonly builds: readonly ItemOf<'build'>[];
  readonly otherBuilds: readonly ItemOf<'other-builds'>[];
  readonly missing: readonly ItemOf<'missing'>[];
  readonly attempts: readonly Attempt[];
}

/** Sorts a bundle for the rules. */
export function factsOf(bundle: EvidenceBundle, attempts: readonly Attempt[]): Facts {
  const of = <K extends EvidenceItem['kind']>(kind: K) => bundle.items.filter((item): item is ItemOf<K> => item.kind === kind);
  const [changes, further] = [of('change').filter(({ hops }) => hops === undefined), of('change').filter(({ hops }) => hops !== undefined)];
  return {
    service: bundle.service,
    onset: bundle.onset,
    metrics: of('metrics')[0],
    logs: of('logs')[0],
    saturation: of('saturation'),
    changes: changes.filter((c) => !isOwnChange(c.change)),
    own: changes.filter((c) => isOwnChange(c.change)),
    further,
    noChange: of('no-change')[0],
    neighbours: of('neighbour'),
    graph: of('graph')[0],
    releases: of('release'),
    builds: of('build'),
    otherBuilds: of('other-builds'),
    missing: of('missing'),
    attempts,
  };
}

/** A dependency that was measured as failing. */
export function isFailing(facts: Facts, service: string): boolean {
  return facts.neighbours.some((n) => n.service === service && n.healthy === false);
}

/** Patterns since the onset that complain about a dependency which is not known to be well. */
export function complaintsAbout(facts: Facts, service: string): readonly LogPattern[] {
  const well = facts.neighbours.some((n) => n.service === service && n.healthy === true);
  return well ? [] : (facts.logs?.patterns ?? []).filter((p) => p.isNew && p.since > 0 && p.mentions.includes(service));
}

/** New patterns that no failing dependency accounts for. */
export function ownNewPatterns(facts: Facts): readonly LogPattern[] {
  const blamed = new Set(dependencies(facts).filter((name) => !facts.neighbours.some((n) => n.service === name && n.healthy === true)));
  return (facts.logs?.patterns ?? []).filter((p) => p.isNew && p.since > 0 && !p.mentions.some((name) => blamed.has(name)));
}

/** Names of the services that this one depends on, as far as the evidence knows them. */
export function dependencies(facts: Facts): readonly string[] {
  return [...new Set([...facts.neighbours.map((n) => n.service), ...facts.changes.map((c) => c.change.service)])]
    .filter((name) => name !== facts.service)
    .sort();
}

/** True when error share or latency rose clearly over the baseline. */
export function turnedBad(facts: Facts): boolean {
  if (!facts.metrics) return false;
  const { baseline, now } = facts.metrics;
  if (baseline.errorShare === null) return false;
  return (now.errorShare ?? 0) > baseline.errorShare + ERRORS_STEP || isSlower(baseline.latencyP95Ms, now.latencyP95Ms);
}

/** When more requests began to fail (epoch milliseconds), which may be long after answers became slow; undefined where no more do. */
export function failingSince({ metrics, onset }: Facts): number | undefined {
  const least = (metrics?.baseline.errorShare ?? 0) + ERRORS_STEP;
  return metrics?.series.find(({ at, errorShare }) => at >= onset && (errorShare ?? 0) > least)?.at;
}

/** True when a latency (milliseconds) is clearly above normal, by as much as the onset is found by. */
export function isSlower(normal: number | null, latency: number | null): boolean {
  return normal !== null && latency !== null && latency > Math.max(normal * SLOWER.factor, normal + SLOWER.stepMs);
}

/** True when the service answered before and does not any more. */
export function wentDown(facts: Facts): boolean {
  if (!facts.metrics) return false;
  const { baseline, now } = facts.metrics;
  return (baseline.upShare ?? 0) >= 0.9 && now.upShare !== null && now.upShare < 0.5;
}

/** Adds up weights into a score of 0 to 1, rounded so that it reads well and compares the same everywhere. */
export function scoreOf(...weights: readonly number[]): number {
  const sum = weights.reduce((a, b) => a + b, 0);
  return Math.round(Math.min(1, Math.max(0, sum)) * 1000) / 1000;
}
