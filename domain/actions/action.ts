import type { AwsPart } from '../aws/hands';
import type { RunbookParameter } from '../runbook';

/** A declared input of an action: a parameter that may be left out where it is optional. All values are text. */
export interface ActionInput extends Omit<RunbookParameter, 'default'> {
  readonly optional?: true;
}

/** What is known of an action without asking anybody: enough to check a runbook and to decide what may be done twice. */
export interface ActionSpec {
  /** In a sentence, for the list of actions. */
  readonly summary: string;
  readonly inputs: Readonly<Record<string, ActionInput>>;
  /** What inputs it takes besides, by whatever name; without it there are no others. */
  readonly others?: ActionInput;
  /**
   * What follows where an earlier attempt began and left no trace. `safe`: it is done again, because the other side takes a token twice for one, or what began is on record before it begins.
   * `declared`: it is done again only where the step says `idempotent: true`; else a person is asked.
   */
  readonly again: 'safe' | 'declared';
  /** Where it shows what was done: in the world, or in our store alone, which a restored one has lost. */
  readonly trace: 'world' | 'store';
  /** True where the preview tells the very words that will be used, so that another one later means that they were changed; `label` where a label in it, such as `(clean 0123456789ab)`, tells them. */
  readonly exact?: true | 'label';
  /** How long after an attempt its effect may still come to show, milliseconds. */
  readonly settleMs: number;
  /** Inputs of which exactly one is given; each of them is optional by itself. */
  readonly oneOf?: readonly string[];
  /** What of a service's AWS it acts on: of several parts the first that the service has. Without it, it is no action of AWS. */
  readonly part?: AwsPart | readonly AwsPart[];
}

/** The parts that an action can act on, the preferred first; none for an action that is not of AWS. */
export function partsOf({ part }: Pick<ActionSpec, 'part'>): readonly AwsPart[] {
  return part === undefined ? [] : typeof part === 'string' ? [part] : part;
}
