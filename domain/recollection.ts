import type { AuditHead } from './audit';
import type { Transition } from './incident-view';
import type { Proposal } from './proposal';

/** An activity or child workflow of a history that ended well, with its first argument and its result as they were recorded. */
export interface RecordedCall {
  readonly name: string;
  readonly input: unknown;
  readonly result: unknown;
}

/** The end of an incident's audit as a workflow remembers it. */
export interface RememberedHead {
  readonly incidentId: string;
  readonly head: AuditHead;
}

/** What a history holds of what was written to the store. */
export interface Recollection {
  /** In the order of their records. */
  readonly transitions: readonly Transition[];
  readonly proposals: readonly Proposal[];
}

/** The head that a call's result carries: the result itself, or its `head`. */
export function headOf(result: unknown): AuditHead | undefined {
  if (isHead(result)) return result;
  return isObject(result) && isHead(result['head']) ? result['head'] : undefined;
}

/** Transitions that the store has confirmed, and the proposals that were made, from the calls of one incident and its remediations. */
export function recollect(calls: readonly RecordedCall[]): Recollection {
  const transitions = calls.flatMap(({ input, result }): Transition[] =>
    headOf(result) && isObject(input) && isObject(input['transition']) ? [input['transition'] as unknown as Transition] : [],
  );
  const proposals = calls.flatMap(({ name, result }): Proposal[] => {
    const holder = name === 'assess' && isObject(result) ? result['plan'] : name === 'revise' ? result : undefined;
    return isObject(holder) && isObject(holder['proposal']) ? [holder['proposal'] as unknown as Proposal] : [];
  });
  const first = (transition: Transition): number => transition.records[0]?.seq ?? Infinity;
  return { transitions: transitions.sort((a, b) => first(a) - first(b)), proposals };
}

function isHead(value: unknown): value is AuditHead {
  return isObject(value) && typeof value['count'] === 'number' && typeof value['hash'] === 'string' && /^[0-9a-f]{64}$/.test(value['hash']);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
