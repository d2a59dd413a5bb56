/* eslint-disable jest/no-export -- a suite that is run against every database */
import { MOST_SEEN_SERVICES } from '../../../adapters/postgres/seen-services';
import type { Store } from '../../../ports/store';
import { NOON } from './samples-of-data';

const place = (service: string, environment = 'prod') => ({ environment, service });

/** What must hold of services that were told of. */
export function servicesContract(getStore: () => Store): void {
  test('keeps when a service was told of first and last, and by what, in whatever order it is noted', async () => {
    const { services } = getStore();
    await services.note([place('cart'), place('cart'), place('cart', 'staging')], 'alert', NOON);
    await services.note([place('cart')], 'change', NOON + 5000);
    await services.note([place('cart')], 'alert', NOON - 5000);
    await services.note([], 'alert', NOON);
    expect(await services.list()).toEqual([
      { ...place('cart'), firstSeen: NOON - 5000, lastSeen: NOON + 5000, alerts: true, changes: true },
      { ...place('cart', 'staging'), firstSeen: NOON, lastSeen: NOON, alerts: true, changes: false },
    ]);
  });

  test('of too many it forgets those that were not told of for longest', async () => {
    const { services } = getStore();
    const many = Array.from({ length: MOST_SEEN_SERVICES }, (_, i) => place(`s${String(i)}`, 'many'));
    await services.note(many, 'alert', NOON + 60_000);
    await services.note([place('one-more', 'many')], 'alert', NOON + 61_000);
    const kept = await services.list();
    expect([kept.length, kept.some((each) => each.service === 'cart'), kept.some((each) => each.service === 'one-more')]).toEqual([
      MOST_SEEN_SERVICES,
      false,
      true,
    ]);
  });
}
