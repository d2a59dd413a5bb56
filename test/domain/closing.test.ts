import fc from 'fast-check';
import { malformedClosing, recordedClosing } from '../../domain/closing';
import type { Closing } from '../../domain/closing';
import { signClosing, verifyClosing } from '../../domain/closing-signature';
import { signStatement } from '../../domain/approval-signature';

const NOW = Date.UTC(2026, 0, 5, 12);
const secret = Buffer.alloc(32, 7);
const closing: Closing = {
  ...{ incidentId: 'inc-a', proposal: 'f'.repeat(64), runbook: 'rollback-release', what: 'rolled it back', person: 'ana' },
  ...{ at: '2026-01-05T12:00:00.000Z', acceptBy: '2026-01-05T12:00:02.000Z' },
};
const signed = signClosing(secret, closing);

test('a signed closing stays valid through JSON and what the workflow adds', () => {
  expect(verifyClosing(secret, JSON.parse(JSON.stringify(recordedClosing(signed, NOW))) as typeof signed)).toBe(true);
});

test('it fails by another secret, and when any one member is altered or taken away', () => {
  expect(verifyClosing(Buffer.alloc(32, 8), signed)).toBe(false);
  const keys = Object.keys(signed) as (keyof typeof signed)[];
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.oneof(fc.string(), fc.constant(undefined)), (key, value) => {
      fc.pre(value !== signed[key]);
      return !verifyClosing(secret, { ...signed, [key]: value });
    }),
  );
});

test('an answer to a proposal is never a closing, though one key signs both', () => {
  const { runbook: _runbook, what: _what, ...statement } = closing;
  expect(verifyClosing(secret, { ...closing, signature: signStatement(secret, { ...statement, verdict: 'approve' }) })).toBe(false);
});

test.each([null, 'yes', {}, { ...signed, signature: undefined }, { ...signed, what: '' }, { ...signed, person: 7 }, { ...signed, what: 'x'.repeat(1001) }])(
  'what is no signed closing is refused with the member that is wrong: %j',
  (value) => {
    expect(malformedClosing(value)).toMatchObject({ code: 'invalid_input', message: expect.stringMatching(/^A signed closing needs "\w+"/) as string });
  },
);

test('a whole one is taken, and one of before that has none', () => {
  expect([malformedClosing(signed), malformedClosing(undefined)]).toEqual([undefined, undefined]);
});
