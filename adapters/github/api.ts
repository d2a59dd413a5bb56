import { NightshiftError } from '../../domain/errors';
import { clip, plainText } from '../../domain/plain-text';
import type { Clock } from '../../ports/clock';
import { readAnswer } from '../local/http';

/** Where the API is, and as whom it is asked. */
export interface GithubApiOptions {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token?: string;
  /** Of one request, milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** One GET. */
export interface GithubRequest {
  /** Below the address of the API, with a slash at its beginning. */
  readonly path: string;
  /** Representation that is asked for, `json` when absent. */
  readonly media?: 'json' | 'sha';
  /** With it, an unchanged answer is 304 without a body. */
  readonly etag?: string | undefined;
  readonly maxBytes: number;
}

/** An answer of 200, or of 304 where an etag was sent. */
export interface GithubAnswer {
  readonly status: 200 | 304;
  readonly text: string;
  readonly etag?: string;
}

/** Least and most time that a limited API is left alone, milliseconds; the least is what GitHub asks for where it names none. */
const LEAVE_ALONE = { leastMs: 60_000, mostMs: 3_600_000 } as const;

/**
 * Asks the REST API of GitHub once. Throws `unreachable` that says what is wrong, and `rate_limited` where it wants to be left alone: its `cause` is the time in milliseconds.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export async function askGithub(options: GithubApiOptions, request: GithubRequest, signal: AbortSignal): Promise<GithubAnswer> {
  const { url, token, timeoutMs, clock } = options;
  const { path, media = 'json', etag, maxBytes } = request;
  const headers = {
    accept: `application/vnd.github${media === 'sha' ? '.sha' : '+json'}`,
    'user-agent': 'nightshift',
    'x-github-api-version': '2022-11-28',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(etag !== undefined && { 'if-none-match': etag }),
  };
  const { status, text, headers: told } = await readAnswer(`${url}${path}`, { timeoutMs, maxBytes, headers, redirect: 'manual', signal });
  const known = told.get('etag');
  if (status === 200 || (status === 304 && etag !== undefined)) return { status, text, ...(known !== null && { etag: known }) };
  const said = messageOf(text);
  const waitMs = limitMs(status, told, said, clock.now());
  if (waitMs !== undefined) throw new NightshiftError('rate_limited', `${url} takes no more requests for now${said}`, [], { cause: waitMs });
  throw new NightshiftError('unreachable', `${url}${path} answered ${String(status)}${said}. ${advice(status, token !== undefined)}`);
}

/** How long a limited API wants to be left alone; undefined for another answer. */
function limitMs(status: number, headers: Headers, said: string, now: number): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const after = numberOf(headers.get('retry-after'));
  const reset = headers.get('x-ratelimit-remaining') === '0' ? numberOf(headers.get('x-ratelimit-reset')) : undefined;
  if (after === undefined && reset === undefined && status === 403 && !/rate limit/i.test(said)) return undefined;
  const wanted = after === undefined ? (reset === undefined ? 0 : reset * 1000 - now) : after * 1000;
  const least = after === undefined && reset === undefined ? LEAVE_ALONE.leastMs : 1000;
  return Math.min(LEAVE_ALONE.mostMs, Math.max(least, wanted));
}

function numberOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,12}$/.test(text.trim()) ? Number(text) : undefined;
}

/** The API's own words, which are outside text. */
function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' && message !== '' ? `: ${clip(plainText(message), 200)}` : '';
  } catch {
    return '';
  }
}

function advice(status: number, withToken: boolean): string {
  if (status === 401) return 'The token is not valid (any more): make a new one that may read the contents of the repository.';
  if (status === 404 && !withToken) return 'Are repository and ref named right? A private repository needs runbooks.github.token.';
  if (status === 403 || status === 404) return 'Are repository and ref named right, and may the token read the contents of the repository?';
  if (status === 422) return 'Is runbooks.github.ref a branch, a tag or a commit of it?';
  if (status >= 300 && status < 400) return 'It has moved: write its new name as runbooks.github.repository.';
  return 'It is tried again.';
}
