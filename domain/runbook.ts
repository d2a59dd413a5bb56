import type { CauseKind } from './names';

/** A declared input of a runbook. All values are text; `integer` and `enum` are checked. */
export interface RunbookParameter {
  readonly type: 'string' | 'integer' | 'enum';
  readonly description: string;
  readonly pattern?: string;
  readonly values?: readonly string[];
  readonly default?: string;
}

/** A named check of the target before anything is done. */
export interface Precondition {
  readonly check: string;
  readonly with: Readonly<Record<string, string>>;
}

/** One effect. `with` may hold `${{ parameters.name }}`. */
export interface RunbookStep {
  readonly id: string;
  readonly name: string;
  readonly uses: string;
  readonly with: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Done again where an earlier attempt left no trace; true only where it does no harm to do it twice. */
  readonly idempotent?: true;
}

/** How the effect of the runbook is measured; durations that are absent come from the configuration. */
export interface Probe {
  readonly settleMs?: number;
  readonly windowMs?: number;
  readonly minRequests?: number;
}

/** A typed, versioned remedy. */
export interface Runbook {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  readonly causes: readonly CauseKind[];
  /** Phrases that stand in the evidence where this is the remedy; they rank it among those for the same cause, and never make it one. */
  readonly symptoms?: readonly string[];
  readonly risk: 'low' | 'medium' | 'high';
  readonly reversible: boolean;
  readonly parameters: Readonly<Record<string, RunbookParameter>>;
  readonly preconditions: readonly Precondition[];
  readonly steps: readonly RunbookStep[];
  readonly probe: Probe;
  readonly inverse?: { readonly on: readonly ('worse' | 'unchanged' | 'partial')[]; readonly steps: readonly RunbookStep[] };
}

/** Origin of the runbooks that come with Nightshift. */
export const BUILT_IN = 'built-in';

/** A runbook with the SHA-256 of its canonical JSON; the hash is what a proposal names and what runs. */
export interface RunbookSnapshot {
  readonly hash: string;
  readonly runbook: Runbook;
  /** Where it was read: `built-in`, `directory:<file>` or `owner/name@commit:path`; the store keeps content alone. */
  readonly origin?: string;
}

/** Names of the checks that a precondition can use, with their inputs. */
export const CHECKS = {
  'release/current': ['release'],
  'release/available': ['release'],
  'service/known': [],
} as const satisfies Record<string, readonly string[]>;
/** Name of a check. */
export type CheckName = keyof typeof CHECKS;
