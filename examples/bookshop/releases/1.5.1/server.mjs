import { HttpError, route } from '../../lib/http.mjs';
import { runRelease } from '../../lib/service.mjs';
import { checkout } from './checkout.mjs';

/** Books on a page. */
const PAGE = 20;

/** Number of the page asked for, from 1; throws HttpError 422 when it is none. @param {string | null} text */
function pageOf(text) {
  const page = Number(text ?? '1');
  if (!Number.isInteger(page) || page < 1) throw new HttpError(422, 'A page is a whole number from 1.');
  return page;
}

await runRelease('1.5.1', (shop) => [
  route('GET', '/books', ({ query }) => {
    shop.cache.guard();
    const page = pageOf(query.get('page'));
    return { status: 200, body: { page, books: shop.books.slice((page - 1) * PAGE, page * PAGE) } };
  }),
  route('POST', '/carts/:id/checkout', checkout(shop)),
]);
