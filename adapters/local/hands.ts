import { NightshiftError } from '../../domain/errors';
import type { Service } from '../../domain/inventory';
import type { Hands } from '../../ports/hands';

/** Hands by their kind in the inventory. */
export type HandsByKind = Readonly<Record<NonNullable<Service['hands']>['kind'], Hands>>;

/** One pair of hands for every service: each call goes to the kind that its inventory names. Throws `invalid_input` where it names none. */
export function handsByKind(kinds: HandsByKind): Hands {
  const of = (service: Service): Hands => {
    if (!service.hands) throw new NightshiftError('invalid_input', `${service.name} has no hands in the inventory; add hands to act on it`);
    return kinds[service.hands.kind];
  };
  return {
    describe: async (service) => of(service).describe(service),
    look: async (service, effect) => of(service).look(service, effect),
    act: async (service, effect) => of(service).act(service, effect),
  };
}
