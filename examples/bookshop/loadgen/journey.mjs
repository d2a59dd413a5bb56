import { setTimeout as sleep } from 'node:timers/promises';
import { evenly } from './random.mjs';

const TERMS = ['harbour clock', 'river', 'lantern', 'Ada Okoro', 'winter garden', 'map', 'violin', 'lighthouse', 'promise', 'Rosa Quill', 'orchard', 'machine'];
const BOOKS = 400;
/** Milliseconds between two clicks, and before a customer tries a failed checkout once more. */
const CLICK_MS = { least: 40, more: 120 };
const TRY_AGAIN_MS = 600;
/** Shares of journeys with each step or voucher. */
const SHARE = { list: 0.7, book: 0.6, search: 0.5, gift: 0.3, spring: 0.1, mistyped: 0.01, platinum: 0.75 };

/** Requests that a journey makes on average while nothing fails. */
export const REQUESTS_PER_JOURNEY = SHARE.list + SHARE.book + SHARE.search + 3;

/** @typedef {{ platinumUntil: number }} Mood until when (epoch milliseconds) customers use the voucher for platinum members */

/**
 * Customers: each look around, fill a cart and check out, once more when the checkout failed. Returns the journey of one customer.
 * @param {import('./client.mjs').Call} call @param {() => number} random @param {Mood} mood
 * @returns {() => Promise<void>}
 */
export function customers(call, random, mood) {
  const does = { list: evenly(), book: evenly(), search: evenly(), gift: evenly(), spring: evenly(), mistyped: evenly(), platinum: evenly() };
  const think = () => sleep(CLICK_MS.least + random() * CLICK_MS.more);
  const bookId = () => `b${1 + Math.floor(random() * BOOKS)}`;
  const voucher = () => {
    const gift = does.gift(SHARE.gift);
    if (Date.now() < mood.platinumUntil && does.platinum(SHARE.platinum)) return { voucher: 'LOYAL-PLATINUM' };
    if (gift) return { voucher: `GIFT-${Math.floor(random() * 1e6)}` };
    if (does.spring(SHARE.spring)) return { voucher: 'SPRING10' };
    return does.mistyped(SHARE.mistyped) ? { voucher: 'SPRINGTEN' } : {};
  };
  return async () => {
    if (does.list(SHARE.list)) await call('GET', '/books').then(think);
    if (does.book(SHARE.book)) await call('GET', `/books/${bookId()}`).then(think);
    if (does.search(SHARE.search)) await call('GET', `/search?q=${encodeURIComponent(TERMS[Math.floor(random() * TERMS.length)] ?? '')}`).then(think);
    const cart = await call('POST', '/carts', {});
    const id = typeof cart.body === 'object' && cart.body !== null && 'id' in cart.body ? String(cart.body.id) : undefined;
    if (cart.status !== 201 || id === undefined) return;
    await think();
    await call('POST', `/carts/${id}/items`, { bookId: bookId() });
    await think();
    const paying = voucher();
    const first = await call('POST', `/carts/${id}/checkout`, paying);
    if (first.status !== null && first.status < 500) return;
    await sleep(TRY_AGAIN_MS);
    await call('POST', `/carts/${id}/checkout`, paying);
  };
}
