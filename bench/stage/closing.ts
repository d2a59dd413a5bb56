/** Things to close, in the order opposite to their opening. */
export class Closing {
  readonly #steps: (() => Promise<unknown>)[] = [];

  /** Remembers how to close what was just opened. */
  add(close: () => Promise<unknown>): void {
    this.#steps.unshift(close);
  }

  /** Closes everything, even when one of them fails; throws the first failure. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.#steps.splice(0)) await step().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }

  /** Runs `open`; what it opened before it failed is closed. */
  static async guard<T>(open: (closing: Closing) => Promise<T>): Promise<T> {
    const closing = new Closing();
    try {
      return await open(closing);
    } catch (error) {
      await closing.close().catch(() => undefined);
      throw error;
    }
  }
}
