/**
 * What goes wrong: `throttle`, `deny` and `error` answer an error and do nothing; `hang` never answers; `refuse` cuts the connection off before anything is done, `drop` after it is
 * done; `fail` answers 500 after it is done; `slow` answers after `delayMs`.
 */
export type FaultEffect = 'throttle' | 'deny' | 'error' | 'hang' | 'refuse' | 'drop' | 'fail' | 'slow';

/** Something that goes wrong with calls; what is left out is any. */
export interface Fault {
  readonly effect: FaultEffect;
  /** As requests are signed for it, such as `monitoring`. */
  readonly service?: string;
  readonly operation?: string;
  readonly account?: string;
  readonly region?: string;
  /** How many calls it befalls; without it all, until it is lifted. */
  readonly times?: number;
  /** How many calls are spared first. */
  readonly after?: number;
  /** Of `slow`, in milliseconds of the fake's clock. */
  readonly delayMs?: number;
  /** Of `error`. */
  readonly error?: { readonly name: string; readonly message?: string; readonly status?: number };
}

/** What a fault is matched with. */
export interface FaultSubject {
  readonly service: string;
  readonly operation: string;
  readonly account: string;
  readonly region: string;
}

/** Faults that are in force. */
export interface Faults {
  /** Returns what takes it away again. */
  add(fault: Fault): () => void;
  /** The first fault that befalls this call; counts it. */
  befalls(subject: FaultSubject): Fault | undefined;
  clear(): void;
}

/** None at first. */
export function makeFaults(): Faults {
  const active = new Set<{ readonly fault: Fault; spare: number; left: number }>();
  return {
    add(fault) {
      const one = { fault, spare: fault.after ?? 0, left: fault.times ?? Infinity };
      active.add(one);
      return () => void active.delete(one);
    },
    befalls(subject) {
      for (const one of active) {
        if (!matches(one.fault, subject)) continue;
        if (one.spare > 0) {
          one.spare--;
          continue;
        }
        if (--one.left <= 0) active.delete(one);
        return one.fault;
      }
      return undefined;
    },
    clear: () => active.clear(),
  };
}

function matches(fault: Fault, subject: FaultSubject): boolean {
  return (['service', 'operation', 'account', 'region'] as const).every((key) => fault[key] === undefined || fault[key] === subject[key]);
}
