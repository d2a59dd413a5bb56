import fc from 'fast-check';
import { effectToken, TOKEN_NAMESPACE } from '../../domain/tokens';

const effect = { incidentId: 'inc-abcdefghij234567', round: 1, step: 'deploy-earlier', target: 'local/local/bookshop-local/local/service/bookshop' };

describe('the token of an effect', () => {
  it('never changes over versions of Nightshift, as effects in the world carry it', () => {
    expect(TOKEN_NAMESPACE).toBe('c6b0638f-93b6-4bbd-a793-26f1b64f0b5e');
    expect(effectToken(effect)).toBe('882f4232-2a51-5d23-ae8c-ade21fbc7754');
  });

  it('is a UUID of version 5, which every AWS token field takes', () => {
    expect(effectToken(effect)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('differs for every other incident, round, step or target, even where their texts run together', () => {
    const part = fc.stringMatching(/^[a-z/"]{0,4}$/);
    const input = fc.record({ incidentId: part, round: fc.nat({ max: 12 }), step: part, target: part });
    fc.assert(fc.property(input, input, (a, b) => (effectToken(a) === effectToken(b)) === (JSON.stringify(a) === JSON.stringify(b))));
  });
});
