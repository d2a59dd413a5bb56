import { v5 } from 'uuid';

/** Namespace of all tokens of effects. Fixed for ever: another one would make old effects look new. */
export const TOKEN_NAMESPACE = 'c6b0638f-93b6-4bbd-a793-26f1b64f0b5e';

/** The one token of an intended effect (UUIDv5): the same for every attempt at it, another for every other incident, round, step or target (its text form). */
export function effectToken(effect: { readonly incidentId: string; readonly round: number; readonly step: string; readonly target: string }): string {
  // Written as a list in JSON, so that no part can run into the next.
  return v5(JSON.stringify([effect.incidentId, effect.round, effect.step, effect.target]), TOKEN_NAMESPACE);
}
