import { readFileSync } from 'node:fs';
import type { Shop } from '../../examples/bookshop/launch.mjs';
import { type Bookshop, call, loadBookshop, metric, scratch } from './support/bookshop';

const HANDLES = 20;
let bookshop: Bookshop;
const folder = scratch();
let shop: Shop;

beforeAll(async () => {
  bookshop = await loadBookshop();
  shop = await bookshop.launching.launch({ dir: folder.dir, traffic: false });
}, 30_000);
afterAll(async () => {
  await shop?.stop();
  folder.remove();
});

/** Buys one book with a voucher; the checkout's status. */
async function buy(voucher?: string): Promise<number> {
  const cart = await call('POST', `${shop.url}/carts`, {});
  await call('POST', `${shop.url}/carts/${String(cart.body['id'])}/items`, { bookId: 'b7' });
  const paid = await call('POST', `${shop.url}/carts/${String(cart.body['id'])}/checkout`, voucher === undefined ? {} : { voucher });
  return paid.status;
}

/** Statuses of one more gift order than there are handles, one after another. */
async function giftOrders(): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i <= HANDLES; i += 1) statuses.push(await buy(`GIFT-${i}`));
  return statuses;
}

test('1.4.0 gives each order handle back, whatever pays for the order', async () => {
  expect(new Set(await giftOrders())).toEqual(new Set([201]));
  expect(await metric(shop.url, 'bookshop_handles_in_use')).toBe(0);
});

test('1.4.0 answers 500 to the voucher of platinum members and writes no line about it', async () => {
  const before = lines();
  expect(await buy('LOYAL-PLATINUM')).toBe(500);
  expect(await buy('LOYAL-GOLD')).toBe(201);
  expect(lines()).toEqual(before);
});

test.each(['1.5.0', '1.5.1'])('%s keeps the handle of each order that a gift voucher covers, until checkout fails', async (release) => {
  expect((await call('POST', `${shop.supervisor.url}/v1/deploy`, { release, by: 'ana' })).status).toBe(200);
  const statuses = await giftOrders();
  expect(statuses.slice(0, HANDLES)).toEqual(Array.from({ length: HANDLES }, () => 201));
  expect(statuses.at(-1)).toBe(503);
  expect(await buy()).toBe(503);
  expect(await metric(shop.url, 'bookshop_handles_in_use')).toBe(await metric(shop.url, 'bookshop_handles_limit'));
  expect(lines()).toContainEqual(expect.objectContaining({ level: 'error', release, message: 'no order handle came free within 400 ms' }));
});

test('1.5.1 adds pages to the list of books', async () => {
  const second = await call('GET', `${shop.url}/books?page=2`);
  expect(second.body).toMatchObject({ page: 2, books: expect.arrayContaining([expect.objectContaining({ id: 'b21' })]) });
  expect((await call('GET', `${shop.url}/books?page=none`)).status).toBe(422);
});

test('a cart outlives the release that it was made with', async () => {
  const cart = await call('POST', `${shop.url}/carts`, {});
  await call('POST', `${shop.url}/carts/${String(cart.body['id'])}/items`, { bookId: 'b7' });
  await call('POST', `${shop.supervisor.url}/v1/deploy`, { release: '1.4.0', by: 'ana' });
  expect((await call('POST', `${shop.url}/carts/${String(cart.body['id'])}/checkout`, {})).status).toBe(201);
});

test('probes are not counted as requests', async () => {
  await call('GET', `${shop.url}/healthz`);
  const text = await (await fetch(`${shop.url}/metrics`)).text();
  expect(text).toContain('bookshop_build_info{release="1.4.0"} 1');
  expect(text).toContain('route="/carts/:id/checkout"');
  expect(text).not.toMatch(/route="\/(healthz|metrics)"/);
});

/** Lines of the service's log with level warn or error. */
function lines(): unknown[] {
  const text = readFileSync(`${folder.dir}/bookshop.log`, 'utf8').trim();
  const all = text.split('\n').map((line) => JSON.parse(line) as { level: string });
  return all.filter(({ level }) => level === 'warn' || level === 'error');
}
