import type { Mask } from './rule';

// HDFS calls its blocks by such numbers.
const DIGITS = /(?<!\d)(?<!\d\.)(?<!blk_-?)\d(?:[ -]?\d){13,}/g;

/** As many digits as a card has, in groups or not. */
export const DIGITS_OF_CARD = /\d(?:[ -]?\d){13}/;

/** Numbers of payment cards, whose digits pass Luhn's check, in groups or not. */
export function withoutCards(text: string, mask: Mask): string {
  return text.replace(DIGITS, (match, at: number) => (isOfHex(text, at, at + match.length) ? match : cards(match, mask)));
}

const AROUND = 64;

// Digits of a longer hexadecimal id: a span, a trace, a commit.
function isOfHex(text: string, from: number, to: number): boolean {
  const before = /[0-9a-f]*$/.exec(text.slice(Math.max(0, from - AROUND), from))?.[0].length ?? 0;
  const after = /^[0-9a-f]*/.exec(text.slice(to, to + AROUND))?.[0].length ?? 0;
  const length = before + to - from + after;
  return before + after > 0 && (length === SPAN_ID || length >= SHORTEST_ID);
}

const SPAN_ID = 16;
const SHORTEST_ID = 24;
const MOST_DIGITS = 16;
const LEAST_DIGITS = 14;
const BEGINS = /^(?:4|5[1-5]|2[2-7]|3[045678]|6)/;
// What the schemes give out, by ISO/IEC 7812: Visa 16 (13 and 19 seldom), Mastercard 16, American Express 15, Diners 14, Discover, JCB, Maestro and UnionPay 16.
const CARD =
  /^(?:4\d{15}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|6(?:011|5\d\d|4[4-9]\d|2\d\d|304|759|7\d\d|0\d\d)\d{12})$/;
const ZERO = 48;

// A card number may stand beside other groups of digits (`2 x 4111 1111 1111 1111`), so every run of whole groups that is long enough is tried.
function cards(match: string, mask: Mask): string {
  const digits = match.replace(/[ -]/g, '');
  const groups = match.split(/([ -])/);
  const kept: string[] = [];
  for (let [at, start] = [0, 0]; start < groups.length; start += 2) {
    const card = cardFrom(groups, start, digits, at);
    kept.push(card ? mask('card', card.digits) : (groups[start] ?? ''));
    at += card?.digits.length ?? groups[start]?.length ?? 0;
    start = card?.end ?? start;
    kept.push(groups[start + 1] ?? '');
  }
  return kept.join('');
}

// The card number that begins with a group, whose first digit stands at a place of all, and the group with which it ends.
function cardFrom(groups: readonly string[], start: number, all: string, at: number): { readonly digits: string; readonly end: number } | undefined {
  if (!BEGINS.test(all.slice(at, at + 2))) return undefined;
  for (let [end, length] = [start, 0]; end < groups.length && length < MOST_DIGITS; end += 2) {
    length += groups[end]?.length ?? 0;
    const digits = length >= LEAST_DIGITS && length <= MOST_DIGITS ? all.slice(at, at + length) : '';
    if (digits !== '' && isCard(digits)) return { digits, end };
  }
  return undefined;
}

function isCard(digits: string): boolean {
  return passesLuhn(digits) && CARD.test(digits);
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - ZERO;
    sum += place % 2 === 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
  }
  return sum % 10 === 0;
}
