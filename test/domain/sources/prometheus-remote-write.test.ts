import { errorCode } from '../../../domain/errors';
import { prometheusRemoteWrite } from '../../../domain/sources/prometheus-remote-write';
import { unsnapped } from '../../../domain/sources/snappy';
import { MOST_BYTES, wireMessage } from '../../../domain/sources/wire';
import { CONTEXT } from './samples';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const ascii = (word: string): number[] => [...new TextEncoder().encode(word)];
/** A length in groups of seven bits. */
const varint = (length: number): number[] => (length < 0x80 ? [length] : [(length & 0x7f) | 0x80, ...varint(Math.floor(length / 0x80))]);

function codeOf(bytes: readonly number[]): string | undefined {
  try {
    unsnapped(Uint8Array.from(bytes));
    return undefined;
  } catch (error) {
    return errorCode(error);
  }
}

test('a Snappy block of literals and copies becomes what it was, runs too', () => {
  // "abc", then 6 from 3 before with each kind of copy, and a run of one character.
  expect(text(unsnapped(Uint8Array.from([9, 2 << 2, ...ascii('abc'), 1 | (2 << 2), 3])))).toBe('abcabcabc');
  expect(text(unsnapped(Uint8Array.from([9, 2 << 2, ...ascii('abc'), 2 | (5 << 2), 3, 0])))).toBe('abcabcabc');
  expect(text(unsnapped(Uint8Array.from([9, 2 << 2, ...ascii('abc'), 3 | (5 << 2), 3, 0, 0, 0])))).toBe('abcabcabc');
  expect(text(unsnapped(Uint8Array.from([9, 0, ...ascii('z'), 2 | (7 << 2), 1, 0])))).toBe('zzzzzzzzz');
  expect(unsnapped(Uint8Array.from([0]))).toHaveLength(0);
});

test.each([1, 60, 61, 256, 257, 65_536, 65_537])('a literal of %d bytes is read with its length in as many bytes as it takes', (length) => {
  const wide = length > 65_536 ? 3 : length > 256 ? 2 : 1;
  const tag = length <= 60 ? [(length - 1) << 2] : [(59 + wide) << 2, ...Array.from({ length: wide }, (_, i) => ((length - 1) >> (8 * i)) & 0xff)];
  expect(unsnapped(Uint8Array.from([...varint(length), ...tag, ...new Array<number>(length).fill(7)]))).toEqual(new Uint8Array(length).fill(7));
});

test.each([
  ['nothing', []],
  ['a length without an end', [0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
  ['less than it declares', [9, 2 << 2, 1, 2, 3]],
  ['more than it declares', [2, 2 << 2, 1, 2, 3]],
  ['a literal that is cut short', [3, 2 << 2, 1, 2]],
  ['a literal with a length that is cut short', [3, 63 << 2, 1, 0]],
  ['a copy from before the beginning', [9, 2 << 2, 1, 2, 3, 1 | (2 << 2), 4]],
  ['a copy from itself', [9, 2 << 2, 1, 2, 3, 1 | (2 << 2), 0]],
  ['a copy beyond what it declares', [5, 2 << 2, 1, 2, 3, 1 | (2 << 2), 3]],
])('a Snappy block of %s is unreadable', (_what, bytes) => {
  expect(codeOf(bytes)).toBe('unreadable');
});

test('a block that declares more than the limit is refused by its length alone', () => {
  expect([codeOf(varint(MOST_BYTES)), codeOf(varint(MOST_BYTES + 1)), codeOf([0xff, 0xff, 0xff, 0xff, 0x0f])]).toEqual([
    'unreadable',
    'too_large',
    'too_large',
  ]);
});

test('a series of version 2 that names a symbol which is not there is refused in words', () => {
  // symbols ["", "__name__"], a series with the labels 1 and 7.
  const request = [0x22, 0, 0x22, 8, ...ascii('__name__'), 0x2a, 4, 0x0a, 2, 1, 7];
  const message = wireMessage(Uint8Array.from([request.length, (request.length - 1) << 2, ...request]));
  expect(() => prometheusRemoteWrite.read(message, CONTEXT)).toThrow('1 series that names a symbol which is not there');
});
