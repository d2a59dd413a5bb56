/** Index of the first item that fits, of a list in which all that follow it fit too; its length where none does. Takes logarithmically many looks. */
export function firstIndex<T>(list: readonly T[], fits: (item: T) => boolean): number {
  let from = 0;
  let to = list.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const item = list[middle];
    if (item !== undefined && fits(item)) to = middle;
    else from = middle + 1;
  }
  return from;
}
