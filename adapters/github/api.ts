import { NightshiftError } from '../../domain/errors';
import { clip, plainText } from '../../domain/plain-text';
import { redact } from '../../domain/redact';
import type { Clock } from '../../ports/clock';
import { withoutSecrets } from '../local/command-context';
import { readAnswer } from '../local/http';
import type { HttpAnswer } from '../local/http';

/** Where the API is, and as whom it is asked. */
export interface GithubApiOptions {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token?: string;
  /** Of one request, milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** What to do about an answer of that status. */
  readonly advice?: (status: number, withToken: boolean) => string | undefined;
}

/** One request: a GET, or a POST where something is to be sent. */
export interface GithubRequest {
  /** Below the address of the API, with a slash at its beginning. */
  readonly path: string;
  /** Representation that is asked for, `json` when absent. */
  readonly media?: 'json' | 'sha';
  /** With it, an unchanged answer is 304 without a body. */
  readonly etag?: string | undefined;
  /** Sent as JSON. */
  readonly post?: unknown;
  readonly maxBytes: number;
}

/** An answer of 200, or of 304 where an etag was sent. */
export interface GithubAnswer {
  readonly status: 200 | 304;
  readonly text: string;
  readonly etag?: string;
}

/** Any answer. */
export interface GithubReply extends HttpAnswer {
  /** The API's own words, ready to follow others; empty where it says none. */
  readonly said: string;
}

const AGAIN = 'It is tried again.';
/** Least and most time that a limited API is left alone, milliseconds; the least is what GitHub asks for where it names none. */
const LEAVE_ALONE = { leastMs: 60_000, mostMs: 3_600_000 } as const;

/**
 * Asks the REST API of GitHub once, or has it do something once, whatever it answers. Throws `unreachable` where no answer came, and `rate_limited` where it wants to be left alone: its
 * `cause` is the time in milliseconds. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export async function callGithub(options: GithubApiOptions, request: GithubRequest, signal?: AbortSignal): Promise<GithubReply> {
  const { url, token, timeoutMs, clock } = options;
  const { path, media = 'json', etag, post, maxBytes } = request;
  const headers = {
    accept: `application/vnd.github${media === 'sha' ? '.sha' : '+json'}`,
    'user-agent': 'nightshift',
    'x-github-api-version': '2022-11-28',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(etag !== undefined && { 'if-none-match': etag }),
    ...(post !== undefined && { 'content-type': 'application/json' }),
  };
  const send = post === undefined ? {} : { send: { method: 'POST', body: JSON.stringify(post) } as const };
  const answer = await readAnswer(`${url}${path}`, { timeoutMs, maxBytes, headers, redirect: 'manual', ...send, ...(signal && { signal }) });
  const said = messageOf(answer.text, token);
  const waitMs = limitMs(answer.status, answer.headers, said, clock.now());
  if (waitMs !== undefined) throw new NightshiftError('rate_limited', `${url} takes no more requests for now${said}`, [], { retryAfterMs: waitMs });
  return { ...answer, said };
}

/** Asks for what is there. Throws as `callGithub` does, and `unreachable` that says what is wrong for every other answer. */
export async function askGithub(options: GithubApiOptions, request: Omit<GithubRequest, 'post'>, signal?: AbortSignal): Promise<GithubAnswer> {
  const { url, token, advice = () => AGAIN } = options;
  const { status, text, headers, said } = await callGithub(options, request, signal);
  const known = headers.get('etag');
  if (status === 200 || (status === 304 && request.etag !== undefined)) return { status, text, ...(known !== null && { etag: known }) };
  throw new NightshiftError('unreachable', `${url}${request.path} answered ${String(status)}${said}. ${advice(status, token !== undefined) ?? AGAIN}`);
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
function messageOf(text: string, token: string | undefined): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' && message !== ''
      ? `: ${clip(plainText(redact(withoutSecrets(message, { variables: {}, secrets: token === undefined ? [] : [token] }))), 200)}`
      : '';
  } catch {
    return '';
  }
}
