/** What several sources give, as it comes; at most so many are asked at the same time. Throws what the first of them throws, and ends the others. */
export async function* atOnce<T>(sources: readonly (() => AsyncGenerator<T>)[], most: number): AsyncGenerator<T> {
  const waiting = [...sources];
  const running = new Map<AsyncGenerator<T>, Promise<{ readonly from: AsyncGenerator<T>; readonly result: IteratorResult<T> }>>();
  const ask = (from: AsyncGenerator<T>): void =>
    void running.set(
      from,
      from.next().then((result) => ({ from, result })),
    );
  try {
    for (;;) {
      while (running.size < most) {
        const next = waiting.shift();
        if (!next) break;
        ask(next());
      }
      if (running.size === 0) return;
      const { from, result } = await Promise.race(running.values());
      running.delete(from);
      if (result.done === true) continue;
      yield result.value;
      ask(from);
    }
  } finally {
    const left = [...running];
    // Whoever stops listening must not leave calls behind that nobody waits for.
    await Promise.allSettled(left.map(([, step]) => step));
    await Promise.allSettled(left.map(([from]) => from.return(undefined)));
  }
}
