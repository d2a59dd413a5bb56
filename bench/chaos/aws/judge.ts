/** How a remediation ended; `broken`: its workflow failed, so that the incident says that it broke off; `open`: not by its deadline. */
export type Fate = 'done' | 'failed' | 'ambiguous' | 'refused' | 'halted' | 'stopped' | 'broken' | 'open';

/** One intent as it ended, beside what truly happened. Times are epoch milliseconds. */
export interface Ended {
  readonly fate: Fate;
  readonly reason: string;
  /** The action may be done twice by its own words: a person is never asked. */
  readonly safe: boolean;
  /** Something was denied, so that it may end with nothing done. */
  readonly denied: boolean;
  /** Kinds of effect with how many there should be, and how many there are. */
  readonly wanted: Readonly<Record<string, number>>;
  readonly found: Readonly<Record<string, number>>;
  /** From when on all of its effects could be seen; absent where there is none. */
  readonly visibleAt?: number;
  /** When the product last looked before it ended. */
  readonly lookedAt: number;
}

/** What is wrong with it, if anything is. */
export interface Judgement {
  /** Effects beyond those of one intent. */
  readonly doubled: number;
  readonly lost: boolean;
  readonly stuck: boolean;
  /** A person was asked. */
  readonly asked: boolean;
  readonly why?: string;
}

/** Compares what the product says with what happened. */
export function judge(ended: Ended): Judgement {
  const { fate, wanted, found } = ended;
  const doubled = Object.entries(wanted).reduce((sum, [kind, count]) => sum + Math.max(0, (found[kind] ?? 0) - count), 0);
  const why = doubled > 0 ? 'it was done more than once' : wrongIn(ended);
  const asked = fate === 'ambiguous' || fate === 'broken';
  return { doubled, lost: why !== undefined && doubled === 0 && fate !== 'open', stuck: fate === 'open', asked, ...(why === undefined ? {} : { why }) };
}

function wrongIn(ended: Ended): string | undefined {
  const { fate, wanted, found, denied } = ended;
  const some = Object.keys(wanted).some((kind) => (found[kind] ?? 0) > 0);
  const whole = Object.entries(wanted).every(([kind, count]) => (found[kind] ?? 0) >= count);
  switch (fate) {
    case 'open':
      return 'it did not end';
    case 'done':
      return whole ? undefined : 'it is said to be done, and did not happen';
    case 'failed':
    case 'refused':
    case 'halted':
    case 'stopped':
      if (some) return `it is said to be ${fate}, and happened`;
      return denied ? undefined : `it is ${fate} though nothing was denied`;
    case 'broken':
      return some ? 'it broke off, and happened' : denied ? undefined : 'it broke off though nothing was denied';
    case 'ambiguous':
      return wronglyAsked(ended, { some, whole });
  }
}

/** What is denied for good may leave a half behind, of which a person has to know. */
function wronglyAsked({ safe, denied, visibleAt, lookedAt }: Ended, there: { readonly some: boolean; readonly whole: boolean }): string | undefined {
  const left = there.some && !there.whole && denied;
  if (!left && visibleAt !== undefined && visibleAt <= lookedAt) return 'a person is asked about what stands there to be seen';
  return safe && !left ? 'a person is asked about what may be done twice' : undefined;
}
