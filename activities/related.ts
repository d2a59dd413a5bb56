import type { IncidentView } from '../domain/incident-view';
import type { CorrelationStore } from '../ports/correlation';
import type { TransitionStore } from '../ports/store';

/** Writer of transitions whose views name the incidents that they have to do with. Workflows do not know them. A store that does not tell them holds no transition up. */
export function withRelated(transitions: TransitionStore, correlation: Pick<CorrelationStore, 'related'>): TransitionStore {
  const found = async (view: IncidentView): Promise<IncidentView> => {
    const related = await correlation.related(view).catch(() => []);
    return related.length === 0 ? view : { ...view, related };
  };
  return { apply: async (transition, fate) => transitions.apply({ ...transition, view: await found(transition.view) }, fate) };
}
