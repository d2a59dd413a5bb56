import { NightshiftError } from '../../domain/errors';

/** What is said of a text that the database cannot hold. */
export const HOLDS_NUL = 'A name or an id holds a NUL character, which cannot be stored.';

const INT8 = 20;
const TEXT = 25;
const FLOAT8 = 701;
const HEAD = 20;
const LENGTH = 4;
const ELEMENT = 12;

/**
 * Numbers as an array of `bigint` in PostgreSQL's binary form (https://github.com/postgres/postgres/blob/REL_17_STABLE/src/backend/utils/adt/arrayfuncs.c, array_recv), which
 * both drivers hand over as it is: as text a thousand points take longer to write and read than to store. Numbers must be whole.
 */
export function int8Array(values: readonly number[]): Buffer {
  const bytes = emptyArray(INT8, values.length);
  for (const [i, value] of values.entries()) {
    const high = Math.floor(value / 0x1_0000_0000);
    const at = HEAD + i * ELEMENT + 4;
    bytes.writeInt32BE(high, at);
    bytes.writeUInt32BE(value - high * 0x1_0000_0000, at + 4);
  }
  return bytes;
}

/** Numbers as an array of `double precision`; see int8Array. */
export function float8Array(values: readonly number[]): Buffer {
  const bytes = emptyArray(FLOAT8, values.length);
  for (const [i, value] of values.entries()) bytes.writeDoubleBE(value, HEAD + i * ELEMENT + 4);
  return bytes;
}

/** Texts as an array of `text`; see int8Array. As text every quote in them would be escaped, and read character by character. Throws `invalid_input` for a NUL, which the database cannot hold. */
export function textArray(values: readonly string[]): Buffer {
  const sizes = values.map((value) => Buffer.byteLength(value));
  const bytes = Buffer.allocUnsafe(HEAD + sizes.reduce((sum, size) => sum + LENGTH + size, 0));
  writeHead(bytes, TEXT, values.length);
  let at = HEAD;
  for (const [i, value] of values.entries()) {
    if (value.includes('\0')) throw new NightshiftError('invalid_input', HOLDS_NUL);
    const size = sizes[i] ?? 0;
    bytes.writeInt32BE(size, at);
    bytes.write(value, at + LENGTH);
    at += LENGTH + size;
  }
  return bytes;
}

/** One dimension from 1 on, without nulls; each element after its length of eight bytes. */
function emptyArray(type: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD + length * ELEMENT);
  writeHead(bytes, type, length);
  for (let i = 0; i < length; i += 1) bytes.writeInt32BE(8, HEAD + i * ELEMENT);
  return bytes;
}

function writeHead(bytes: Buffer, type: number, length: number): void {
  for (const [i, word] of [1, 0, type, length, 1].entries()) bytes.writeInt32BE(word, i * LENGTH);
}
