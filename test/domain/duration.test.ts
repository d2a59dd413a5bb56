import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../domain/duration';

describe('durations', () => {
  it.each([
    ['0s', 0],
    ['500ms', 500],
    ['90s', 90_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['3d', 259_200_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([90, '90'])('a bare number (%p) is refused with what to write', (value) => {
    expect(() => parseDuration(value)).toThrow('90 has no unit; write 90s, 90m or 90h');
  });

  it.each(['', 's', '1.5h', '-5m', '5 m', '1h30m', '5w', null, undefined, {}])('%p is refused', (value) => {
    expect(() => parseDuration(value)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });

  it('longer than a year is refused', () => {
    expect(() => parseDuration('366d')).toThrow('365d is the longest');
  });

  it('text and milliseconds say the same', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 365 * 86_400_000 }), (ms) => parseDuration(formatDuration(ms)) === ms));
  });
});
