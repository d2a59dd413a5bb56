import type { Proposal } from '../../domain/proposal';
import { sealWarrant, warrantFault } from '../../domain/warrant';
import type { WarrantTerms } from '../../domain/warrant';

const secret = Buffer.alloc(32, 1);
const NOW = Date.parse('2026-11-22T03:00:00Z');
const terms: WarrantTerms = { incidentId: 'inc-1', proposal: 'd1', mode: 'veto', cause: 'bad-release', score: 0.8, corroborated: true, notBefore: NOW };
const proposal = { incidentId: 'inc-1', digest: 'd1' } as Proposal;
const validForMs = 3_600_000;
const at = (now: number) => ({ now, validForMs });

test('a sealed warrant carries its proposal, from its time on and as long as an approval would', () => {
  const warrant = sealWarrant(secret, terms);
  expect(warrantFault(secret, warrant, proposal, at(NOW))).toBeUndefined();
  expect(warrantFault(secret, warrant, proposal, at(NOW + validForMs))).toBeUndefined();
  expect(warrantFault(secret, warrant, proposal, at(NOW + validForMs + 1))).toBe('Policy let it act alone more than 1h ago.');
  expect(warrantFault(secret, warrant, proposal, at(NOW - 60_000))).toBe('The time in which a person may object is not over.');
});

test.each([
  ['edited', (w: object) => ({ ...w, mode: 'auto' })],
  ['made earlier', (w: object) => ({ ...w, notBefore: 0 })],
  ['said to be corroborated', (w: object) => ({ ...w, score: 1 })],
  ['unsealed', ({ ...w }) => ({ ...w, seal: undefined })],
  ['sealed by anybody', (w: object) => ({ ...w, seal: 'A'.repeat(43) })],
  ['sealed in letters of more bytes', (w: object) => ({ ...w, seal: 'ä'.repeat(43) })],
])('one that was %s is none', (_what, forge) => {
  const forged = forge(sealWarrant(secret, terms)) as ReturnType<typeof sealWarrant>;
  expect(warrantFault(secret, forged, proposal, at(NOW))).toBe('What says that policy lets it act alone was not written by Nightshift.');
});

test('one of another store, of another incident, or of another proposal is none', () => {
  const warrant = sealWarrant(secret, terms);
  expect(warrantFault(Buffer.alloc(32, 2), warrant, proposal, at(NOW))).toMatch(/not written by Nightshift/);
  for (const other of [{ incidentId: 'inc-2' }, { digest: 'd2' }]) {
    expect(warrantFault(secret, warrant, { ...proposal, ...other }, at(NOW))).toBe('It was another proposal that policy let act alone.');
  }
});
