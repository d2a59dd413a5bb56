import type { ActionName } from '../../../domain/actions/table';
import type { AwsHands, AwsPart, AwsParts } from '../../../domain/aws/hands';
import { NightshiftError } from '../../../domain/errors';
import type { Service } from '../../../domain/inventory';
import type { Clock } from '../../../ports/clock';
import type { Carrier, Effect, Sighting, Wanted } from '../../../ports/hands';
import type { StateStore } from '../../../ports/store';
import type { Actuator } from './actuator';

/** What actions of AWS work with. */
export interface AwsHandsDeps {
  readonly actuator: Actuator;
  readonly clock: Clock;
  /** For what has to be known later, such as what something was before it was changed. */
  readonly state: StateStore;
}

/** A part of a service, with where it is. */
export interface On<P extends AwsPart> {
  readonly part: NonNullable<AwsParts[P]>;
  readonly hands: AwsHands;
  readonly service: Service;
}

/** One action on a part of a service, as `Carrier` has it. */
export interface AwsAct<P extends AwsPart> {
  look(on: On<P>, effect: Effect): Promise<Sighting>;
  act(on: On<P>, effect: Effect): Promise<string | undefined>;
  stop?(on: On<P>, effect: Effect): Promise<void>;
  unmet?(on: On<P>, effect: Wanted): Promise<string | undefined>;
  preview?(on: On<P>, effect: Wanted): Promise<string | undefined>;
}

/** A carrier of an action on one part, or on the first of several that the service has. A service that has none is refused: its runbook should not have been proposed. */
export function awsCarrier<P extends AwsPart>(action: ActionName, name: P | readonly P[], does: AwsAct<P>): Carrier {
  const names: readonly P[] = typeof name === 'string' ? [name] : name;
  const on = (service: Service): On<P> => {
    const { hands } = service;
    const part = hands?.kind === 'aws' ? names.map((each) => hands[each]).find((each) => each !== undefined) : undefined;
    if (hands?.kind !== 'aws' || part === undefined) {
      const wanted = names.map((each) => `hands.${each}`).join(' or ');
      throw new NightshiftError('effect_failed', `${service.name} has no ${wanted}, which ${action} needs; add it to the configuration`);
    }
    return { part, hands, service };
  };
  return {
    ...(does.stop && { stop: async (service, effect) => does.stop?.(on(service), effect) }),
    look: async (service, effect) => does.look(on(service), effect),
    act: async (service, effect) => does.act(on(service), effect),
    unmet: async (service, effect) => does.unmet?.(on(service), effect),
    preview: async (service, effect) => does.preview?.(on(service), effect),
  };
}

/** From when on an effect is searched for: clocks differ. */
export function searchFrom({ intendedAt }: Effect): Date {
  return new Date(intendedAt - 5 * 60_000);
}
