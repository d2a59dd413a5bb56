import { Poller } from '../../activities/polls';
import type { Poll } from '../../activities/polls';
import { MemoryStore } from '../fakes/memory-store';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Turns of one poll, of which each fails or not. */
async function pauses(everyMs: number, fails: readonly boolean[]): Promise<number[]> {
  let failing = false;
  const poll: Poll = { name: 'p', everyMs, take: () => (failing ? Promise.reject(new Error('no')) : Promise.resolve(false)) };
  const log = { info: () => undefined, warn: () => undefined };
  const poller = new Poller(poll, { state: new MemoryStore().state, log });
  const found: number[] = [];
  for (failing of fails) found.push(await poller.turn(new AbortController().signal));
  return found;
}

test('the pause doubles with each failure in a row, and begins anew after a success', async () => {
  expect(await pauses(15 * MINUTE, [true, true, true, false, true])).toEqual([MINUTE, 2 * MINUTE, 4 * MINUTE, 15 * MINUTE, MINUTE]);
});

test.each([
  ['an hour', 5 * MINUTE, HOUR],
  ['as long as between two turns where that is more', 3 * HOUR, 3 * HOUR],
])('it is at most %s', async (_what, everyMs, most) => {
  expect(
    (
      await pauses(
        everyMs,
        Array.from({ length: 40 }, () => true),
      )
    ).at(-1),
  ).toBe(most);
});
