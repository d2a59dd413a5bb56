/** How much is done at once; `size` measures one piece of work, and a piece that is larger than `most` goes alone. */
export interface TogetherOptions<Work, Result> {
  readonly most: number;
  readonly size: (work: Work) => number;
  /** Whether an error may come from one piece of work alone; the others are tried without it then. */
  readonly ofOne: (error: unknown) => boolean;
  /** One result for each piece, in order. */
  readonly run: (works: readonly Work[]) => Promise<readonly Result[]>;
}

interface Waiting<Work, Result> {
  readonly work: Work;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: what comes while a group is under way waits and makes the next one, in the order of arrival. Nothing waits longer than for what has arrived to be read, and no result is known before its group's end.
 * When a group fails by what one piece holds, each is tried alone, in order, so that everyone gets an error of their own only.
 */
export function together<Work, Result>({ most, size, ofOne, run }: TogetherOptions<Work, Result>): (work: Work) => Promise<Result> {
  const queue: Waiting<Work, Result>[] = [];
  let running = false;

  const settle = async (group: readonly Waiting<Work, Result>[]): Promise<void> => {
    try {
      const results = await run(group.map(({ work }) => work));
      group.forEach(({ resolve }, i) => resolve(results[i] as Result));
    } catch (error) {
      if (group.length > 1 && ofOne(error)) for (const each of group) await settle([each]);
      else for (const { reject } of group) reject(error);
    }
  };
  const drain = async (): Promise<void> => {
    running = true;
    while (queue.length > 0) {
      // The embedded database works on this thread: without a turn of the event loop nobody else's request would be read, and every group would be of one.
      await new Promise((resolve) => setImmediate(resolve));
      await settle(queue.splice(0, fitting(queue, most, size)));
    }
    running = false;
  };
  return (work) =>
    new Promise((resolve, reject) => {
      queue.push({ work, resolve, reject });
      if (!running) void drain();
    });
}

/** How many of the first make one group. */
function fitting<Work>(queue: readonly { readonly work: Work }[], most: number, size: (work: Work) => number): number {
  let sum = 0;
  const end = queue.findIndex(({ work }) => (sum += size(work)) > most);
  return end < 0 ? queue.length : Math.max(1, end);
}
