import { humanDuration, relativeTime, utcTime } from '../../domain/human-time';

describe('times as people say them', () => {
  it.each([
    [0, '0 ms'],
    [-5, '0 ms'],
    [850, '850 ms'],
    [12_999, '12 s'],
    [200_000, '3 m 20 s'],
    [7_200_000, '2 h'],
    [273_600_000, '3 d 4 h'],
  ])('%d ms reads %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });

  it('says how long ago, and in how long', () => {
    const now = Date.parse('2026-11-20T14:05:00Z');
    expect(relativeTime('2026-11-20T14:02:00Z', now)).toBe('3 m ago');
    expect(relativeTime('2026-11-23T14:05:00Z', now)).toBe('in 3 d');
    expect(relativeTime(now - 10, now)).toBe('just now');
    expect(relativeTime('nonsense', now)).toBe('at an unknown time');
  });

  it('writes times in UTC and says so', () => {
    expect(utcTime('2026-11-20T15:05:00+01:00')).toBe('2026-11-20 14:05:00 UTC');
    expect(utcTime('nonsense')).toBe('unknown time');
  });
});
