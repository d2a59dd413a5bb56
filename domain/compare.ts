/** Order of two texts by their code units: below zero where the first comes first, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
