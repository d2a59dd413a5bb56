import { firing } from './incident-alerts';
import type { IncidentState } from './incident-state';
import type { IncidentSettings } from './settings';

/** What becomes of an incident whose watch has ended: it is closed, watched until that time (epoch milliseconds), or the trouble is back. */
export type WatchEnd = { readonly kind: 'close' } | { readonly kind: 'watch-on'; readonly until: number } | { readonly kind: 'relapse' };

type Watched = Pick<IncidentState, 'alerts' | 'fixedAt' | 'outcome'>;

/** Their ends are waited for: our detector always tells them, and what joined from other services is measured by nothing else of this incident. */
export function endAwaited(state: Pick<IncidentState, 'alerts'>): boolean {
  return firing(state).some(({ source, joined }) => source === 'detector' || joined !== undefined);
}

/**
 * What our detector still sees when it has had the time to see its end is a relapse. Other sources may never tell the end of what joined: it is waited for, and then the incident
 * closes and names it; its next alert opens an incident of its own.
 */
export function watchEnd(state: Watched, now: number, { watchMs, conditionEndsMs = 0 }: Pick<IncidentSettings, 'watchMs' | 'conditionEndsMs'>): WatchEnd {
  if (!endAwaited(state) || state.outcome?.kind === 'resolved-by-person' || watchMs <= 0) return { kind: 'close' };
  const left = firing(state);
  // Other services watch by their own windows, which are not known here.
  const withinMs = left.some(({ joined }) => joined !== undefined) ? Math.max(conditionEndsMs, 2 * watchMs) : conditionEndsMs;
  const until = (state.fixedAt ?? 0) + withinMs;
  if (now < until) return { kind: 'watch-on', until };
  return { kind: left.some(({ source }) => source === 'detector') ? 'relapse' : 'close' };
}
