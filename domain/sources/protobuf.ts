import { Reader } from 'protobufjs/minimal';
import { NightshiftError } from '../errors';
import { unreadable } from './wire';

/** Most parts and items of lists that one message may hold: two bytes can become an object, so that bytes alone are no limit. */
const MOST_PARTS = 500_000;
/** Deepest nesting that is read, as for JSON. */
const DEEPEST = 64;

const VARINT = 0;
const EIGHT_BYTES = 1;
const BLOCK = 2;
const FOUR_BYTES = 5;

type Read = (reader: Reader) => unknown;

/** How a kind of value stands in the bytes. Numbers of 64 bits become decimal text, as in the JSON form of protobuf: they may not fit a number. */
const KINDS = {
  text: { wire: BLOCK, read: (reader) => reader.string() },
  hex: { wire: BLOCK, read: (reader) => Buffer.from(reader.bytes()).toString('hex') },
  /** Bytes whose value nobody needs. */
  hidden: { wire: BLOCK, read: (reader) => `${String(reader.bytes().length)} bytes` },
  flag: { wire: VARINT, read: (reader) => reader.bool() },
  int32: { wire: VARINT, read: (reader) => reader.int32() },
  uint32: { wire: VARINT, read: (reader) => reader.uint32() },
  sint32: { wire: VARINT, read: (reader) => reader.sint32() },
  int64: { wire: VARINT, read: (reader) => wide(reader.int64()) },
  uint64: { wire: VARINT, read: (reader) => wide(reader.uint64()) },
  sint64: { wire: VARINT, read: (reader) => wide(reader.sint64()) },
  fixed64: { wire: EIGHT_BYTES, read: (reader) => wide(reader.fixed64()) },
  sfixed64: { wire: EIGHT_BYTES, read: (reader) => wide(reader.sfixed64()) },
  // What JSON has no number for stands as text, as in the JSON form of protobuf.
  double: { wire: EIGHT_BYTES, read: (reader) => finiteOrText(reader.double()) },
} as const satisfies Readonly<Record<string, { readonly wire: number; readonly read: Read }>>;

/** Kind of a field: a plain value, or a message of a shape (a function, as shapes may hold themselves). */
export type FieldKind = keyof typeof KINDS | (() => Shape);

/** A message by the numbers of its fields. Fields that are not listed are skipped. */
export type Shape = Readonly<Record<number, Field>>;

interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly many: boolean;
}

/** A field that stands once; of several the last counts. */
export function one(name: string, kind: FieldKind): Field {
  return { name, kind, many: false };
}

/** A field that may stand often, packed or not. */
export function many(name: string, kind: FieldKind): Field {
  return { name, kind, many: true };
}

/**
 * A protobuf message as plain data under the names of its shape; fields that do not stand there are left out. https://protobuf.dev/programming-guides/encoding/
 * Throws `unreadable` where the bytes are cut short or of another shape, `too_large` beyond 500,000 parts and items of lists.
 */
export function decode(bytes: Uint8Array, shape: Shape): unknown {
  const reader = Reader.create(bytes);
  try {
    return message({ reader, left: MOST_PARTS }, shape, reader.len, 0);
  } catch (error) {
    if (error instanceof NightshiftError) throw error;
    // The reader throws errors of many kinds, whose words are about positions in a buffer.
    throw unreadable('The message is no protobuf of this source, or it is cut short.');
  }
}

/** Where the reading stands, and how many parts it may still make. */
interface Progress {
  readonly reader: Reader;
  left: number;
}

function message(progress: Progress, shape: Shape, end: number, depth: number): Record<string, unknown> {
  if (depth > DEEPEST) throw unreadable(`The message is nested deeper than ${String(DEEPEST)} levels.`);
  const { reader } = progress;
  const found: Record<string, unknown> = {};
  while (reader.pos < end) {
    const tag = reader.uint32();
    const field = shape[tag >>> 3];
    if (field === undefined) skip(reader, tag);
    else if (field.many) values(progress, field.kind, tag & 7, listIn(found, field.name), depth);
    else found[field.name] = value(progress, field.kind, tag & 7, depth);
  }
  if (reader.pos !== end) throw unreadable('A part of the message is longer than what holds it.');
  return found;
}

function listIn(found: Record<string, unknown>, name: string): unknown[] {
  const old = found[name];
  if (Array.isArray(old)) return old;
  const list: unknown[] = [];
  found[name] = list;
  return list;
}

function values(progress: Progress, kind: FieldKind, wire: number, list: unknown[], depth: number): void {
  const packed = typeof kind === 'string' && wire === BLOCK && KINDS[kind].wire !== BLOCK;
  if (!packed) {
    list.push(item(progress, kind, wire, depth));
    return;
  }
  const end = endOfBlock(progress.reader);
  while (progress.reader.pos < end) list.push(item(progress, kind, KINDS[kind].wire, depth));
  if (progress.reader.pos !== end) throw unreadable('A list of the message is longer than what holds it.');
}

function item(progress: Progress, kind: FieldKind, wire: number, depth: number): unknown {
  // Parts count themselves.
  if (typeof kind === 'string') count(progress);
  return value(progress, kind, wire, depth);
}

function value(progress: Progress, kind: FieldKind, wire: number, depth: number): unknown {
  const expected = typeof kind === 'string' ? KINDS[kind].wire : BLOCK;
  if (wire !== expected) throw unreadable('The message is a protobuf, but not of this source.');
  if (typeof kind === 'string') return KINDS[kind].read(progress.reader);
  count(progress);
  return message(progress, kind(), endOfBlock(progress.reader), depth + 1);
}

function count(progress: Progress): void {
  progress.left -= 1;
  if (progress.left < 0) throw new NightshiftError('too_large', `The message holds more than ${String(MOST_PARTS)} parts; send smaller batches.`);
}

function endOfBlock(reader: Reader): number {
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw unreadable('The message is cut short.');
  return end;
}

function skip(reader: Reader, tag: number): void {
  const wire = tag & 7;
  // Number 0 is none, and groups (3 and 4) are of an older protobuf that none of our sources uses.
  if (tag >>> 3 === 0) throw unreadable('The message is no protobuf.');
  if (wire === VARINT) reader.skip();
  else if (wire === EIGHT_BYTES) reader.skip(8);
  else if (wire === BLOCK) reader.skip(reader.uint32());
  else if (wire === FOUR_BYTES) reader.skip(4);
  else throw unreadable('The message is no protobuf of this source.');
}

/** Both halves of a number of 64 bits as decimal text. */
function wide(value: number | { readonly low: number; readonly high: number; readonly unsigned: boolean }): string {
  if (typeof value === 'number') return String(value);
  const high = value.unsigned ? value.high >>> 0 : value.high;
  return String((BigInt(high) << 32n) | BigInt(value.low >>> 0));
}

function finiteOrText(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
