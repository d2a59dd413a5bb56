import type { Change } from '../change';
import { suspectChanges } from '../diagnose-changes';
import { factsOf } from '../diagnose-facts';
import type { Hypothesis } from '../diagnosis';
import type { EvidenceBundle, EvidenceItem } from '../evidence';
import { windowStats } from '../windows';
import type { Group } from './group';
import { linkOf } from './link';
import type { Link } from './link';
import type { Placed, PlacedChange } from './places';

/** A change that may have begun the trouble, as the engine's rules see it. */
export interface Suspect extends Link {
  readonly placed: PlacedChange;
  /** Onset minus change, milliseconds; 0 for what was in force at the onset, or within what clocks can tell. */
  readonly leadMs: number;
  /** It is on a service that the one of the trouble calls, and that paged too. */
  readonly failing: boolean;
  readonly hypothesis?: Hypothesis;
  /** Why the engine rules it out. */
  readonly ruledOut?: string;
}

/** The nearest so many are looked at, as by the live engine. */
const MOST = 6;
/** Clocks of alarms and of changes differ by up to this: a change so long after the onset, but before the page, may have come before it. */
const CLOCK_MS = 60_000;
/** The provider tells the begin of its trouble so late. */
const TOLD_LATE_MS = 15 * 60_000;

/** Changes up to `lookbackMs` before the trouble that touch it, with the scores of the live engine's rules; the strongest first, then those that are ruled out. */
export function suspectsOf(group: Group, placed: Placed, dependsOn: ReadonlyMap<string, ReadonlySet<string>>, lookbackMs: number): readonly Suspect[] {
  const near = placed.changes
    .flatMap((each) => {
      const link = linkOf(each, group, placed.products, dependsOn);
      const leadMs = leadOf(each, group);
      return link && leadMs <= lookbackMs && each.past.at < group.end
        ? [{ placed: each, ...link, leadMs, failing: isFailing(link.service, group, dependsOn) }]
        : [];
    })
    .sort((a, b) => Math.abs(a.leadMs) - Math.abs(b.leadMs) || (a.placed.past.id < b.placed.past.id ? -1 : 1))
    .slice(0, MOST);
  const judged = suspectChanges(factsOf(bundleOf(group, near), []));
  const suspects = near.map((each, i): Suspect => {
    const hypothesis = judged.hypotheses.find(({ id }) => id === `change:${changeOf(each).id}`);
    const ruledOut = judged.ruledOut.find(({ evidence }) => evidence.includes(idOf(i)))?.reason.replace(/ \(E\d+\)$/, '');
    return { ...each, ...(hypothesis && { hypothesis }), ...(ruledOut !== undefined && { ruledOut }) };
  });
  return suspects.sort((a, b) => strength(b) - strength(a));
}

/** The frozen evidence that the engine would have had of these changes, and of services that paged too. */
export function bundleOf(
  group: Group,
  suspects: readonly Pick<Suspect, 'placed' | 'service' | 'leadMs' | 'failing'>[],
  more: readonly EvidenceItem[] = [],
): EvidenceBundle {
  const { environment, service, onset, begin } = group;
  const changes = suspects.map((each, i): EvidenceItem => {
    const change = changeOf(each);
    return { id: idOf(i), title: change.summary, kind: 'change', change, leadMs: each.leadMs };
  });
  const nothing = windowStats([], onset, onset);
  const failing = [...new Set(suspects.filter((each) => each.failing).map((each) => each.service))].map((other, i): EvidenceItem => {
    const about = { service: other, healthy: false, baseline: nothing, now: nothing };
    return { id: idOf(suspects.length + i), title: `${other} paged too`, kind: 'neighbour', ...about };
  });
  const items = [...changes, ...failing, ...more];
  return { incidentId: 'lookback', round: 1, environment, service, gatheredAt: new Date(begin).toISOString(), onset, items };
}

function isFailing(service: string, group: Group, dependsOn: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  return service !== group.service && group.services.includes(service) && dependsOn.get(group.service)?.has(service) === true;
}

function leadOf({ past }: PlacedChange, { onset, begin }: Group): number {
  if (past.what === 'provider-event') {
    const inForce = past.at <= onset + TOLD_LATE_MS && (past.until ?? Infinity) >= onset;
    return inForce ? 0 : onset - past.at;
  }
  return past.at > onset && past.at <= Math.min(onset + CLOCK_MS, begin) ? 0 : onset - past.at;
}

function changeOf({ placed, service }: Pick<Suspect, 'placed' | 'service'>): Change {
  return { ...placed.change, service };
}

function strength({ hypothesis, nearest }: Suspect): number {
  // Among equals what was altered where it hurt comes first.
  return hypothesis ? hypothesis.score + (nearest === 'healthy-dependency' ? 0 : 1) : -1;
}

function idOf(index: number): string {
  return `E${String(index + 1).padStart(2, '0')}`;
}
