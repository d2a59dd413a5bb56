import { seededRandom } from '../../domain/seeded-random';

/** Above this mean a Poisson count is drawn as a rounded normal one, whose quantiles are then within a hundredth of a standard deviation or so. */
const LARGE_MEAN = 100;

/** Random draws of one seed. */
export class Draws {
  readonly uniform: () => number;

  constructor(seed: number) {
    this.uniform = seededRandom(seed);
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Whole number from 0 to below `count`. */
  below(count: number): number {
    return Math.floor(count * this.uniform());
  }

  chance(share: number): boolean {
    return this.uniform() < share;
  }

  /** Standard normal (Box and Muller, 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Knuth's product of uniforms for small means. */
  poisson(mean: number): number {
    if (mean > LARGE_MEAN) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const end = Math.exp(-mean);
    let count = 0;
    for (let product = this.uniform(); product > end; product *= this.uniform()) count += 1;
    return count;
  }

  /** Time until the next of events that come at random, in the unit of the mean. */
  wait(mean: number): number {
    return -mean * Math.log(1 - this.uniform());
  }
}
