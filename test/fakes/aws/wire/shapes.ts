import { cbor, dateToTag } from '@smithy/core/cbor';
import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../errors';

/** How moments and bytes stand in a body; all else is the same in JSON and CBOR. */
export interface Format {
  /** `kind` is how the shape asks for it, see `moment`. */
  writeTime(time: Date, kind: number): unknown;
  readTime(value: unknown): Date;
  writeBytes(bytes: Uint8Array): unknown;
  readBytes(value: unknown): Uint8Array;
  /** Whether members go by their `jsonName`. */
  readonly renames: boolean;
}

/** Numbers by which schemas say how a moment is written. */
const DATE_TIME = 5;
const HTTP_DATE = 6;

/** A moment as text or as seconds since the epoch, as `kind` says (`usual` where it says nothing). */
export function moment(time: Date, kind: number, usual: 'date-time' | 'http-date' | 'seconds'): string | number {
  const how = kind === DATE_TIME ? 'date-time' : kind === HTTP_DATE ? 'http-date' : kind === 7 ? 'seconds' : usual;
  if (how === 'seconds') return time.getTime() / 1000;
  return how === 'date-time' ? time.toISOString() : time.toUTCString();
}

/** A moment from any of the ways in which it is written. */
export function readMoment(value: unknown): Date {
  const time = typeof value === 'number' ? new Date(value * 1000) : new Date(/^\d+(\.\d+)?$/.test(String(value)) ? Number(value) * 1000 : String(value));
  if (Number.isNaN(time.getTime())) throw new AwsError('SerializationException', `${String(value)} is no moment`);
  return time;
}

/** JSON as AWS writes it. */
export const JSON_FORMAT: Format = {
  writeTime: (time, kind) => moment(time, kind, 'seconds'),
  readTime: readMoment,
  writeBytes: (bytes) => Buffer.from(bytes).toString('base64'),
  readBytes: (value) => Buffer.from(String(value), 'base64'),
  renames: true,
};

/** CBOR as Smithy's RPC v2 writes it. */
export const CBOR_FORMAT: Format = {
  writeTime: (time) => dateToTag(time),
  readTime: (value) => (value instanceof Date ? value : readMoment(typeof value === 'object' && value !== null ? (value as { value: unknown }).value : value)),
  writeBytes: (bytes) => bytes,
  readBytes: (value) => value as Uint8Array,
  renames: false,
};

/** Bytes of a CBOR body. */
export function toCbor(value: unknown): Buffer {
  return Buffer.from(cbor.serialize(value));
}

/** What a CBOR body holds. */
export function fromCbor(bytes: Uint8Array): unknown {
  return bytes.length === 0 ? {} : (cbor.deserialize(bytes) as unknown);
}

/** A value of the SDK's form as it stands in a body. Throws on a member that the shape does not have: a fact or an answer that is put wrongly must not vanish. */
export function write(schema: NormalizedSchema, value: unknown, format: Format): unknown {
  if (value === undefined || value === null) return undefined;
  if (schema.isTimestampSchema()) return format.writeTime(value as Date, timeKind(schema));
  if (schema.isBlobSchema()) return format.writeBytes(typeof value === 'string' ? Buffer.from(value) : (value as Uint8Array));
  if (schema.isListSchema()) return (value as unknown[]).map((each) => write(schema.getValueSchema(), each, format) ?? null);
  if (schema.isMapSchema()) return mapValues(value, (each) => write(schema.getValueSchema(), each, format));
  if (!isStructure(schema)) return value;
  const given = value as Record<string, unknown>;
  const out: Record<string, unknown> = {};
  for (const [name, member] of membersOf(schema, given)) {
    const written = write(member, given[name], format);
    if (written !== undefined) out[nameIn(member, name, format)] = written;
  }
  return out;
}

/** A value from a body, in the SDK's form. Members that the shape does not have are passed over, as AWS does; `strict` refuses them. */
export function read(schema: NormalizedSchema, value: unknown, format: Format, strict = false): unknown {
  if (value === undefined || value === null) return undefined;
  if (schema.isTimestampSchema()) return format.readTime(value);
  if (schema.isBlobSchema()) return format.readBytes(value);
  if (schema.isListSchema()) return listIn(schema, value).map((each) => read(schema.getValueSchema(), each, format, strict));
  if (schema.isMapSchema()) return mapValues(value, (each) => read(schema.getValueSchema(), each, format, strict));
  if (!isStructure(schema)) return value;
  if (typeof value !== 'object') throw new AwsError('SerializationException', `${schema.getName() ?? 'A structure'} is no object`);
  const given = value as Record<string, unknown>;
  if (strict) membersOf(schema, given);
  const out: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const one = read(member, given[nameIn(member, name, format)], format, strict);
    if (one !== undefined) out[name] = one;
  }
  return out;
}

/** Whether it has members; the empty answer of an operation counts as one. */
export function isStructure(schema: NormalizedSchema): boolean {
  return schema.isStructSchema() || schema.isUnionSchema() || schema.isUnitSchema();
}

/** Its members by name, after a check that `given` has no other. */
export function membersOf(schema: NormalizedSchema, given: Readonly<Record<string, unknown>>): [string, NormalizedSchema][] {
  const members = schema.isUnitSchema() ? [] : [...schema.structIterator()];
  const known = new Set(members.map(([name]) => name));
  const other = Object.keys(given).find((name) => given[name] !== undefined && !known.has(name));
  if (other !== undefined) throw new Error(`${schema.getName() ?? 'The shape'} has no member ${other}; it has ${[...known].join(', ')}.`);
  return members;
}

/** The number by which a schema says how its moments are written. */
export function timeKind(schema: NormalizedSchema): number {
  const own = schema.getSchema();
  return typeof own === 'number' ? own : 4;
}

function nameIn(member: NormalizedSchema, name: string, format: Format): string {
  return format.renames ? (member.getMergedTraits().jsonName ?? name) : name;
}

function listIn(schema: NormalizedSchema, value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw new AwsError('SerializationException', `${schema.getName() ?? 'A list'} is no list`);
}

function mapValues(value: unknown, each: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value as object).map(([key, one]) => [key, each(one)]));
}
