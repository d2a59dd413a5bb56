/** A page of a list that is read from the newest to the oldest. */
export interface ChainPage<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** How a list without a known length is read. */
export interface ChainOptions<T> {
  readonly page: (token: string | undefined) => Promise<ChainPage<T>>;
  /** Epoch milliseconds. */
  readonly time: (item: T) => number;
  /** Nothing older is wanted; epoch milliseconds. */
  readonly from: number;
  /** Pages that are read at most. */
  readonly most: number;
}

/** A list of which the first page is read. */
export interface Chain<T> {
  readonly first: ChainPage<T>;
  /** Pages that are still to be read, at most. */
  readonly more: number;
}

/** Things do not happen evenly: so many times the pages are allowed that the rate of the first one asks for, and some more. */
const UNEVEN = 4;
const SPARE = 10;

/** Reads the first page, and says from how much time lies in it how many more there may be. */
export async function beginChain<T>({ page, time, from, most }: ChainOptions<T>): Promise<Chain<T>> {
  const first = await page(undefined);
  const [newest, oldest] = [first.items[0], first.items.at(-1)].map((item) => (item === undefined ? undefined : time(item)));
  if (first.next === undefined || (oldest !== undefined && oldest < from)) return { first, more: 0 };
  if (newest === undefined || oldest === undefined) return { first, more: SPARE };
  const pages = Math.ceil((oldest - from) / Math.max(1, newest - oldest));
  return { first, more: Math.min(most, pages * UNEVEN + SPARE) };
}

/** What was read of a list; `cut`: there is more than was allowed. */
export interface ChainRead<T> {
  readonly items: readonly T[];
  readonly cut: boolean;
}

/** Reads on from the first page. */
export async function readChain<T>({ first, more }: Chain<T>, { page, time, from }: ChainOptions<T>): Promise<ChainRead<T>> {
  const items = [...first.items];
  let next = first.next;
  for (let pages = 0; next !== undefined; pages++) {
    const oldest = items.at(-1);
    if (oldest !== undefined && time(oldest) < from) break;
    if (pages >= more) return { items, cut: true };
    const read: ChainPage<T> = await page(next);
    items.push(...read.items);
    next = read.next;
  }
  return { items, cut: false };
}
