import { setTimeout as sleep } from 'node:timers/promises';

/** Searches a second, longest stay in milliseconds, and refusals after which the crawler goes away for good. */
const CRAWL = { perSecond: 40, forMs: 40_000, refusals: 20 };
const PLACES = ['harbour', 'river', 'orchard', 'island', 'station', 'mountain', 'market', 'garden', 'lighthouse', 'valley'];

/**
 * A crawler that asks for searches nobody asked before, until it is refused often enough.
 * @param {import('./client.mjs').Call} call @param {() => boolean} wanted false ends it
 */
export async function crawl(call, wanted) {
  const began = Date.now();
  let refused = 0;
  for (let page = 0; wanted() && refused < CRAWL.refusals && Date.now() - began < CRAWL.forMs; page += 1) {
    const words = `${PLACES[page % PLACES.length]} ${PLACES[(page + 3) % PLACES.length]} page ${began}-${page}`;
    void call('GET', `/search?q=${encodeURIComponent(words)}`).then(({ status }) => {
      if (status !== null && status >= 500) refused += 1;
    });
    const next = began + ((page + 1) * 1000) / CRAWL.perSecond;
    await sleep(Math.max(0, next - Date.now()));
  }
}
