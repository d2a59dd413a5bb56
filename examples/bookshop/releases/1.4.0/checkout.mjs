import { randomUUID } from 'node:crypto';
import { HttpError } from '../../lib/http.mjs';
import { discountOf } from './vouchers.mjs';

/** Longest wait for a handle on the order book in milliseconds. */
const HANDLE_PATIENCE_MS = 400;

/** @param {unknown} body @returns {string | undefined} */
function voucherOf(body) {
  return typeof body === 'object' && body !== null && 'voucher' in body && typeof body.voucher === 'string' ? body.voucher : undefined;
}

/**
 * Checks a cart out: takes the voucher off, charges what is due, writes the order down.
 * @param {import('../../lib/service.mjs').Shop} shop
 * @returns {import('../../lib/http.mjs').Route['handle']}
 */
export function checkout({ carts, handles, charge, log }) {
  return async ({ params, body }) => {
    const cart = await carts.get(params[0] ?? '');
    if (cart.items.length === 0) throw new HttpError(422, 'This cart is empty.');
    const cents = cart.items.reduce((sum, item) => sum + item.cents, 0);
    const voucher = voucherOf(body);
    /** @type {number} */
    let discount;
    try {
      discount = discountOf(voucher, cents);
    } catch (error) {
      if (!(error instanceof HttpError)) return { status: 500, body: { error: 'The voucher could not be applied.' } };
      log('warn', `voucher ${voucher} is not known`, { route: '/carts/:id/checkout' });
      throw error;
    }
    const order = { id: randomUUID(), cart: cart.id, items: cart.items, due: cents - discount };
    const handle = await handles.acquire(HANDLE_PATIENCE_MS);
    try {
      if (order.due > 0) await charge(order.id, order.due);
      await handle.appendFile(`${JSON.stringify(order)}\n`);
    } finally {
      handles.release(handle);
    }
    await carts.remove(cart.id);
    return { status: 201, body: order };
  };
}
