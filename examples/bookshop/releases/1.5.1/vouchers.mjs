import { HttpError } from '../../lib/http.mjs';

/** Percent off by tier of a loyal customer. */
const TIERS = new Map([
  ['bronze', { percent: 2 }],
  ['silver', { percent: 4 }],
  ['gold', { percent: 7 }],
]);

/**
 * @param {string} code @param {number} cents @returns {number}
 */
function loyaltyDiscount(code, cents) {
  const tier = code.slice('LOYAL-'.length).toLowerCase();
  const { percent } = /** @type {{ percent: number }} */ (TIERS.get(tier));
  return Math.round((cents * percent) / 100);
}

/**
 * Cents that a voucher takes off: `GIFT-…` covers the order, `SPRING10` is ten percent, `LOYAL-<tier>` goes by tier. Throws HttpError 422 for an unknown code.
 * @param {string | undefined} code @param {number} cents @returns {number}
 */
export function discountOf(code, cents) {
  if (code === undefined) return 0;
  if (code.startsWith('GIFT-')) return cents;
  if (code === 'SPRING10') return Math.round(cents / 10);
  if (code.startsWith('LOYAL-')) return loyaltyDiscount(code, cents);
  throw new HttpError(422, 'We do not know this voucher.');
}
