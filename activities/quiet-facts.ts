import type { Condition } from '../domain/quiet/condition';
import type { IncidentView } from '../domain/incident-view';
import { UNROUTED } from '../domain/identity';
import { conditionsOf, fateOf, type Fate } from '../domain/quiet/messages';
import type { FlappingRule } from '../domain/quiet/flapping';
import { incidentSilence, silenceText, silencing } from '../domain/quiet/silence';
import type { Proposal } from '../domain/proposal';
import type { Refusal } from '../domain/steps';
import type { AlertNote } from '../domain/alert';
import type { IncidentReason } from '../domain/incident-view';
import type { Clock } from '../ports/clock';
import type { QuietStore } from '../ports/quiet';
import type { IncidentReader, TransitionStore } from '../ports/store';
import type { SilenceBook } from './silence-book';

/** What knowing what is quiet works with. */
export interface QuietDeps {
  readonly quiet: Pick<QuietStore, 'conditionsOf'>;
  readonly incidents: Pick<IncidentReader, 'get'>;
  readonly book: Pick<SilenceBook, 'ready'>;
  readonly rule: FlappingRule;
  readonly clock: Clock;
}

/** What activities ask about silences and flapping. */
export interface QuietFacts {
  /** Names of the conditions that fire and flap, when all that fire do; none else. */
  flapping(at: { readonly environment: string; readonly service: string; readonly alerts: readonly AlertNote[] }): Promise<readonly string[]>;
  /** Why nothing may be done about an incident now; the service that would be changed counts too. */
  refusals(proposal: Pick<Proposal, 'incidentId' | 'environment' | 'service' | 'suspect'>): Promise<readonly Refusal[]>;
  /** What becomes of a message. */
  fate(view: IncidentView, reason: IncidentReason): Promise<Fate>;
}

/** Makes the facts over the store; whatever the store cannot answer fails the activity, which is tried again. */
export function createQuietFacts(deps: QuietDeps): QuietFacts {
  const conditions = ({ environment, service }: { readonly environment: string; readonly service: string }): Promise<readonly Condition[]> =>
    deps.quiet.conditionsOf(environment, service === UNROUTED ? undefined : service);
  const flapping: QuietFacts['flapping'] = async (at) => {
    const firing = conditionsOf(at, await conditions(at));
    return firing.length > 0 && firing.every((one) => one?.flapping) ? firing.flatMap((one) => one?.name ?? []) : [];
  };
  return {
    flapping,
    async refusals({ incidentId, environment, service, suspect }) {
      const now = deps.clock.now();
      const view = await deps.incidents.get(incidentId);
      const silences = await deps.book.ready();
      const silent =
        (view && incidentSilence(silences, view, now)) ??
        silencing(silences, { environment, service: suspect, title: '', severity: view?.severity ?? 'sev1' }, now);
      const names = view ? await flapping({ environment, service, alerts: view.alerts }) : [];
      return [
        ...(silent ? [{ kind: 'silence' as const, reason: `${silenceText(silent)}.` }] : []),
        ...(names.length > 0 ? [{ kind: 'flapping' as const, reason: flappingReason(names) }] : []),
      ];
    },
    async fate(view, reason) {
      const facts = { silences: await deps.book.ready(), conditions: await conditions(view), rule: deps.rule };
      return fateOf(view, reason, facts, deps.clock.now());
    },
  };
}

/** Why nothing is proposed for alerts that flap. */
export function flappingReason(names: readonly string[]): string {
  return `${[...new Set(names)].join(', ')} ${new Set(names).size === 1 ? 'flaps' : 'flap'}: nothing is proposed or done until it is calm.`;
}

/** Transitions whose messages wait while it is silent, and are folded while alerts flap. */
export function quieting(transitions: TransitionStore, facts: Pick<QuietFacts, 'fate'>): TransitionStore {
  return {
    async apply(transition) {
      const { view, notify } = transition;
      return transitions.apply(transition, notify === undefined ? undefined : await facts.fate(view, notify));
    },
  };
}
