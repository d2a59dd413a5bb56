import path from 'node:path';
import { makeCatalogue, searchBooks } from './catalogue.mjs';
import { Capacity } from './capacity.mjs';
import { Carts } from './carts.mjs';
import { HandlePool } from './handle-pool.mjs';
import { HttpError, close, listen, route, serverOf, urlOf } from './http.mjs';
import { jsonLog } from './json-log.mjs';
import { announce, liveUntilTold } from './life.mjs';
import { Metrics } from './metrics.mjs';
import { optionsOf, portOf } from './options.mjs';
import { paymentsClient } from './payments-client.mjs';
import { SearchCache } from './search-cache.mjs';

/**
 * What the code of a release works with.
 * @typedef {object} Shop
 * @property {readonly import('./catalogue.mjs').Book[]} books
 * @property {Carts} carts
 * @property {HandlePool} handles open handles on the order book
 * @property {SearchCache} cache
 * @property {import('./payments-client.mjs').Charge} charge
 * @property {import('./json-log.mjs').Log} log
 */

/**
 * @param {string} dir @param {string} release @returns {Shop}
 */
function openShop(dir, release) {
  return {
    books: makeCatalogue(),
    carts: new Carts(path.join(dir, 'carts')),
    handles: new HandlePool(path.join(dir, 'orders.jsonl')),
    cache: new SearchCache(),
    charge: paymentsClient(path.join(dir, 'payments.json')),
    log: jsonLog(path.join(dir, 'bookshop.log'), { service: 'bookshop', release }),
  };
}

/** @param {Shop} shop @param {string} release */
function metricsOf(shop, release) {
  const metrics = new Metrics('bookshop', release);
  metrics.gauge('bookshop_handles_in_use', 'Order handles given out.', () => shop.handles.inUse);
  metrics.gauge('bookshop_handles_limit', 'Order handles that can be given out.', () => shop.handles.limit);
  metrics.gauge('bookshop_cache_bytes', 'Bytes that the search cache holds.', () => shop.cache.bytes);
  metrics.gauge('bookshop_cache_limit_bytes', 'Bytes of search cache above which load is shed.', () => shop.cache.limit);
  return metrics;
}

/**
 * Routes that every release has had so far.
 * @param {Shop} shop @returns {import('./http.mjs').Route[]}
 */
function commonRoutes({ books, carts, cache }) {
  return [
    route('GET', '/books/:id', ({ params }) => {
      cache.guard();
      const book = books.find((b) => b.id === params[0]);
      if (!book) throw new HttpError(404, 'There is no such book.');
      return { status: 200, body: book };
    }),
    route('GET', '/search', ({ query }) => {
      cache.guard();
      const words = query.get('q') ?? '';
      return { status: 200, body: cache.get(words, () => ({ query: words, books: searchBooks(books, words) })) };
    }),
    route('POST', '/carts', async () => ({ status: 201, body: await carts.create() })),
    route('POST', '/carts/:id/items', async ({ params, body }) => {
      const wanted = typeof body === 'object' && body !== null && 'bookId' in body ? body.bookId : undefined;
      const book = books.find((b) => b.id === wanted);
      if (!book) throw new HttpError(422, 'Please give the bookId of a book that we have.');
      return { status: 200, body: await carts.add(params[0] ?? '', { bookId: book.id, cents: book.cents }) };
    }),
  ];
}

/**
 * Runs a release: its own routes before the common ones, metrics, log, health, a clean end. Options on the command line: `--dir`, `--port`, `--name`, `--tether`.
 * @param {string} release
 * @param {(shop: Shop) => readonly import('./http.mjs').Route[]} ownRoutes
 */
export async function runRelease(release, ownRoutes) {
  const options = optionsOf({ dir: '', port: '0', name: 'bookshop' });
  const shop = openShop(options.dir, release);
  const metrics = metricsOf(shop, release);
  const business = serverRoutes(shop, ownRoutes(shop));
  const probes = [
    route('GET', '/healthz', () => ({ status: 200, body: { status: 'ok', release } })),
    route('GET', '/metrics', () => ({ status: 200, body: metrics.text(), headers: { 'content-type': 'text/plain; version=0.0.4' } })),
  ];
  const isProbe = new Set(probes.map((probe) => probe.route));
  const server = serverOf([...probes, ...business], (label, status, seconds, error) => {
    if (isProbe.has(label)) return;
    metrics.observe(label, status, seconds);
    if (error) shop.log('error', `unexpected: ${error instanceof Error ? error.message : String(error)}`, { route: label });
  });
  const port = await listen(server, portOf(options.port));
  const forget = announce(options.dir, options.name, { pid: process.pid, port, url: urlOf(port) });
  shop.log('info', 'ready', { port });
  liveUntilTold({
    tether: options.tether,
    stop: async () => {
      forget();
      await close(server);
      shop.log('info', 'stopped');
    },
  });
}

/**
 * Lets requests in as fast as they can be served, and logs what was refused because of trouble on our side; a customer's own mistake is no trouble.
 * @param {Shop} shop @param {readonly import('./http.mjs').Route[]} own
 */
function serverRoutes(shop, own) {
  const capacity = new Capacity();
  return [...own, ...commonRoutes(shop)].map((r) => ({
    ...r,
    handle: /** @param {import('./http.mjs').Request} request */ async (request) => {
      try {
        await capacity.turn();
        return await r.handle(request);
      } catch (error) {
        if (error instanceof HttpError && error.status >= 500) shop.log('error', error.message, { route: r.route, status: error.status });
        throw error;
      }
    },
  }));
}
