import { NightshiftError, errorMessage } from '../../domain/errors';

/** Limits of one call: milliseconds, and bytes of the answer. */
export interface CallLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** Body of a GET that was answered with 2xx. Throws `unreachable` for anything else: another status, a time-out, a broken connection, a body that is too large. */
export async function readText(url: string, limits: CallLimits): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(limits.timeoutMs), redirect: 'error' });
    const text = await bodyText(response, limits.maxBytes);
    if (!response.ok) throw new Error(`answered ${response.status}`);
    return text;
  } catch (error) {
    throw new NightshiftError('unreachable', `${url}: ${causeMessage(error)}`, [], { cause: error });
  }
}

/** The body as text; throws when it is longer than `maxBytes`. */
export async function bodyText(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Error(`the answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Text of an error of `fetch`, which hides what went wrong in its cause. */
export function causeMessage(error: unknown): string {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  return cause === undefined ? errorMessage(error) : `${errorMessage(error)}: ${errorMessage(cause)}`;
}
