/** The same Ctrl-C comes several times within a moment, from the terminal and from each program between it and us; only one that comes later is a second wish. */
const SAME_WISH_MS = 1_000;

/** Resolves at the first signal that asks the process to end; a later one ends it at once. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        const now = performance.now();
        if (askedAt !== undefined && now - askedAt > SAME_WISH_MS) process.exit(130);
        askedAt ??= now;
        resolve(signal);
      });
    }
  });
}
