import { afterNothing } from '../../../domain/actions/again';

const attempt = { startedAt: 1_000, idempotent: false };

test('an effect has its time to show, counted from the last attempt', () => {
  expect(afterNothing({ again: 'safe', settleMs: 60_000 }, attempt, 21_000)).toEqual({ kind: 'wait', ms: 40_000 });
});

test('after that it is done again where this does no harm, and else a person is asked', () => {
  expect(afterNothing({ again: 'safe', settleMs: 60_000 }, attempt, 61_000)).toEqual({ kind: 'do' });
  expect(afterNothing({ again: 'declared', settleMs: 60_000 }, { ...attempt, idempotent: true }, 61_000)).toEqual({ kind: 'do' });
  const asked = afterNothing({ again: 'declared', settleMs: 60_000 }, attempt, 61_000);
  expect(asked).toMatchObject({ kind: 'ask', reason: expect.stringMatching(/nothing of it came to show within 1m; it is not begun a second time/) as string });
});
