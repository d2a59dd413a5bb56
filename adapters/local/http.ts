import { NightshiftError, errorMessage } from '../../domain/errors';

/** Limits of one call: milliseconds, and bytes of the answer. */
export interface CallLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** GET without a body when absent. */
  readonly send?: { readonly method: 'POST'; readonly body: string };
  /** What becomes of a redirection: an error when absent, or the answer as it is. None is followed. */
  readonly redirect?: 'error' | 'manual';
  /** Breaks the call off. */
  readonly signal?: AbortSignal;
}

/** An answer with its body. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** Body of a GET that was answered with 2xx. Throws `unreachable` for anything else: another status, a time-out, a broken connection, a body that is too large. */
export async function readText(url: string, limits: CallLimits): Promise<string> {
  const { status, text } = await readAnswer(url, limits);
  if (status < 200 || status > 299) throw new NightshiftError('unreachable', `${url}: answered ${status}`);
  return text;
}

/** Status and body of the answer to a GET, or to what is to be sent, whatever the status. Throws `unreachable` where there is none: a time-out, a broken connection, a redirection, a body that is too large. */
export async function readAnswer(url: string, limits: CallLimits): Promise<HttpAnswer> {
  const { timeoutMs, maxBytes, headers, send, redirect = 'error' } = limits;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = limits.signal ? AbortSignal.any([limits.signal, timeout]) : timeout;
  try {
    const response = await fetch(url, { signal, redirect, ...send, ...(headers && { headers }) });
    return { status: response.status, text: await bodyText(response, maxBytes), headers: response.headers };
  } catch (error) {
    throw new NightshiftError('unreachable', `${url}: ${causeMessage(error)}`, [], { cause: error });
  }
}

/** The body as text. Throws `too_large` when it is longer than `maxBytes`. */
export async function bodyText(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new NightshiftError('too_large', `the answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Text of an error of `fetch`, which hides what went wrong in its cause. */
export function causeMessage(error: unknown): string {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  return cause === undefined ? errorMessage(error) : `${errorMessage(error)}: ${errorMessage(cause)}`;
}

/** The connection was never made, so that nothing went out. */
const NOT_CONNECTED: readonly unknown[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

/** Whether an error of `fetch`, or one that it caused, says that nothing went out. */
export function neverSent(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return ('code' in error && NOT_CONNECTED.includes(error.code)) || ('cause' in error && neverSent(error.cause));
}
