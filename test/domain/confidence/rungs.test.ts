import { earnedRung, lacksFor } from '../../../domain/confidence/rungs';
import { withGate } from '../../../domain/confidence/settings';
import type { Rung } from '../../../domain/names';
import { DAY, Told } from './outcomes';

const SAFE = { risk: 'low', reversible: true } as const;
const rungOf = ({ record, now }: Told): Rung => earnedRung(record, SAFE, now);
/** Enough recoveries, and enough incidents left alone, for `auto`. */
const earned = (): Told => new Told().leave(20).tell(150);

test('without a record a person is asked', () => {
  expect(rungOf(new Told())).toBe('approve');
});

test('it rises to veto and then to auto by recoveries alone', () => {
  const told = new Told().leave(20);
  const seen: Rung[] = [];
  for (let n = 0; n < 150; n += 1) if (seen.at(-1) !== rungOf(told.tell(1))) seen.push(rungOf(told));
  expect(seen).toEqual(['approve', 'veto', 'auto']);
});

test('a runbook that starts in the shadow rises by what persons do by hand', () => {
  const told = new Told({}, { start: 'shadow' });
  expect(rungOf(told)).toBe('shadow');
  expect(rungOf(told.tell(3, { actedBy: 'person' }))).toBe('suggest');
  expect(rungOf(told.tell(12, { actedBy: 'person' }))).toBe('approve');
});

test('one harm demotes at once to approve, and it is earned anew', () => {
  const told = earned();
  expect(rungOf(told)).toBe('auto');
  expect(rungOf(told.tell(1, { verdict: 'worse' }))).toBe('approve');
  expect(rungOf(told.tell(100))).toBe('veto');
  expect(rungOf(told.tell(60))).toBe('auto');
});

test('a second harm within a year leaves it to persons, a third to the shadow, until they are a year old', () => {
  const told = earned().tell(2, { verdict: 'worse' });
  expect(rungOf(told)).toBe('suggest');
  expect(rungOf(told.tell(1, { verdict: 'worse' }))).toBe('shadow');
  told.now += 365 * DAY;
  expect(rungOf(told)).toBe('approve');
});

test('one failure takes auto to veto until five recoveries in a row', () => {
  const told = earned().tell(100).tell(1, { verdict: 'unchanged' });
  expect(rungOf(told)).toBe('veto');
  expect(rungOf(told.tell(4))).toBe('veto');
  expect(rungOf(told.tell(1))).toBe('auto');
});

test('two failures of the last ten end acting alone', () => {
  const told = earned().tell(200).tell(1, { verdict: 'unchanged' }).tell(5).tell(1, { verdict: 'partial' });
  expect(rungOf(told)).toBe('approve');
  expect(lacksFor('veto', told.record, SAFE, told.now)).toEqual(['lately']);
});

test('what nobody could measure is no recovery', () => {
  expect(rungOf(earned().tell(100).tell(1, { verdict: 'unknown' }))).toBe('veto');
});

test('a recovery that nothing confirms earns nothing', () => {
  const told = new Told().leave(20).tell(500, { corroborated: false });
  expect(rungOf(told)).toBe('approve');
  expect(told.record.own.outcomes).toBe(0);
});

test('a runbook that is neither reversible nor of low risk never acts alone', () => {
  const { record, now } = earned();
  expect(earnedRung(record, { risk: 'medium', reversible: false }, now)).toBe('approve');
  expect(lacksFor('auto', record, { risk: 'medium', reversible: false }, now)).toEqual(['danger']);
  expect(earnedRung(record, { risk: 'high', reversible: true }, now)).toBe('auto');
});

test('where nobody knows how many heal alone, it does not act alone', () => {
  const told = new Told().tell(150);
  expect(rungOf(told)).toBe('approve');
  expect(lacksFor('auto', told.record, SAFE, told.now)).toEqual(['uplift']);
});

test('where most heal alone, recoveries earn nothing', () => {
  expect(rungOf(new Told().leave(200, 'recovered').tell(1000))).toBe('approve');
});

test('autonomy fades when nothing is verified any more', () => {
  const told = earned();
  told.now += 3 * 365 * DAY;
  expect(rungOf(told)).toBe('approve');
});

test('the gate is the policy’s, whichever it is', () => {
  const rungAt = (gate: number): Rung => rungOf(new Told({}, withGate(gate)).leave(20).tell(150));
  expect([rungAt(0.93), rungAt(0.95), rungAt(0.99)]).toEqual(['auto', 'auto', 'veto']);
});
