import { beside, RESOURCE, withinArn } from './resources';
import { DIGITS_OF_CARD, withoutCards } from './cards';
import type { Mask, Rule } from './rule';
import { characters, EDGE, edge, grouped, has, hasRun, whole } from './rule';

const OF_NUMBER = characters('0-9 ().+-');
const LEAST_NUMBER = 9;
const OF_CARD = characters('0-9 -');

// E.164 with the separators that people write, and North America's own form.
const PHONE = new RegExp(
  String.raw`(?=[+%])${edge(String.raw`\w.)\]+/-`)}(?:\+|%2[Bb])(?=(?:[ .()-]{0,2}\d){7})[1-9]\d{0,3}(?:[ .-]?\(\d{1,5}\))?(?:[ .-]?\d{1,12}){1,7}(?![\w/+=]|[.:-]\d)`,
  'g',
);
const LOCAL_PHONE = new RegExp(
  String.raw`(?=[(\d][\d-]{3})${edge(String.raw`\w.+/-`)}(?:\(\d{3}\) ?|(?:1-)?[2-9]\d\d-(?=[2-9]\d\d-\d))\d{3}-\d{4}(?![\w-])`,
  'g',
);
// The shapes of the Social Security Administration, Receita Federal and HM Revenue & Customs.
const SOCIAL_SECURITY = new RegExp(String.raw`(?=\d{3}-)${edge(String.raw`\w.-`)}(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w-]|\.\d)`, 'g');
const CPF = new RegExp(String.raw`(?=\d{3}\.)${edge(String.raw`\w.-`)}\d{3}\.\d{3}\.\d{3}-\d\d(?![\w-])`, 'g');
const INSURANCE = new RegExp(String.raw`(?=[A-Z]{2} )${edge(String.raw`\w-`)}[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] \d\d \d\d \d\d [A-D](?![\w-])`, 'g');

/** What tells of a person: addresses, numbers of telephones, accounts, cards and authorities. */
export const PERSONAL: readonly Rule[] = [
  { may: has('@', '%40'), apply: withoutAddresses },
  { may: (text) => /[A-Z]{2}\d\d/.test(text), apply: withoutAccounts },
  {
    may: (text) => hasRun(text, 13, OF_CARD) && DIGITS_OF_CARD.test(text),
    apply: (text, mask) =>
      beside(
        RESOURCE,
        text,
        (part) => withoutCards(part, mask),
        (arn) => withinArn(arn, (part) => withoutCards(part, mask)),
      ),
  },
  whole('phone', (text) => (text.includes('+') || /%2b/i.test(text)) && hasRun(text, LEAST_NUMBER, OF_NUMBER), PHONE),
  grouped(
    (text) => text.includes('-') && /\d{3}-(?:\d\d-)?\d{4}/.test(text),
    [whole('phone', () => true, LOCAL_PHONE), whole('national', () => true, SOCIAL_SECURITY)],
  ),
  whole('national', (text) => text.includes('.') && /\d{3}\.\d{3}-\d\d/.test(text), CPF),
  whole('national', (text) => /\d\d \d\d \d\d/.test(text), INSURANCE),
];

const AT_DOMAIN = /(?:@|%40)(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}/g;
const LONGEST_LOCAL_PART = 64;

// E-mail addresses, found by their @: a pattern that begins with what stands before it tries 64 characters from each place of a long word.
function withoutAddresses(text: string, mask: Mask): string {
  const kept: string[] = [];
  let done = 0;
  for (const { index, 0: domain } of text.matchAll(AT_DOMAIN)) {
    const local = /[A-Za-z0-9._%+'-]*[A-Za-z0-9_+-]$/.exec(text.slice(Math.max(done, index - LONGEST_LOCAL_PART), index))?.[0].replace(/^'+/, '');
    if (local === undefined) continue;
    kept.push(text.slice(done, index - local.length), mask('mail', local + domain));
    done = index + domain.length;
  }
  return kept.length === 0 ? text : kept.join('') + text.slice(done);
}

const ACCOUNT = new RegExp(String.raw`(?=[A-Z]{2}\d)${EDGE}[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![A-Za-z0-9])`, 'g');
// Lengths by country, of the registry of SWIFT; other letters begin no account.
const LENGTHS: Readonly<Record<string, number>> = {
  ...{
    AD: 24,
    AE: 23,
    AL: 28,
    AT: 20,
    AZ: 28,
    BA: 20,
    BE: 16,
    BG: 22,
    BH: 22,
    BR: 29,
    BY: 28,
    CH: 21,
    CR: 22,
    CY: 28,
    CZ: 24,
    DE: 22,
    DK: 18,
    DO: 28,
    EE: 20,
    EG: 29,
    ES: 24,
  },
  ...{
    FI: 18,
    FO: 18,
    FR: 27,
    GB: 22,
    GE: 22,
    GI: 23,
    GL: 18,
    GR: 27,
    GT: 28,
    HR: 21,
    HU: 28,
    IE: 22,
    IL: 23,
    IQ: 23,
    IS: 26,
    IT: 27,
    JO: 30,
    KW: 30,
    KZ: 20,
    LB: 28,
    LC: 32,
    LI: 21,
  },
  ...{
    LT: 20,
    LU: 20,
    LV: 21,
    LY: 25,
    MC: 27,
    MD: 24,
    ME: 22,
    MK: 19,
    MR: 27,
    MT: 31,
    MU: 30,
    NL: 18,
    NO: 15,
    PK: 24,
    PL: 28,
    PS: 29,
    PT: 25,
    QA: 29,
    RO: 24,
    RS: 22,
    SA: 24,
    SC: 31,
  },
  ...{ SE: 24, SI: 19, SK: 24, SM: 27, ST: 25, SV: 28, TL: 23, TN: 24, TR: 26, UA: 29, VA: 22, VG: 24, XK: 20 },
};

// Numbers of bank accounts (IBAN, ISO 13616), whose remainder by 97 is 1. What follows in capitals may look like more of it.
function withoutAccounts(text: string, mask: Mask): string {
  return text.replace(ACCOUNT, (match) => {
    const length = LENGTHS[match.slice(0, 2)];
    if (length === undefined) return match;
    let end = 0;
    for (let found = 0; end < match.length && found < length; end += 1) if (match[end] !== ' ' && match[end] !== '-') found += 1;
    const account = match.slice(0, end).replace(/[ -]/g, '');
    return account.length === length && /^(?:$|[ -])/.test(match.slice(end)) && remainder(account) === 1 ? mask('iban', account) + match.slice(end) : match;
  });
}

function remainder(account: string): number {
  let rest = 0;
  for (const character of account.slice(4) + account.slice(0, 4)) for (const digit of String(parseInt(character, 36))) rest = (rest * 10 + Number(digit)) % 97;
  return rest;
}
