import { randomUUID } from 'node:crypto';
import { createActuator } from '../../../adapters/aws/hands/actuator';
import type { Actuator } from '../../../adapters/aws/hands/actuator';
import type { AwsOptions } from '../../../adapters/aws/access';
import type { Clock } from '../../../ports/clock';
import type { Effect, Hands } from '../../../ports/hands';

/** Ways to break what keeps an effect on AWS from being doubled or lost, to prove that the harness would notice. */
export const AWS_MUTATIONS = ['random-token', 'no-search', 'retry-mutations'] as const;
/** One of the ways. */
export type AwsMutation = (typeof AWS_MUTATIONS)[number];

/** Hands that forget: each attempt has a token of its own, or nothing is ever found that was not answered for. */
export function mutateHands(hands: Hands, mutation: AwsMutation | undefined): Hands {
  switch (mutation) {
    case 'random-token': {
      const other = (effect: Effect): Effect => ({ ...effect, token: randomUUID() });
      return { ...hands, look: (service, effect) => hands.look(service, other(effect)), act: (service, effect) => hands.act(service, other(effect)) };
    }
    case 'no-search':
      return {
        ...hands,
        look: async (service, effect) => (effect.reference === undefined ? { state: 'absent' } : hands.look(service, effect)),
      };
    case 'retry-mutations':
    case undefined:
      return hands;
  }
}

/** Acts as the product does, or lets the SDK send what changes something up to three times. */
export function mutateActuator(options: AwsOptions, clock: Clock, mutation: AwsMutation | undefined): Actuator {
  const actuator = createActuator(options, clock);
  if (mutation !== 'retry-mutations') return actuator;
  return {
    ...actuator,
    acts: (order) => actuator.acts({ ...order, make: (settings) => order.make({ ...settings, maxAttempts: 3 }) }),
  };
}
