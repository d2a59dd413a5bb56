import { asFailure } from '../../activities/failure';
import { NightshiftError } from '../../domain/errors';

test('the time that the other side wants to be left alone is kept for the next attempt', () => {
  const limited = asFailure(new NightshiftError('not_begun', 'too many', [], { retryAfterMs: 40_000 }));
  expect(limited).toMatchObject({ type: 'not_begun', nonRetryable: false, nextRetryDelay: 40_000 });
});

test('an error without such a time, or that cannot get better, has none', () => {
  expect(asFailure(new NightshiftError('not_begun', 'lost', [], { cause: new Error('x') }))).not.toHaveProperty('nextRetryDelay', expect.anything());
  expect(asFailure(new NightshiftError('effect_failed', 'no', [], { retryAfterMs: 5 }))).not.toHaveProperty('nextRetryDelay', expect.anything());
});
