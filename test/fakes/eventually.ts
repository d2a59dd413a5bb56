/** Waits until a condition holds, looking at every turn of the event loop; throws after `timeoutMs`. */
export async function eventually(condition: () => boolean, what: string, timeoutMs = 10_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`it did not happen within ${String(timeoutMs)} ms: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
