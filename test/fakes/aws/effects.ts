/** Something that truly happened in the world, whatever call, token or retry brought it about. */
export interface Effect {
  /** Milliseconds since the epoch, on the fake's clock. */
  readonly at: number;
  /** What happened, such as `codedeploy.deployment` or the kind that a document of SSM names. */
  readonly kind: string;
  readonly account: string;
  readonly region: string;
  /** Id, name or ARN of what began or was changed. */
  readonly id: string;
  /** What it befell, such as `shop/live`, a project, an instance. */
  readonly target: string;
  /** The token of its service that it came with. */
  readonly token?: string | undefined;
  /** Description, comment, or what else a caller may leave on it to find it by. */
  readonly comment?: string | undefined;
  /** What it changed. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** ARN of the caller. */
  readonly principal: string;
  /** Id of the request that caused it, now or earlier. */
  readonly requestId: string;
}

/** Every effect in order. */
export interface Effects {
  readonly entries: readonly Effect[];
  add(effect: Effect): void;
  /** Effects of a kind (`codedeploy.deployment`) or of all kinds of a service (`codedeploy`). */
  of(kind: string): Effect[];
  clear(): void;
  /** Tells every later effect as it happens; returns what ends it. */
  watch(listener: (effect: Effect) => void): () => void;
}

/** None at first; `settle` does what is due before anybody looks. */
export function makeEffects(settle: () => void): Effects {
  const entries: Effect[] = [];
  const listeners = new Set<(effect: Effect) => void>();
  const all = (): Effect[] => {
    settle();
    return entries;
  };
  return {
    get entries() {
      return all();
    },
    add(effect) {
      entries.push(effect);
      for (const listener of listeners) listener(effect);
    },
    of: (kind) => all().filter((effect) => effect.kind === kind || effect.kind.startsWith(`${kind}.`)),
    clear: () => void all().splice(0),
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
