import type { Service, Target } from '../domain/inventory';
import type { ActionName } from '../domain/actions/table';

/** One intended effect: the token is the same for every attempt at it, and never used for another. */
export interface Effect {
  readonly token: string;
  readonly incidentId: string;
  readonly action: ActionName;
  readonly inputs: Readonly<Record<string, string>>;
  readonly target: Target;
  /** When it was approved and written down, epoch milliseconds. */
  readonly intendedAt: number;
  readonly timeoutMs: number;
  /** The runbook says that doing it twice does no harm. */
  readonly idempotent?: true;
  /** The id that the other side gave it, where an attempt was answered. */
  readonly reference?: string;
  /** Whoever has not sent it by then (epoch milliseconds) must not: another attempt may have judged that nothing came of this one. */
  readonly sendBefore?: number;
  /** Who approved it, as it goes to the other side's own records. */
  readonly approval?: string;
}

/** An effect that nobody has decided on yet. */
export type Wanted = Pick<Effect, 'action' | 'inputs' | 'target' | 'timeoutMs'>;

/** What the world says of an effect. */
export type Sighting =
  /** `again`: an attempt left no trace, and another one does no harm. `detail`: what is there of it, where it is not whole. */
  | { readonly state: 'absent'; readonly again?: true; readonly detail?: string }
  | { readonly state: 'in-progress'; readonly detail: string }
  | { readonly state: 'done'; readonly detail: string; readonly at: string }
  | { readonly state: 'failed'; readonly detail: string }
  | { readonly state: 'ambiguous'; readonly detail: string };

/** The state of a target before acting. */
export interface TargetState {
  /** The identity found there, to compare with the expected target. */
  readonly account: string;
  readonly region: string;
  readonly release?: string;
  readonly releases: readonly string[];
  /** Release before the current one, by deploy history. */
  readonly previousRelease?: string;
  /** ISO start of the running process. */
  readonly startedAt?: string;
  readonly healthy: boolean;
}

/** Carries out one kind of action. */
export interface Carrier {
  /** Looks whether the effect with this token happened already. */
  look(service: Service, effect: Effect): Promise<Sighting>;
  /**
   * Acts once, carrying the token; returns when the effect is done or was accepted, with the id that the other side gave it where it gave one. Throws `effect_failed` when it can never
   * happen, `not_begun` when it did not happen and may another time, and anything else when it is not known.
   */
  act(service: Service, effect: Effect): Promise<string | undefined>;
  /** Ends what is under way, as far as it can be ended; what became of it is looked up as ever. */
  stop?(service: Service, effect: Effect): Promise<unknown>;
  /** Why it must not be done now, asked before the intent is written; undefined when nothing speaks against it. */
  unmet?(service: Service, effect: Wanted): Promise<string | undefined>;
  /** What it would do, in the names of the world as it is, for whoever approves it. */
  preview?(service: Service, effect: Wanted): Promise<string | undefined>;
}

/** Acts on targets: says what is there, and carries out actions. */
export interface Hands extends Carrier {
  describe(service: Service): Promise<TargetState>;
  /** Whether it could be asked to end. */
  stop?(service: Service, effect: Effect): Promise<boolean>;
}
