import { confirmationOf, confirmedCause, remediesOf } from '../../../domain/knowledge/confirmed';
import { lessonOf } from '../../../domain/knowledge/lesson';
import { fixed, outcome } from './samples';

const byPerson = fixed({ outcome: { kind: 'resolved-by-person', summary: 'ana: the provider was down' } });

test('a measured fix and a person who closed it confirm an end; what went by itself confirms nothing', () => {
  expect(confirmationOf(fixed())).toBe('measurement');
  expect(confirmationOf(byPerson)).toBe('person');
  expect(confirmationOf(fixed({ outcome: { kind: 'recovered-unaided', summary: 'every alert ended' } }))).toBeUndefined();
});

test('nothing is confirmed of an incident that is not over, nor by Nightshift closing in its own name', () => {
  expect(confirmationOf(fixed({ status: 'watching' }))).toBeUndefined();
  expect(confirmationOf(fixed({ outcome: { kind: 'resolved-by-person', summary: 'nightshift: duplicate' } }))).toBeUndefined();
});

test('nothing is learnt from an end that nobody confirmed', () => {
  const unaided = fixed({ outcome: { kind: 'recovered-unaided', summary: 'every alert ended' } });
  expect(lessonOf(unaided, [outcome('unchanged')], undefined)).toBeUndefined();
});

test('a cause is confirmed by a measured recovery for it that stayed, and by no note of a person', () => {
  expect(confirmedCause(fixed(), [outcome('unchanged', { cause: 'resource-exhaustion' }), outcome('recovered', { round: 2 })])).toBe('bad-release');
  expect(confirmedCause(fixed(), [outcome('recovered', { cause: 'resource-exhaustion' })])).toBeUndefined();
  expect(confirmedCause(fixed(), [outcome('recovered'), outcome('relapsed')])).toBeUndefined();
  expect(lessonOf(byPerson, [], undefined)?.card).not.toHaveProperty('cause');
});

test('of a round that recovered and came back the remedy did not help, and the next one did', () => {
  const outcomes = [outcome('recovered'), outcome('relapsed'), outcome('recovered', { round: 2, runbook: 'restart-service' })];
  expect(remediesOf(fixed(), outcomes).map(({ runbook, verdict, helped }) => [runbook, verdict, helped])).toEqual([
    ['rollback-release', 'relapsed', false],
    ['restart-service', 'recovered', true],
  ]);
});

test('a runbook that averted what was predicted helped, though nothing was there to recover', () => {
  expect(remediesOf(fixed(), [outcome('unknown', { runbook: 'scale-out' })])).toEqual([
    { round: 1, runbook: 'scale-out', service: 'bookshop', verdict: 'averted', helped: true },
  ]);
});
