import type { AwsParts } from '../../../domain/aws/hands';
import type { Place } from '../../../test/fakes/aws/world';

/** A state of the world in which an action has something to do, on a service of its own. */
export interface Variant {
  /** Small letters, digits and `-`. */
  readonly name: string;
  /** What the service consists of, as in the configuration. */
  readonly parts: AwsParts;
  /** Puts the world so; the place is empty before. */
  lay(place: Place): void;
  readonly inputs: Readonly<Record<string, string>>;
  /** What one intent brings about: kinds of the fake's ledger of effects, and how many of each. */
  readonly effects: Readonly<Record<string, number>>;
  /** Kinds that take one of these back. */
  readonly undoneBy?: Readonly<Record<string, string>>;
}

/** What the harness has to know of an action: a seed draws one of these. */
export type Scenario = readonly [Variant, ...Variant[]];
