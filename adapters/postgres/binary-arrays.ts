const INT8 = 20;
const FLOAT8 = 701;
const HEAD = 20;
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

/** One dimension from 1 on, without nulls; each element after its length of eight bytes. */
function emptyArray(type: number, length: number): Buffer {
  const bytes = Buffer.alloc(HEAD + length * ELEMENT);
  bytes.writeInt32BE(1, 0);
  bytes.writeInt32BE(type, 8);
  bytes.writeInt32BE(length, 12);
  bytes.writeInt32BE(1, 16);
  for (let i = 0; i < length; i += 1) bytes.writeInt32BE(8, HEAD + i * ELEMENT);
  return bytes;
}
