import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ErrorCode, Problem } from '../domain/errors';
import { ERRORS, errorMessage, NightshiftError } from '../domain/errors';
import type { ClientSettings } from '../config/client';

/** One request; `body` is sent as JSON. `path` begins with a slash and is already encoded. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the API itself may take besides, milliseconds. */
  readonly waitMs?: number;
}

const TIMEOUT_MS = 30_000;
const DOWNLOAD_MS = 15 * 60_000;

/**
 * Asks the API and returns the JSON of its answer (undefined for an empty one). Throws the API's own errors by their codes,
 * and `unreachable` when nothing, or nothing of ours, answers.
 */
export async function callApi(settings: ClientSettings, request: ApiRequest): Promise<unknown> {
  const response = await send(settings, request, TIMEOUT_MS + (request.waitMs ?? 0));
  const text = await bodyOf(settings, response);
  const value = parse(text);
  if (response.ok) {
    if (text !== '' && value === undefined) throw stranger(settings, response.status);
    return value;
  }
  throw problemOf(settings, value) ?? stranger(settings, response.status);
}

/** The body of an answer as text of a media type. Throws as `callApi` does. */
export async function textOfApi(settings: ClientSettings, path: string, mediaType: string): Promise<string> {
  const response = await send(settings, { method: 'GET', path, headers: { accept: mediaType } });
  const text = await bodyOf(settings, response);
  if (response.ok && response.headers.get('content-type')?.startsWith(mediaType) === true) return text;
  throw problemOf(settings, parse(text)) ?? stranger(settings, response.status);
}

/** Saves the body of an answer in a file (0600) that appears once it is whole; returns its bytes. Throws as `callApi` does, and `internal` when the file cannot be written. */
export async function downloadApi(settings: ClientSettings, path: string, file: string): Promise<number> {
  const response = await send(settings, { method: 'GET', path }, DOWNLOAD_MS);
  if (!response.ok || !response.body) throw problemOf(settings, parse(await bodyOf(settings, response))) ?? stranger(settings, response.status);
  const part = `${file}.part`;
  try {
    await rm(part, { force: true });
    const target = createWriteStream(part, { mode: 0o600, flags: 'wx' });
    await pipeline(Readable.fromWeb(response.body), target);
    await rename(part, file);
    return target.bytesWritten;
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw new NightshiftError('internal', `${file} was not written: ${errorMessage(error)}`, [], { cause: error });
  }
}

async function send(settings: ClientSettings, request: ApiRequest, timeoutMs = TIMEOUT_MS): Promise<Response> {
  const init = {
    method: request.method,
    headers: {
      accept: 'application/json',
      ...(settings.apiKey === undefined ? {} : { authorization: `Bearer ${settings.apiKey}` }),
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    redirect: 'error' as const,
    signal: AbortSignal.timeout(timeoutMs),
  };
  try {
    return await fetch(settings.apiUrl + request.path, init);
  } catch (error) {
    throw silent(settings, error);
  }
}

async function bodyOf(settings: ClientSettings, response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw silent(settings, error);
  }
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function silent(settings: ClientSettings, error: unknown): NightshiftError {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : '';
  const message = `Nightshift does not answer at ${settings.apiUrl}${code}. Start it with "npx nightshift start", or say where it runs in NIGHTSHIFT_API_URL.`;
  return new NightshiftError('unreachable', message);
}

function stranger(settings: ClientSettings, status: number): NightshiftError {
  return new NightshiftError('unreachable', `Something answers at ${settings.apiUrl}, but not as Nightshift does (HTTP ${status}). Check NIGHTSHIFT_API_URL.`);
}

function problemOf(settings: ClientSettings, value: unknown): NightshiftError | undefined {
  if (typeof value !== 'object' || value === null || !('code' in value) || typeof value.code !== 'string' || !(value.code in ERRORS)) return undefined;
  const code = value.code as ErrorCode;
  const detail = 'detail' in value && typeof value.detail === 'string' ? value.detail : ERRORS[code].title;
  const hint =
    code === 'unauthenticated'
      ? ` Put a key into NIGHTSHIFT_API_KEY; an admin makes one with "npx nightshift key create", and the first one stands in ${settings.keyFile}.`
      : '';
  return new NightshiftError(code, `${detail}${hint}`, 'problems' in value ? problemsOf(value.problems) : []);
}

function problemsOf(value: unknown): readonly Problem[] {
  return Array.isArray(value) ? value.filter(isProblem) : [];
}

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' && value !== null && 'path' in value && typeof value.path === 'string' && 'message' in value && typeof value.message === 'string'
  );
}
