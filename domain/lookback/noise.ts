import { REMEDY_AFTER_MS } from './hindsight';
import type { Fate } from './gate-replay';
import type { Group } from './group';

/** What a page was: noise of a kind, or `told` where it told something new. */
export type PageKind = 'told' | 'flapping' | 'self-healed' | 'repeated' | 'silenced' | 'folded';

/**
 * What each page of a group was, by its id. Flapping, silenced and otherwise folded are what the live engine's gate says; self-healed are those of trouble that ended before any
 * remedy would have begun, and that nobody mended; repeated are later pages of a condition that paged in the same incident before.
 */
export function kindsOfPages(group: Group, fates: ReadonlyMap<string, Fate>, healed: boolean): ReadonlyMap<string, PageKind> {
  const kinds = new Map<string, PageKind>();
  const flapping = new Set(group.pages.filter(({ id }) => fates.get(id) === 'flapping').map(({ condition }) => condition));
  const seen = new Set<string>();
  for (const { id, condition } of group.pages) {
    const fate = fates.get(id);
    if (fate === 'silenced' || fate === 'held') kinds.set(id, 'silenced');
    else if (fate === 'settled' || fate === 'counted' || fate === 'newer') kinds.set(id, 'folded');
    else if (flapping.has(condition) && (fate === 'flapping' || seen.has(condition))) kinds.set(id, 'flapping');
    else if (healed) kinds.set(id, 'self-healed');
    else kinds.set(id, seen.has(condition) ? 'repeated' : 'told');
    seen.add(condition);
  }
  return kinds;
}

/** Whether the trouble was over before any remedy would have begun. */
export function endedEarly({ begin, end }: Group): boolean {
  return end - begin < REMEDY_AFTER_MS;
}
