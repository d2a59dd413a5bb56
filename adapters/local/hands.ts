import type { ActionName } from '../../domain/actions/table';
import { NightshiftError } from '../../domain/errors';
import type { Service } from '../../domain/inventory';
import type { Carrier, Hands } from '../../ports/hands';

/** Hands by their kind in the inventory. */
export type HandsByKind = Readonly<Record<NonNullable<Service['hands']>['kind'], Hands>>;
/** Actions that each kind of hands carries out in its own way. */
type ServiceAction = 'release/deploy' | 'service/restart';
/** Who carries out the others, whatever hands a service has. */
export type Carriers = Readonly<Record<Exclude<ActionName, ServiceAction>, Carrier>>;

/** One pair of hands for every service and action: what is there is told by the kind that the inventory names, and so are deploying and restarting done; other actions by their carriers. Throws `invalid_input` where the inventory names no hands. */
export function createHands(kinds: HandsByKind, carriers: Carriers): Hands {
  const kindOf = (service: Service): Hands => {
    if (!service.hands) throw new NightshiftError('invalid_input', `${service.name} has no hands in the inventory; add hands to act on it`);
    return kinds[service.hands.kind];
  };
  const carrierOf = (service: Service, action: ActionName): Carrier =>
    action === 'release/deploy' || action === 'service/restart' ? kindOf(service) : carriers[action];
  return {
    describe: async (service) => kindOf(service).describe(service),
    look: async (service, effect) => carrierOf(service, effect.action).look(service, effect),
    act: async (service, effect) => carrierOf(service, effect.action).act(service, effect),
    async stop(service, effect) {
      const carrier = carrierOf(service, effect.action);
      await carrier.stop?.(service, effect);
      return carrier.stop !== undefined;
    },
    unmet: async (service, effect) => carrierOf(service, effect.action).unmet?.(service, effect),
    preview: async (service, effect) => carrierOf(service, effect.action).preview?.(service, effect),
  };
}
