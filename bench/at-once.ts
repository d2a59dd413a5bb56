/** Does `work` for 0 to `count - 1`, `concurrency` at a time. Throws the first failure once nothing is under way any more. Returns the whole time in seconds, and each one's in milliseconds in the order of their ends. */
export async function atOnce(
  count: number,
  concurrency: number,
  work: (index: number) => Promise<void>,
): Promise<{ readonly seconds: number; readonly eachMs: readonly number[] }> {
  const eachMs: number[] = [];
  const began = performance.now();
  const failures: unknown[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < count && failures.length === 0; index = next++) {
      const start = performance.now();
      await work(index).catch((error: unknown) => failures.push(error));
      eachMs.push(performance.now() - start);
    }
  };
  // What is under way is waited for: whoever gets the error closes what it still works with.
  await Promise.all(Array.from({ length: Math.min(count, concurrency) }, lane));
  if (failures.length > 0) throw failures[0];
  return { seconds: (performance.now() - began) / 1000, eachMs };
}

/** The value that a share `p` (0 to 1) of the values does not exceed. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? 0;
}
