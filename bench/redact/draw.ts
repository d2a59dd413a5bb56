import { seededRandom } from '../../domain/seeded-random';
import { pick } from '../random';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';

/** What generated lines are drawn with: the same for the same seed. */
export class Draw {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** A whole number from `least` to `most`. */
  number(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  one<T>(of: readonly T[]): T {
    return pick(of, this.#random);
  }

  of(characters: string, length: number): string {
    return Array.from({ length }, () => characters.charAt(this.number(0, characters.length - 1))).join('');
  }

  hex = (length: number): string => this.of('0123456789abcdef', length);
  digits = (length: number): string => this.of(DIGITS, length);
  lower = (length: number): string => this.of(LOWER, length);
  lowerDigits = (length: number): string => this.of(LOWER + DIGITS, length);
  upperDigits = (length: number): string => this.of(LOWER.toUpperCase() + DIGITS, length);
  base62 = (length: number): string => this.of(LOWER + LOWER.toUpperCase() + DIGITS, length);
  base64url = (length: number): string => this.of(`${LOWER}${LOWER.toUpperCase()}${DIGITS}-_`, length);
  base64 = (bytes: number): string => Buffer.from(Array.from({ length: bytes }, () => this.number(0, 255))).toString('base64');
  uuid = (): string => [8, 4, 4, 4, 12].map((length) => this.hex(length)).join('-');
  word = (): string => this.one(['orders', 'billing', 'shop', 'search', 'cart', 'mailer', 'ledger', 'gateway', 'profile', 'stock', 'pricing', 'export']);
  ip = (): string => `10.${String(this.number(0, 255))}.${String(this.number(0, 255))}.${String(this.number(1, 254))}`;
  time = (): string => new Date(1_760_000_000_000 + this.number(0, 40_000_000_000)).toISOString();
}
