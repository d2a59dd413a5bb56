import { gunzipSync } from 'node:zlib';
import type { z } from 'zod';
import { NightshiftError } from '../errors';
import type { Problem } from '../errors';
import { check, MOST_PROBLEMS } from '../schema-problems';
import type { WireMessage } from './source';

/** Deepest nesting that is read: real messages hold less than a dozen levels, and text of many makes parsers overflow. */
const DEEPEST = 64;

/** Most bytes that a compressed message may hold: what grows beyond that is an attack or a mistake. */
export const MOST_BYTES = 16 * 1024 * 1024;

/** A message from its bytes (decompressed) and headers. Text that is no JSON is no error here: sources of other formats read the bytes. */
export function wireMessage(bytes: Uint8Array, headers: Readonly<Record<string, string>> = {}): WireMessage {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { bytes, json: parsed(bytes), headers: lower };
}

/** The JSON of a message as a schema says. Throws `unreadable` with the path of everything that is wrong. */
export function readAs<Output>(message: WireMessage, schema: z.ZodType<Output>): Output {
  if (message.json === undefined) throw unreadable(whyNoJson(message.bytes));
  return checked(message.json, schema);
}

/** Bytes as they were before gzip; others as they are. Throws `unreadable` for broken ones, `too_large` beyond 16 MiB. */
export function gunzipped(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return new Uint8Array(gunzipSync(bytes, { maxOutputLength: MOST_BYTES }));
  } catch (error) {
    const large = (error as { readonly code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
    throw large
      ? new NightshiftError('too_large', `Uncompressed the message is larger than ${String(MOST_BYTES / 1024 / 1024)} MiB.`)
      : unreadable('The message is no whole gzip.');
  }
}

/** JSON of a text, or undefined where it is none or is nested too deep to be a message. */
export function jsonOf(text: string): unknown {
  if (nesting(text) > DEEPEST) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The error of a message that is not what its source sends; the first 20 problems are listed. */
export function unreadable(message: string, problems: readonly Problem[] = []): NightshiftError {
  return new NightshiftError('unreadable', message, problems.slice(0, MOST_PROBLEMS));
}

/** Whether a value is a JSON object with members of these names. */
export function hasMembers(value: unknown, ...names: readonly string[]): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && names.every((name) => Object.hasOwn(value, name));
}

function checked<Output>(value: unknown, schema: z.ZodType<Output>): Output {
  const result = check(schema, value);
  if (result.ok) return result.value;
  const count = result.problems.length === 1 ? 'One thing is' : `${String(result.problems.length)} things are`;
  throw unreadable(`${count} not as this source sends it.`, result.problems);
}

function parsed(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  return text === undefined ? undefined : jsonOf(text);
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    // A byte order mark is left out by the decoder.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function whyNoJson(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'The message is empty.';
  const text = textOf(bytes);
  if (text === undefined) return 'The message is no text in UTF-8.';
  return nesting(text) > DEEPEST ? `The message is nested deeper than ${String(DEEPEST)} levels.` : 'The message is no JSON, or it is cut short.';
}

/** Deepest nesting of brackets outside of strings. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') deepest = Math.max(deepest, (depth += 1));
    else if (char === '}' || char === ']') depth -= 1;
  }
  return deepest;
}
