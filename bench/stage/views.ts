import type { IncidentView, Transition } from '../../domain/incident-view';
import type { Store } from '../../ports/store';

interface Waiter {
  readonly service: string;
  readonly ready: (view: IncidentView) => boolean;
  readonly found: (view: IncidentView) => void;
}

/** A store that tells of every view as it is committed: whoever measures must not slow down what it measures by asking again and again. */
export interface Views {
  readonly store: Store;
  seen(service: string, ready: (view: IncidentView) => boolean, ms?: number): Promise<IncidentView>;
}

/** Wraps a store; everything is handed on as it is. */
export function createViews(store: Store): Views {
  const waiters = new Set<Waiter>();
  const newest = new Map<string, IncidentView>();
  const tell = ({ view }: Transition): void => {
    newest.set(view.service, view);
    for (const waiter of waiters) {
      if (waiter.service !== view.service || !waiter.ready(view)) continue;
      waiters.delete(waiter);
      waiter.found(view);
    }
  };
  const watched: Store = {
    ...store,
    transitions: {
      apply: async (transition) => {
        const head = await store.transitions.apply(transition);
        tell(transition);
        return head;
      },
    },
    intents: {
      ...store.intents,
      prepare: async (intents, check, transition) => {
        const written = await store.intents.prepare(intents, check, transition);
        if (transition) tell(transition);
        return written;
      },
    },
  };
  const seen = (service: string, ready: (view: IncidentView) => boolean, ms = 120_000): Promise<IncidentView> =>
    new Promise((resolve, reject) => {
      const last = newest.get(service);
      if (last && ready(last)) return resolve(last);
      const waiter: Waiter = { service, ready, found };
      const timer = setTimeout(() => {
        waiters.delete(waiter);
        const view = newest.get(service);
        reject(new Error(`${service} did not get there within ${String(ms)} ms; last seen: ${view ? `${view.status} ${view.reason ?? ''}` : 'nothing'}`));
      }, ms);
      function found(view: IncidentView): void {
        clearTimeout(timer);
        resolve(view);
      }
      waiters.add(waiter);
    });
  return { store: watched, seen };
}
