import type { Clock } from '../../ports/clock';
import type { Carrier, Sighting } from '../../ports/hands';
import { waitOf } from './workflow-runs';

/** What is under way is asked about this often, milliseconds: GitHub answers an hour of it with 360 of the 5,000 requests that a token has. */
export const ASK_EVERY_MS = 10_000;
/** Effects that are remembered; nothing but time is lost with one. */
const MOST = 1_000;

/** A carrier that tells of what is under way as it was told last, until it is time to ask again; where GitHub wants to be left alone, that is when it says so. */
export function paced(carrier: Carrier, clock: Clock, everyMs = ASK_EVERY_MS): Carrier {
  const known = new Map<string, { readonly seen: Sighting; readonly until: number }>();
  return {
    ...carrier,
    async look(service, effect) {
      const { token } = effect;
      const last = known.get(token);
      if (last && clock.now() < last.until) return last.seen;
      try {
        const seen = await carrier.look(service, effect);
        known.delete(token);
        if (seen.state === 'in-progress' && known.size < MOST) known.set(token, { seen, until: clock.now() + everyMs });
        return seen;
      } catch (error) {
        const waitMs = waitOf(error);
        if (!last || waitMs === undefined) throw error;
        known.set(token, { seen: last.seen, until: clock.now() + waitMs });
        return last.seen;
      }
    },
  };
}
