import { UNSTEADY_CHANGES } from './flapping';
import type { Condition, Fold, HeldAlert } from './condition';

/** What the gate says of a batch. Positions are those of the inbox. */
export interface GateResult {
  /** Go to their workflows now. */
  readonly deliver: ReadonlySet<number>;
  readonly hold: readonly HeldAlert[];
  readonly fold: readonly { readonly position: number; readonly fold: Fold }[];
  /** Were held or folded, and go out now. */
  readonly release: readonly number[];
  /** What is remembered anew by key; undefined is forgotten. */
  readonly changes: ReadonlyMap<string, Condition | undefined>;
  /** How many alerts are held afterwards. */
  readonly heldCount: number;
  /** Conditions to be kept in the store, and keys that need not be kept any more. */
  readonly save: readonly Condition[];
  readonly forget: readonly string[];
  /** Began to flap, or flap and nobody was told yet. */
  readonly flapping: readonly Condition[];
  /** Flap no more; `still` while the alert fires. */
  readonly calmed: readonly { readonly condition: Condition; readonly still: boolean }[];
}

/** Must a restart find it? Changes alone are forgotten with the process: flapping is then seen later. */
function isKept({ held, flapping, begun, changes }: Condition): boolean {
  return held !== undefined || flapping !== undefined || begun.length > 0 || changes.length >= UNSTEADY_CHANGES;
}

/** Gathers what a batch changes, over what was remembered before; a later word on a position takes the place of an earlier one. */
export class GateDraft {
  private readonly touched = new Map<string, Condition | undefined>();
  private readonly deliver = new Set<number>();
  private readonly held = new Map<number, HeldAlert>();
  private readonly folded = new Map<number, Fold>();
  private readonly released = new Set<number>();
  readonly calmed: { condition: Condition; still: boolean }[] = [];

  constructor(
    private readonly before: ReadonlyMap<string, Condition>,
    public heldCount: number,
  ) {}

  get(key: string): Condition | undefined {
    return this.touched.has(key) ? this.touched.get(key) : this.before.get(key);
  }

  set(condition: Condition): void {
    this.heldCount += (condition.held ? 1 : 0) - (this.get(condition.key)?.held ? 1 : 0);
    this.touched.set(condition.key, condition);
  }

  forget(key: string): void {
    this.touched.set(key, undefined);
  }

  deliverNow(position: number): void {
    this.deliver.add(position);
  }

  holdBack(held: HeldAlert): void {
    this.held.set(held.position, held);
    this.deliver.delete(held.position);
  }

  foldIn(position: number, fold: Fold): void {
    this.folded.set(position, fold);
    this.held.delete(position);
    this.released.delete(position);
  }

  /** One that this batch held first is simply delivered. */
  release(position: number): void {
    if (this.held.delete(position)) this.deliver.add(position);
    else this.released.add(position);
  }

  result(): GateResult {
    const save: Condition[] = [];
    const forget: string[] = [];
    for (const [key, condition] of this.touched) {
      const before = this.before.get(key);
      if (condition && isKept(condition)) save.push(condition);
      else if (before && isKept(before)) forget.push(key);
    }
    return {
      ...{ deliver: this.deliver, hold: [...this.held.values()], release: [...this.released], save, forget, calmed: this.calmed },
      ...{ changes: this.touched, heldCount: this.heldCount },
      fold: [...this.folded].map(([position, fold]) => ({ position, fold })),
      flapping: save.filter(({ flapping }) => flapping?.announced === false),
    };
  }
}
