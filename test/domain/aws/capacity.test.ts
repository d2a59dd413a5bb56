import { foundSet, putBack, raised } from '../../../domain/aws/capacity';
import type { Capacity } from '../../../domain/aws/capacity';

const NOW: Capacity = { name: 'web', min: 2, max: 10, desired: 4, base: 4, running: 4, suspended: { growth: false, schedule: false } };

test.each([
  [{}, { by: '+50%' }, { to: 6 }],
  [{}, { by: '+2' }, { to: 6 }],
  [{ base: 0, min: 0 }, { by: '+50%' }, { to: 1 }],
  [{ base: 9 }, { by: '+50%' }, { to: 10, note: '+50% would be 14, its maximum is 10' }],
  [{}, { to: '3' }, { to: 3 }],
  [{}, { to: '10', most: '10' }, { to: 10 }],
  [{ min: 6, base: 6 }, { to: '6' }, { unmet: 'web has a minimum of 6 already' }],
  [{ base: 10 }, { by: '+1' }, { unmet: 'web is at its maximum of 10 already; raise that first' }],
])('of %p raised %p is %p', (more, wish, wanted) => {
  expect(raised({ ...NOW, ...more }, wish)).toEqual(wanted);
});

test.each([
  ['as before', { min: 2 }, false, 'absent'],
  ['as before, though it was accepted', { min: 2 }, true, 'in-progress'],
  ['as wanted, and runs', { min: 6, running: 6 }, false, 'done'],
  ['as wanted, and does not run yet', { min: 6, running: 5 }, false, 'in-progress'],
  ['as wanted, and nobody sees what runs', { min: 6, running: undefined }, false, 'done'],
  ['something else', { min: 5 }, true, 'ambiguous'],
])('found %s', (_what, more, accepted, state) => {
  const { running, ...rest } = { ...NOW, ...more };
  const now: Capacity = { ...rest, ...(running === undefined ? {} : { running }) };
  expect(foundSet({ was: { min: 2, max: 10 }, to: 6 }, now, accepted).state).toBe(state);
});

test('without a plan nothing was begun, and what does not show is no other than before', () => {
  expect(foundSet(undefined, NOW, true)).toEqual({ state: 'absent' });
  expect(foundSet({ was: { min: 2, max: 10 }, to: 6 }, undefined, false)).toEqual({ state: 'absent' });
});

test('what was there is put back only where it still is what was set, and the size only where it came with that', () => {
  const before = { was: { min: 2, max: 10, desired: 4 }, set: 6, token: 't' };
  expect(putBack({ ...NOW, min: 6, desired: 6 }, before)).toMatchObject({ to: 2, desired: 4 });
  expect(putBack({ ...NOW, min: 6, desired: 8 }, before)).not.toHaveProperty('desired');
  expect(putBack({ ...NOW, min: 7 }, before)).toHaveProperty('unmet');
  expect(putBack(NOW, undefined)).toHaveProperty('unmet');
});
