import { NightshiftError } from '../errors';
import { MOST_BYTES, unreadable } from './wire';

const BROKEN = 'The message is no whole Snappy block.';
/** Lengths up to this stand in the tag of a literal; the next four say in how many bytes the length follows. */
const SHORT_LITERAL = 60;

/**
 * Bytes of a Snappy block (the format without frames) as they were before. https://github.com/google/snappy/blob/main/format_description.txt
 * Throws `unreadable` for a block that is broken or does not hold exactly what it declares, and `too_large` for one that declares more than 16 MiB, before memory is taken.
 */
export function unsnapped(block: Uint8Array): Uint8Array {
  const from: Input = { block, at: 0 };
  const out = new Uint8Array(declaredLength(from));
  let filled = 0;
  while (from.at < block.length) {
    const tag = next(from, 1);
    filled = (tag & 3) === 0 ? literal(from, tag, out, filled) : copy(from, tag, out, filled);
  }
  if (filled !== out.length) throw unreadable(BROKEN);
  return out;
}

interface Input {
  readonly block: Uint8Array;
  at: number;
}

/** A number of so many bytes, the least first. */
function next(from: Input, bytes: number): number {
  if (from.at + bytes > from.block.length) throw unreadable(BROKEN);
  let value = 0;
  for (let i = 0; i < bytes; i += 1) value += (from.block[from.at + i] ?? 0) * 2 ** (8 * i);
  from.at += bytes;
  return value;
}

function declaredLength(from: Input): number {
  let length = 0;
  for (let i = 0; i < 5; i += 1) {
    const byte = next(from, 1);
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) {
      if (length > MOST_BYTES) throw new NightshiftError('too_large', `Uncompressed the message is larger than ${String(MOST_BYTES / 1024 / 1024)} MiB.`);
      return length;
    }
  }
  throw unreadable(BROKEN);
}

function literal(from: Input, tag: number, out: Uint8Array, filled: number): number {
  const short = tag >>> 2;
  const length = (short < SHORT_LITERAL ? short : next(from, short - SHORT_LITERAL + 1)) + 1;
  const end = from.at + length;
  if (end > from.block.length || filled + length > out.length) throw unreadable(BROKEN);
  out.set(from.block.subarray(from.at, end), filled);
  from.at = end;
  return filled + length;
}

function copy(from: Input, tag: number, out: Uint8Array, filled: number): number {
  const near = (tag & 3) === 1;
  const length = near ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
  const offset = near ? (tag >>> 5) * 256 + next(from, 1) : next(from, (tag & 3) === 2 ? 2 : 4);
  if (offset === 0 || offset > filled || filled + length > out.length) throw unreadable(BROKEN);
  // Byte by byte: a copy may reach into what it writes itself, which is how runs are written.
  for (let i = filled; i < filled + length; i += 1) out[i] = out[i - offset] ?? 0;
  return filled + length;
}
