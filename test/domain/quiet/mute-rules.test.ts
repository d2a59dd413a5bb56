import { muteSilences, pastMuteSilences } from '../../../domain/quiet/mute-rules';
import type { MuteRule } from '../../../domain/quiet/mute-rules';
import { readySilence, silencing } from '../../../domain/quiet/silence';
import { muteSchedule } from '../../../domain/quiet/schedule-expression';

const PLACE = { account: '123456789012', region: 'eu-central-1' };
const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(text);

function rule(over: Partial<MuteRule> = {}): MuteRule {
  const schedule = { expression: 'cron(0 2 * * SUN)', duration: 'PT4H', timezone: 'Europe/Berlin' };
  return { arn: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm-mute-rule:patching', name: 'patching', schedule, alarms: ['checkout-errors'], ...over };
}

function holds(expression: string, when: string, duration = 'PT1H', timezone = 'UTC'): string | undefined {
  const begin = muteSchedule({ expression, duration, timezone }).last(at(when));
  return begin === undefined ? undefined : new Date(begin).toISOString().slice(0, 16);
}

test.each([
  ['cron(0 2 * * *)', '2026-05-12T02:59:59Z', '2026-05-12T02:00'],
  ['cron(0 2 * * *)', '2026-05-12T03:00:00Z', undefined],
  ['cron(0 2 * * *)', '2026-05-12T01:59:59Z', undefined],
  // A Sunday, and a Monday.
  ['cron(30 2 * * SUN)', '2026-05-10T03:00:00Z', '2026-05-10T02:30'],
  ['cron(30 2 * * SUN)', '2026-05-11T03:00:00Z', undefined],
  ['cron(0 22 * * fri-mon)', '2026-05-11T22:10:00Z', '2026-05-11T22:00'],
  ['cron(0 22 * * FRI-MON)', '2026-05-12T22:10:00Z', undefined],
  ['cron(0 1 1 JAN,jul *)', '2026-07-01T01:10:00Z', '2026-07-01T01:00'],
  ['cron(0,30 8-10 * * *)', '2026-05-12T09:45:00Z', '2026-05-12T09:30'],
  ['cron(0 1 31 * *)', '2026-05-01T01:10:00Z', undefined],
  ['at(2026-05-10T14:00)', '2026-05-10T14:59:00Z', '2026-05-10T14:00'],
  ['at(2026-05-10T14:00)', '2026-05-10T15:00:00Z', undefined],
])('%s holds at %s since %s', (expression, when, since) => {
  expect(holds(expression, when)).toBe(since);
});

test('a window of days holds over midnight and the end of the month, in the time of its zone', () => {
  const weekend = ['cron(0 18 * * FRI)', 'P2DT12H', 'America/New_York'] as const;
  const [expression, duration, zone] = weekend;
  expect(holds(expression, '2026-06-01T09:59:00Z', duration, zone)).toBe('2026-05-29T22:00');
  expect(holds(expression, '2026-06-01T10:00:00Z', duration, zone)).toBeUndefined();
});

test('where the clock is set back, the window of an hour that comes twice begins with the first; where it jumps over the hour, at the jump', () => {
  // 25 October, 03:00 to 02:00.
  expect(holds('cron(30 2 * * *)', '2026-10-25T01:10:00Z', 'PT1H', 'Europe/Berlin')).toBe('2026-10-25T00:30');
  // 29 March, 02:00 to 03:00.
  expect(holds('cron(30 2 * * *)', '2026-03-29T01:10:00Z', 'PT1H', 'Europe/Berlin')).toBe('2026-03-29T01:00');
});

test('a window that begins soon is known before, and each that holds ends when it ends', () => {
  const soon = muteSilences([rule()], PLACE, at('2026-05-09T23:30:00Z'), HOUR).silences;
  expect(soon.map(({ startsAt, endsAt }) => [new Date(startsAt).toISOString(), endsAt - startsAt])).toEqual([['2026-05-10T00:00:00.000Z', 4 * HOUR]]);
  expect(muteSilences([rule()], PLACE, at('2026-05-09T22:30:00Z'), HOUR).silences).toEqual([]);
});

test('no window begins before the rule does, and none outlasts it', () => {
  const now = at('2026-05-10T01:00:00Z');
  expect(muteSilences([rule({ startsAt: at('2026-05-10T00:30:00Z') })], PLACE, now, 0).silences).toEqual([]);
  const [clipped] = muteSilences([rule({ endsAt: at('2026-05-10T02:00:00Z') })], PLACE, now, 0).silences;
  expect(clipped?.endsAt).toBe(at('2026-05-10T02:00:00Z'));
  expect(muteSilences([rule({ endsAt: now })], PLACE, now, 0).silences).toEqual([]);
});

describe('the silence of a rule', () => {
  const now = at('2026-05-10T01:00:00Z');
  const alert = {
    ...{ source: 'cloudwatch', service: 'checkout', environment: 'prod', title: 'checkout-errors', severity: 'sev2' as const },
    labels: { account: PLACE.account, region: PLACE.region } as Record<string, string>,
  };
  const silent = (over: object, alarms = ['checkout-errors']): boolean => {
    const { silences } = muteSilences([rule({ alarms })], PLACE, now, 0);
    return silencing(silences.map(readySilence), { ...alert, ...over }, now) !== undefined;
  };

  test('fits the alarm of that name in its account and region', () => {
    expect(silent({})).toBe(true);
  });

  test.each([
    ['another alarm', { title: 'checkout-errors-2' }],
    ['the same name in another account', { labels: { account: '210987654321', region: PLACE.region } }],
    ['the same name in another region', { labels: { account: PLACE.account, region: 'us-east-1' } }],
    ['the same name by another source', { source: 'prometheus' }],
    ['an alert whose account is not known', { labels: {} }],
  ])('does not fit %s', (_what, over) => {
    expect(silent(over)).toBe(false);
  });

  test('fits each of a hundred alarms, and names with signs of regular expressions as they are', () => {
    const alarms = Array.from({ length: 100 }, (_none, i) => `${'x'.repeat(150)}.(${String(i)})`);
    expect(silent({ title: alarms[99] }, alarms)).toBe(true);
    expect(silent({ title: alarms[0]?.replace('.', 'x') }, alarms)).toBe(false);
  });
});

test.each([
  ['a rate', { expression: 'rate(5 minutes)' }],
  ['a step', { expression: 'cron(*/5 * * * *)' }],
  ['six fields', { expression: 'cron(0 2 * * SUN 2026)' }],
  ['weekdays by number', { expression: 'cron(0 2 * * 1)' }],
  ['both kinds of day', { expression: 'cron(0 2 1 * SUN)' }],
  ['an hour that is none', { expression: 'cron(0 24 * * *)' }],
  ['a day that is none', { expression: 'at(2026-02-30T14:00)' }],
  ['months as a duration', { duration: 'P1M' }],
  ['a duration that is too long', { duration: 'P16D' }],
  ['no duration', { duration: 'P' }],
  ['a zone that nobody knows', { timezone: 'Mars/Base' }],
])('a rule with %s silences nothing and is told', (_what, over) => {
  const schedule = { expression: 'cron(* * * * *)', duration: 'PT1H', ...over };
  const { silences, problems } = muteSilences([rule({ schedule })], PLACE, at('2026-05-10T01:00:00Z'), HOUR);
  expect(silences).toEqual([]);
  expect(problems).toEqual([expect.stringMatching(/^The mute rule patching of 123456789012\/eu-central-1 cannot be used: .{10,}\.$/)]);
});

describe('in a look back', () => {
  const SPAN = { from: at('2026-05-01T00:00:00Z'), to: at('2026-05-15T00:00:00Z') };
  const windows = (over: Partial<MuteRule>) =>
    pastMuteSilences([rule(over)], PLACE, SPAN).silences.map(({ startsAt, endsAt }) =>
      [startsAt, endsAt].map((time) => new Date(time).toISOString().slice(5, 16)),
    );

  it('every window of the span counts, on the wall of its zone, with one that began before it', () => {
    const nights = windows({ schedule: { expression: 'cron(0 20 * * THU,SUN)', duration: 'PT12H', timezone: 'Europe/Berlin' } });
    expect(nights).toEqual([
      ['04-30T18:00', '05-01T06:00'],
      ['05-03T18:00', '05-04T06:00'],
      ['05-07T18:00', '05-08T06:00'],
      ['05-10T18:00', '05-11T06:00'],
      ['05-14T18:00', '05-15T06:00'],
    ]);
  });

  it('a rule that is over counts for its time, and one before or after the span does not', () => {
    expect(windows({ endsAt: at('2026-05-03T01:00:00Z') })).toEqual([['05-03T00:00', '05-03T01:00']]);
    expect(windows({ schedule: { expression: 'at(2026-05-04T10:00)', duration: 'PT2H' } })).toEqual([['05-04T10:00', '05-04T12:00']]);
    for (const day of ['2026-04-20', '2026-05-20']) expect(windows({ schedule: { expression: `at(${day}T10:00)`, duration: 'PT2H' } })).toEqual([]);
  });

  it('what a rule muted before it was changed is not known, which is told', () => {
    const changed = { updatedAt: at('2026-05-10T01:30:00Z') };
    expect(windows(changed)).toEqual([['05-10T01:30', '05-10T04:00']]);
    const { problems } = pastMuteSilences([rule(changed), rule({ updatedAt: at('2026-04-01T00:00:00Z') })], PLACE, SPAN);
    expect(problems).toEqual([
      'The mute rule patching of 123456789012/eu-central-1 was written or changed at 2026-05-10T01:30:00.000Z; what it muted before is not known.',
    ]);
  });

  it('a rule that begins all the time is told and silences nothing, rather than in part', () => {
    const { silences, problems } = pastMuteSilences([rule({ schedule: { expression: 'cron(* * * * *)', duration: 'PT1M' } })], PLACE, SPAN);
    expect([silences, problems]).toEqual([[], [expect.stringContaining('began more than 2000 times')]]);
  });
});
