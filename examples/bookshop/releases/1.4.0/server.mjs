import { route } from '../../lib/http.mjs';
import { runRelease } from '../../lib/service.mjs';
import { checkout } from './checkout.mjs';

/** Books on the first page. */
const PAGE = 20;

await runRelease('1.4.0', (shop) => [
  route('GET', '/books', () => {
    shop.cache.guard();
    return { status: 200, body: { books: shop.books.slice(0, PAGE) } };
  }),
  route('POST', '/carts/:id/checkout', checkout(shop)),
]);
