import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import type { Statement } from '../../domain/approval';
import { signStatement, verifyStatement } from '../../domain/approval-signature';

const secret = Buffer.alloc(32, 7);
const statement: Statement = {
  incidentId: 'inc-abc',
  proposal: 'f'.repeat(64),
  verdict: 'approve',
  parameters: { from: '1.5.0', to: '1.4.0' },
  person: 'ana',
  breakGlass: false,
  reason: 'Looks right.',
  at: '2026-11-20T10:00:00.000Z',
  acceptBy: '2026-11-20T10:00:05.000Z',
};
const signature = signStatement(secret, statement);

describe('a signed statement', () => {
  it('is HMAC-SHA-256 in base64url over its purpose and its canonical JSON', () => {
    const text =
      'nightshift/decision/v1\n{"acceptBy":"2026-11-20T10:00:05.000Z","at":"2026-11-20T10:00:00.000Z","breakGlass":false,"incidentId":"inc-abc",' +
      `"parameters":{"from":"1.5.0","to":"1.4.0"},"person":"ana","proposal":"${'f'.repeat(64)}","reason":"Looks right.","verdict":"approve"}`;
    expect(signature).toBe(createHmac('sha256', secret).update(text).digest('base64url'));
  });

  it('stays valid over a round trip through JSON, another order of members, and what the workflow adds', () => {
    const turned = Object.fromEntries(Object.entries(statement).reverse()) as unknown as Statement;
    const recorded = JSON.parse(JSON.stringify({ ...turned, signature, acceptedAt: '2026-11-20T10:00:01.000Z', via: 'api' })) as Statement;
    expect(verifyStatement(secret, recorded)).toBe(true);
  });

  it('fails by another secret, without a signature, and with a broken one', () => {
    expect(verifyStatement(Buffer.alloc(32, 8), { ...statement, signature })).toBe(false);
    expect(verifyStatement(secret, statement)).toBe(false);
    for (const broken of ['', 'x', `${signature}=`, `${signature}A`, signature.slice(1), `${signature.slice(0, -1)}!`]) {
      expect(verifyStatement(secret, { ...statement, signature: broken })).toBe(false);
    }
  });

  it('fails when any one member is altered, added or taken away', () => {
    const keys = Object.keys(statement) as (keyof Statement)[];
    const other = fc.oneof(fc.string(), fc.boolean(), fc.constant(undefined), fc.dictionary(fc.string(), fc.string()));
    fc.assert(
      fc.property(fc.constantFrom(...keys), other, (key, value) => {
        fc.pre(JSON.stringify(value) !== JSON.stringify(statement[key]));
        return !verifyStatement(secret, { ...statement, [key]: value, signature });
      }),
    );
  });

  it('fails when any one bit of the signature is turned', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: signature.length - 1 }),
        fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'),
        (at, letter) => {
          fc.pre(signature[at] !== letter);
          return !verifyStatement(secret, { ...statement, signature: signature.slice(0, at) + letter + signature.slice(at + 1) });
        },
      ),
    );
  });
});
