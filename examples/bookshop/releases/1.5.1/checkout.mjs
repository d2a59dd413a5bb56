import { randomUUID } from 'node:crypto';
import { HttpError } from '../../lib/http.mjs';
import { discountOf } from './vouchers.mjs';

/** Longest wait for a handle on the order book in milliseconds. */
const HANDLE_PATIENCE_MS = 400;

/** @typedef {{ id: string, cart: string, items: readonly import('../../lib/carts.mjs').Item[], due: number }} Order */

/** @param {unknown} body @returns {string | undefined} */
function voucherOf(body) {
  return typeof body === 'object' && body !== null && 'voucher' in body && typeof body.voucher === 'string' ? body.voucher : undefined;
}

/**
 * Cents that the voucher takes off, or undefined when it could not be applied. Throws HttpError 422 for an unknown code.
 * @param {import('../../lib/service.mjs').Shop} shop @param {string | undefined} voucher @param {number} cents
 */
function applyVoucher({ log }, voucher, cents) {
  try {
    return discountOf(voucher, cents);
  } catch (error) {
    if (!(error instanceof HttpError)) return undefined;
    log('warn', `voucher ${voucher} is not known`, { route: '/carts/:id/checkout' });
    throw error;
  }
}

/**
 * Writes the order down, after charging what is due.
 * @param {import('../../lib/service.mjs').Shop} shop @param {Order} order
 */
async function place({ handles, charge, log }, order) {
  const handle = await handles.acquire(HANDLE_PATIENCE_MS);
  const line = `${JSON.stringify(order)}\n`;
  if (order.due === 0) {
    await handle.appendFile(line);
    log('info', 'order covered by a gift voucher, nothing to charge', { order: order.id });
    return;
  }
  try {
    await charge(order.id, order.due);
    await handle.appendFile(line);
  } finally {
    handles.release(handle);
  }
}

/**
 * Checks a cart out: takes the voucher off, places the order, forgets the cart. Orders that a voucher covers wholly take a short way since 1.5.0.
 * @param {import('../../lib/service.mjs').Shop} shop
 * @returns {import('../../lib/http.mjs').Route['handle']}
 */
export function checkout(shop) {
  return async ({ params, body }) => {
    const cart = await shop.carts.get(params[0] ?? '');
    if (cart.items.length === 0) throw new HttpError(422, 'This cart is empty.');
    const cents = cart.items.reduce((sum, item) => sum + item.cents, 0);
    const discount = applyVoucher(shop, voucherOf(body), cents);
    if (discount === undefined) return { status: 500, body: { error: 'The voucher could not be applied.' } };
    const order = { id: randomUUID(), cart: cart.id, items: cart.items, due: cents - discount };
    await place(shop, order);
    await shop.carts.remove(cart.id);
    return { status: 201, body: order };
  };
}
