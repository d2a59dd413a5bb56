/** Asks again and again until there is an answer; throws the last state when there was none in time. */
export async function until<T>(probe: () => Promise<T | undefined>, what: string, ms = 20_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`it did not happen within ${String(ms)} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
