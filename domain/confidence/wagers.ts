/** Shares of the stake that are put on recovery, each with the same money: which is best depends on the truth, and the mean of all is nearly as good as the best. */
const BETS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97];
/** Levels of success that a bound can have; policy's gates are added. */
const LEVELS = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99];

/** Logarithms of what is left of the stake of each bet after a failure. */
const LOSSES: readonly number[] = BETS.map((bet) => Math.log(1 - bet));

/** Levels that are tested, ascending: the standard ones and those that policy names. */
export function levelsWith(gates: readonly number[]): number[] {
  return [...new Set([...LEVELS, ...gates])].filter((level) => level > 0 && level < 1).sort((a, b) => a - b);
}

/**
 * A lower bound of the probability of success that holds at every look, by betting (Waudby-Smith and Ramdas 2023, "Estimating means of bounded random variables by betting").
 * For each level m somebody bets with 1 that success is more likely than m, at odds that are fair for m. Were it m or less, whatever was seen before, the money would come to 1/risk in at most a
 * share `risk` of all histories, ever (Ville). The bound is the highest level at which it has come to that. Evidence that fades only takes winnings away, never losses, so fading keeps that true.
 */
export class Wagers {
  /** Logarithms of the factors that a recovery wins, of each bet at each level. */
  private readonly gains: readonly (readonly number[])[];
  /** Logarithm of the money of each bet at each level. */
  private readonly logs: readonly Float64Array[];

  constructor(readonly levels: readonly number[]) {
    this.gains = levels.map((level) => BETS.map((bet) => Math.log(1 + (bet * (1 - level)) / level)));
    this.logs = levels.map(() => new Float64Array(BETS.length));
  }

  /** Takes one outcome in; `weight` from 0 to 1 is how much of one it is, `left` what is left of earlier winnings. */
  add(success: boolean, weight = 1, left = 1): void {
    for (let i = 0; i < this.logs.length; i += 1) {
      const row = this.logs[i];
      const moves = success ? this.gains[i] : LOSSES;
      if (row && moves) for (let b = 0; b < row.length; b += 1) row[b] = faded(row[b] ?? 0, left) + weight * (moves[b] ?? 0);
    }
  }

  /** Whether success is proven to be above a level, at a chance of at most `risk` to be wrong; a level that is not tested is not proven. */
  proves(level: number, risk: number, left = 1): boolean {
    const i = this.levels.indexOf(level);
    return i !== -1 && this.reached(i, 1 / risk, left);
  }

  /** The highest level that is proven; 0 where none is. */
  bound(risk: number, left = 1): number {
    for (let i = this.levels.length - 1; i >= 0; i -= 1) if (this.reached(i, 1 / risk, left)) return this.levels[i] ?? 0;
    return 0;
  }

  /** What a new version starts with: the share `carry` of the winnings, and never more than that share of what a proof takes. */
  carried(carry: number, risk: number): Wagers {
    const next = new Wagers(this.levels);
    const most = -carry * Math.log(risk);
    for (const [i, row] of this.logs.entries()) next.logs[i]?.set(row.map((log) => Math.min(most, carry * Math.max(0, log))));
    return next;
  }

  /** The game of one level alone, as it stands. */
  only(level: number, left = 1): Wagers {
    const next = new Wagers([level]);
    const row = this.logs[this.levels.indexOf(level)];
    if (row) next.logs[0]?.set(row.map((log) => faded(log, left)));
    return next;
  }

  /** Whether the mean of the bets' money is at least so much; the best one alone often decides. */
  private reached(i: number, money: number, left: number): boolean {
    const row = this.logs[i];
    if (!row) return false;
    let most = -Infinity;
    for (const log of row) if (log > most) most = log;
    const best = faded(most, left);
    if (Math.exp(best) < money) return false;
    let sum = 0;
    for (const log of row) sum += Math.exp(faded(log, left));
    return sum >= money * row.length;
  }
}

function faded(log: number, left: number): number {
  return log > 0 ? log * left : log;
}
