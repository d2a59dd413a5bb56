import type { Alert } from './alert';

/** Source of the synthetic alert; no door takes it from outside. */
export const HEARTBEAT_SOURCE = 'nightshift-heartbeat';
/** Channel of the outbox that heartbeats go to; no name of the configuration has a slash. */
export const HEARTBEAT_CHANNEL = 'nightshift/heartbeat';
/** Where the number of the last heartbeat that came all the way is kept. */
export const HEARTBEAT_STATE = 'heartbeat';

/** The synthetic alert of a number; while one is under way, the next try is the very same message and adds nothing. */
export function heartbeatAlert(number: number, environment: string, now: number): Alert {
  return {
    id: `${HEARTBEAT_SOURCE}/${number}`,
    fingerprint: HEARTBEAT_SOURCE,
    status: 'firing',
    source: HEARTBEAT_SOURCE,
    environment,
    service: 'nightshift',
    name: 'Heartbeat',
    severity: 'sev4',
    summary: 'A synthetic alert that goes from the inbox through a workflow to a notification.',
    startsAt: new Date(now).toISOString(),
    labels: { number: String(number) },
  };
}

/** Number of the last heartbeat that came all the way, from its saved state; 0 before the first. */
export function lastHeartbeat(state: unknown): number {
  const last = typeof state === 'object' && state !== null && 'last' in state ? state.last : undefined;
  return typeof last === 'number' && Number.isSafeInteger(last) && last > 0 ? last : 0;
}
