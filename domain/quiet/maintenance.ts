import { freezesAt } from '../freeze';
import type { AlertMatch } from './match';
import type { Silence } from './silence';

/** A maintenance window of the configuration: a range of local times in an IANA zone, weekly (`Sun 02:00`) or with a date. */
export interface MaintenanceWindow {
  readonly name: string;
  readonly match: AlertMatch;
  readonly owner: string;
  readonly reason: string;
  readonly zone: string;
  readonly from: string;
  readonly to: string;
}

/**
 * The windows in force at `now` (epoch milliseconds) as silences. As with freezes, one that a clock change makes ambiguous is the longer of the two, and an edge that the clock
 * jumps over lies at the jump.
 */
export function windowsAt(windows: readonly MaintenanceWindow[], now: number): readonly Silence[] {
  return windows.flatMap(({ name, match, owner, reason, zone, from, to }) =>
    freezesAt([{ name, zone, from, to, environments: ['*'] }], '', now).map(({ until }): Silence => {
      const id = `maintenance-${name}-${new Date(until).toISOString()}`;
      return { id, origin: 'maintenance', match, owner, reason: `${name}: ${reason}`, startsAt: now, endsAt: until };
    }),
  );
}
