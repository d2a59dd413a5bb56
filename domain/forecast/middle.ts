/** The median of some numbers; 0 without any. */
export function middleOf(values: Float64Array): number {
  return middleOfSorted(values.slice().sort());
}

/** The median of numbers in ascending order; 0 without any. */
export function middleOfSorted(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}
