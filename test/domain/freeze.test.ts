import fc from 'fast-check';
import { freezeProblems, freezesAt, freezeText } from '../../domain/freeze';
import type { Freeze } from '../../domain/policy-types';

const ms = (iso: string) => Date.parse(iso);
const weekend = (zone: string): Freeze => ({ name: 'weekend', zone, environments: ['prod'], from: 'Fri 16:00', to: 'Mon 06:00' });
const range = (zone: string, from: string, to: string): Freeze => ({ name: 'holidays', zone, environments: ['*'], from, to });
const frozen = (freeze: Freeze, iso: string) => freezesAt([freeze], 'prod', ms(iso)).length === 1;
const SECOND = 1000;

/** Asserts that a freeze is in force exactly from one instant to the other, to the second. */
function expectInForce(freeze: Freeze, begin: string, end: string) {
  const at = (time: number) => freezesAt([freeze], 'prod', time);
  expect(at(ms(begin) - SECOND)).toEqual([]);
  expect(at(ms(begin))).toEqual([{ ...freeze, until: ms(end) }]);
  expect(at(ms(end) - SECOND)).toEqual([{ ...freeze, until: ms(end) }]);
  expect(at(ms(end))).toEqual([]);
}

describe('a weekly freeze', () => {
  it.each([
    ['Europe/Berlin', '2026-11-20T15:00:00Z', '2026-11-23T05:00:00Z'],
    ['America/New_York', '2026-11-20T21:00:00Z', '2026-11-23T11:00:00Z'],
    ['Asia/Kolkata', '2026-11-20T10:30:00Z', '2026-11-23T00:30:00Z'],
  ])('runs over the end of the week in %s', (zone, begin, end) => {
    expectInForce(weekend(zone), begin, end);
  });

  it.each([
    ['Europe/Berlin', 'spring', '2026-03-27T15:00:00Z', '2026-03-30T04:00:00Z'],
    ['Europe/Berlin', 'autumn', '2026-10-23T14:00:00Z', '2026-10-26T05:00:00Z'],
    ['America/New_York', 'spring', '2026-03-06T21:00:00Z', '2026-03-09T10:00:00Z'],
    ['America/New_York', 'autumn', '2026-10-30T20:00:00Z', '2026-11-02T11:00:00Z'],
  ])('keeps its local edges over the clock change in %s in %s', (zone, _, begin, end) => {
    expectInForce(weekend(zone), begin, end);
  });

  it('takes the jump where the clock jumps over an edge', () => {
    expectInForce({ ...weekend('Europe/Berlin'), from: 'Sun 02:30', to: 'Sun 12:00' }, '2026-03-29T01:00:00Z', '2026-03-29T10:00:00Z');
    expectInForce({ ...weekend('America/New_York'), from: 'Sat 12:00', to: 'Sun 02:30' }, '2026-03-07T17:00:00Z', '2026-03-08T07:00:00Z');
  });

  it('is the longer one, without a hole, where an edge comes twice', () => {
    expectInForce({ ...weekend('Europe/Berlin'), from: 'Sun 02:30', to: 'Sun 12:00' }, '2026-10-25T00:30:00Z', '2026-10-25T11:00:00Z');
    expectInForce({ ...weekend('America/New_York'), from: 'Sat 12:00', to: 'Sun 01:30' }, '2026-10-31T16:00:00Z', '2026-11-01T06:30:00Z');
  });

  it('holds within one day too, and in small letters', () => {
    expectInForce({ ...weekend('UTC'), from: 'wed 09:00', to: 'wed 10:00' }, '2026-11-18T09:00:00Z', '2026-11-18T10:00:00Z');
  });

  it('that ends before it begins on the same day lasts nearly a week', () => {
    expectInForce({ ...weekend('UTC'), from: 'Wed 10:00', to: 'Wed 09:00' }, '2026-11-18T10:00:00Z', '2026-11-25T09:00:00Z');
  });

  it('begins and ends once in every week of a year, in every zone', () => {
    const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC');
    fc.assert(
      fc.property(zone, fc.integer({ min: 0, max: 51 }), (name, week) => {
        const start = ms('2026-01-05T12:00:00Z') + week * 7 * 86_400_000;
        const states = Array.from({ length: 7 * 24 }, (_, hour) => frozen(weekend(name), new Date(start + hour * 3_600_000).toISOString()));
        const edges = states.filter((state, i) => i > 0 && state !== states[i - 1]).length;
        const hours = states.filter(Boolean).length;
        return edges === (states[0] === states.at(-1) ? 2 : 1) && hours >= 61 && hours <= 63;
      }),
      { numRuns: 10 },
    );
  });
});

describe('a freeze with dates', () => {
  it.each([
    ['Europe/Berlin', '2026-12-23T17:00:00Z', '2027-01-03T23:00:00Z'],
    ['America/New_York', '2026-12-23T23:00:00Z', '2027-01-04T05:00:00Z'],
    ['Asia/Kolkata', '2026-12-23T12:30:00Z', '2027-01-03T18:30:00Z'],
  ])('is local time in %s', (zone, begin, end) => {
    expectInForce(range(zone, '2026-12-23T18:00', '2027-01-04T00:00'), begin, end);
  });

  it('is DST-safe at both changes', () => {
    expectInForce(range('Europe/Berlin', '2026-03-29T02:30', '2026-10-25T02:30'), '2026-03-29T01:00:00Z', '2026-10-25T01:30:00Z');
    expectInForce(range('America/New_York', '2026-03-08T02:30:30', '2026-11-01 01:30'), '2026-03-08T07:00:00Z', '2026-11-01T06:30:00Z');
  });
});

describe('freezes', () => {
  it('hold in their environments only, * being all', () => {
    const at = ms('2026-11-21T12:00:00Z');
    expect(freezesAt([weekend('UTC')], 'demo', at)).toEqual([]);
    expect(freezesAt([{ ...weekend('UTC'), environments: ['*'] }], 'demo', at)).toHaveLength(1);
  });

  it('that cannot be read stop everything instead of nothing', () => {
    expect(() => freezesAt([weekend('Europe/Berlim')], 'prod', 0)).toThrow(expect.objectContaining({ code: 'invalid_config' }));
  });

  it('are told in one line', () => {
    expect(freezeText(weekend('Europe/Berlin'))).toBe('weekend (Fri 16:00 to Mon 06:00, Europe/Berlin)');
  });

  it.each<[string, string, string, string]>([
    ['Europe/Berlim', 'Fri 16:00', 'Mon 06:00', 'zone'],
    ['UTC', 'Friday 16:00', 'Mon 06:00', 'from'],
    ['UTC', 'Fri 24:00', 'Mon 06:00', 'from'],
    ['UTC', 'Fri 16:00', '2026-12-24T00:00', 'to'],
    ['UTC', 'Fri 16:00', 'Fri 16:00', 'to'],
    ['UTC', '2026-12-24T00:00', '2026-12-23T00:00', 'to'],
    ['UTC', '2026-02-30T00:00', '2026-03-23T00:00', 'from'],
    ['UTC', '2026-12-24T00:00Z', '2026-12-25T00:00', 'from'],
    ['UTC', '2026-12-24', '2026-12-25T00:00', 'from'],
  ])('in %s from %s to %s are refused at %s', (zone, from, to, path) => {
    expect(freezeProblems({ zone, from, to }).map((each) => each.path)).toEqual([path]);
  });
});
