import fc from 'fast-check';
import { canonicalJson } from '../../domain/canonical-json';
import { digestOf, sha256 } from '../../domain/digest';

describe('canonical JSON', () => {
  test('sorts keys by code unit at every depth, without white space', () => {
    expect(canonicalJson({ b: [{ z: 1, a: 2 }], a: 'ü', B: null, 10: 1, 9: 2 })).toBe('{"10":1,"9":2,"B":null,"a":"ü","b":[{"a":2,"z":1}]}');
  });

  test('drops undefined members and writes what JSON cannot hold as null', () => {
    expect(canonicalJson({ a: undefined, b: [undefined, NaN, -0], c: new Date(0) })).toBe('{"b":[null,null,0],"c":"1970-01-01T00:00:00.000Z"}');
    expect(canonicalJson(undefined)).toBe('null');
  });

  test('is the same after a round trip and in any order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(canonicalJson(Object.fromEntries(Object.entries(value).reverse()))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('digests are SHA-256 in hex', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(digestOf({ b: 1, a: 2 })).toBe(sha256('{"a":2,"b":1}'));
  });
});
