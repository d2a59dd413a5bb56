import { beforeSets, foundSet, putBack, raised } from '../../../domain/aws/capacity';
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
  const sets = [{ token: 't', was: { min: 2, max: 10, desired: 4 }, to: 6 }];
  expect(putBack({ ...NOW, min: 6, desired: 6 }, sets)).toMatchObject({ to: 2, desired: 4 });
  expect(putBack({ ...NOW, min: 6, desired: 8 }, sets)).not.toHaveProperty('desired');
  expect(putBack({ ...NOW, min: 7 }, sets)).toHaveProperty('unmet');
  expect(putBack(NOW, [])).toHaveProperty('unmet');
});

test.each([
  ['set once', [[2, 6]], 6, 2],
  [
    'set twice, one upon the other',
    [
      [2, 6],
      [6, 8],
    ],
    8,
    2,
  ],
  [
    'of two the second was refused',
    [
      [2, 6],
      [6, 8],
    ],
    6,
    2,
  ],
  [
    'of two the first was refused, and somebody changed it between them',
    [
      [2, 6],
      [4, 8],
    ],
    8,
    4,
  ],
  [
    'set, gone back by itself, and set again',
    [
      [2, 6],
      [2, 8],
    ],
    8,
    2,
  ],
  [
    'set twice to the same',
    [
      [2, 6],
      [2, 6],
    ],
    6,
    2,
  ],
  [
    'changed by somebody',
    [
      [2, 6],
      [6, 8],
    ],
    7,
    undefined,
  ],
  ['nothing was set', [], 6, undefined],
] as const)('%s: what was there before %p, at %p, is %p', (_what, sets, min, before) => {
  const known = sets.map(([from, to], i) => ({ token: String(i), was: { min: from, max: 10 }, to }));
  expect(beforeSets(known, min)?.min).toBe(before);
});
