import { CARES } from '../../ports/coordination';
import type { Coordination, Office, Term } from '../../ports/coordination';

/** Coordination where the database belongs to this process alone: it holds every office from the first moment. */
export function soleProcess(): Coordination {
  const terms = new Map<Office, Term>();
  return {
    campaign(office, begin) {
      const mine = begin();
      terms.set(office, mine);
      return {
        leads: () => terms.get(office) === mine,
        stop: async () => {
          terms.delete(office);
          await mine.stop();
        },
      };
    },
    wake: (what) => terms.get(CARES[what])?.wake(what),
  };
}
