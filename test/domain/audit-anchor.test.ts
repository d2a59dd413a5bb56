import { generateKeyPairSync } from 'node:crypto';
import { anchorName, anchorText, keyIdOf, readAnchors, toldByName } from '../../domain/audit-anchor';
import { anchorAfter, keyPair, ledgerOf } from '../fakes/sample-ledger';

const keys = keyPair();
const records = ledgerOf([{ stream: 'inc-a' }, { stream: 'inc-b' }, { stream: 'inc-a' }]);
const anchor = anchorAfter(records, 3, keys.privateKey);
const read = (text: string, publicKeys: readonly string[] = [keys.publicKey]) => readAnchors([{ name: 'a.json', text }], publicKeys);

test('a signed head is read with the key that signed it, among others', () => {
  expect(read(anchorText(anchor), [keyPair().publicKey, keys.publicKey])).toEqual({ anchors: [anchor], faults: [] });
});

test.each([
  ['another length', { count: 2 }],
  ['another hash', { ledger: '0'.repeat(64) }],
  ['another time', { at: '2026-03-01T12:02:00.000Z' }],
  ['a stream less', { streams: {} }],
  ['a signature of something else', { signature: anchorAfter(records, 2, keys.privateKey).signature }],
])('one with %s is forged', (_what, change) => {
  const { anchors, faults } = read(anchorText({ ...anchor, ...change }));
  expect(anchors).toEqual([]);
  expect(faults).toMatchObject([{ kind: 'forged-anchor', message: 'a.json does not count: its signature is wrong.' }]);
});

test('one that another key signed is forged, also under the name of the right key', () => {
  const other = anchorAfter(records, 3, keyPair().privateKey);
  expect(read(anchorText(other)).faults).toMatchObject([{ kind: 'forged-anchor', message: expect.stringContaining(`names the key ${other.key}`) as string }]);
  expect(read(anchorText({ ...other, key: anchor.key })).faults).toMatchObject([{ message: expect.stringContaining('signature is wrong') as string }]);
});

test('what is none, or torn, does not count', () => {
  for (const text of ['', '{}', anchorText(anchor).slice(0, -20), anchorText({ ...anchor, more: 1 } as never)])
    expect(read(text).faults).toMatchObject([{ kind: 'forged-anchor', message: expect.stringContaining('no anchor') as string }]);
});

test('names go in the order of the ledger and tell length and time; those of other files tell nothing', () => {
  expect(anchorName(anchor)).toBe('anchor-000000000003-20260301T120300000Z.json');
  expect(toldByName(anchorName(anchor))).toEqual({ count: 3, at: Date.parse(anchor.at) });
  expect(toldByName('anchor-3.json')).toBeUndefined();
});

test('a key of another kind is refused', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
  expect(() => keyIdOf(rsa)).toThrow('none of Ed25519');
});
