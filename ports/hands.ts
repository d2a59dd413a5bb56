import type { Service, Target } from '../domain/inventory';
import type { ActionName } from '../domain/runbook';

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
}

/** What the world says of an effect. */
export type Sighting =
  | { readonly state: 'absent' }
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

/** Acts on one kind of target. */
export interface Hands {
  describe(service: Service): Promise<TargetState>;
  /** Looks whether the effect with this token happened already. */
  look(service: Service, effect: Effect): Promise<Sighting>;
  /** Acts once, carrying the token; returns when the effect is done, throws `effect_failed`, or throws anything else when it is not known. */
  act(service: Service, effect: Effect): Promise<void>;
}
