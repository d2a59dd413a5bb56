/** Success that a fall is looked for at, as shares of the gate: about half, and a little below. */
const FALLEN = [0.55, 0.85];

/**
 * Notices that success has fallen under a level: an e-detector of CUSUMs (Shin, Ramdas and Rinaldo 2023, "E-detectors: a nonparametric framework for sequential change detection").
 * While success stays at the level or above, a false call comes after `odds` outcomes at the earliest on average.
 */
export class FallWatch {
  private readonly sums: number[] = FALLEN.map(() => 0);
  private readonly moves: readonly { readonly up: number; readonly down: number }[];

  constructor(
    level: number,
    private readonly odds: number,
  ) {
    this.moves = FALLEN.map((share) => ({ up: Math.log((1 - share * level) / (1 - level)), down: Math.log(share) }));
  }

  /** Takes one outcome in; true where a fall is believed now. */
  add(success: boolean): boolean {
    let evidence = 0;
    for (const [i, { up, down }] of this.moves.entries()) {
      const sum = Math.max(0, this.sums[i] ?? 0) + (success ? down : up);
      this.sums[i] = sum;
      evidence += Math.exp(sum);
    }
    return evidence / this.moves.length >= this.odds;
  }
}
