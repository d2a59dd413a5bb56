/* eslint-disable jest/no-export -- a suite that is run against every database */
import type { AsideMessage } from '../../../ports/set-aside';
import type { Store } from '../../../ports/store';
import { NOON } from './samples-of-data';

const BYTES = Uint8Array.from([0, 255, 123, 34, 0xd8, 10]);
const message = (id: string, over: Partial<AsideMessage> = {}): AsideMessage => ({
  ...{ id, source: 'github', receivedAt: NOON, why: 'The message is no JSON.', size: BYTES.length, by: 'signature' },
  ...{ headers: { 'x-github-event': 'workflow_run' }, body: BYTES },
  ...over,
});

/** What keeps messages that could not be read, and signed ones that were taken in. */
export function asideContract(getStore: () => Store): void {
  test('a message that could not be read is kept byte for byte, once, until it is dropped', async () => {
    const { setAside } = getStore();
    expect([await setAside.keep(message('a'), 9), await setAside.keep(message('a', { why: 'again' }), 9)]).toEqual([true, true]);
    expect(await setAside.get('a')).toEqual(message('a'));
    await setAside.failed('a', 'Still none.');
    const { body: _body, headers: _headers, ...entry } = message('a', { why: 'Still none.' });
    expect(await setAside.list(5)).toEqual([entry]);
    expect([await setAside.drop('a'), await setAside.drop('a'), await setAside.get('a')]).toEqual([true, false, undefined]);
  });

  test('never more than the limit, though many come at once', async () => {
    const { setAside } = getStore();
    const kept = await Promise.all(['b', 'c', 'd', 'e'].map((id) => setAside.keep(message(id), 2)));
    expect([kept.filter(Boolean).length, await setAside.count(NOON)]).toEqual([2, 2]);
    await setAside.forget(NOON + 1);
  });

  test('old ones are forgotten, and are not counted before', async () => {
    const { setAside } = getStore();
    await setAside.keep(message('old'), 9);
    await setAside.keep(message('new', { receivedAt: NOON + 10 }), 9);
    expect(await setAside.count(NOON + 1)).toBe(1);
    await setAside.forget(NOON + 1);
    expect((await setAside.list(5)).map(({ id }) => id)).toEqual(['new']);
    await setAside.drop('new');
  });

  test('a signed message is known until its time is over, to its own source only', async () => {
    const { seen } = getStore();
    await seen.remember('github', 'digest', NOON + 10, NOON);
    expect([await seen.has('github', 'digest', NOON + 10), await seen.has('pagerduty', 'digest', NOON)]).toEqual([true, false]);
    await seen.remember('github', 'other', NOON + 20, NOON + 11);
    expect([await seen.has('github', 'digest', NOON), await seen.has('github', 'other', NOON)]).toEqual([false, true]);
  });
}
