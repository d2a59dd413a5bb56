import type { AuditRecord } from '../domain/audit';
import type { GrantShown } from '../domain/confidence/grant';
import type { StandingView } from '../domain/confidence/standing-view';
import { ERRORS, NightshiftError } from '../domain/errors';
import type { ErrorCode } from '../domain/errors';
import type { EvidenceBundle } from '../domain/evidence';
import type { IncidentView } from '../domain/incident-view';
import type { Role } from '../domain/names';
import type { RejectionCode } from '../domain/rejection';
import type { SignalHistory } from '../domain/signals';
import { safeToShow } from './safe-text';

/** The person whose key it is. */
export interface Me {
  readonly name: string;
  readonly role: Role;
}

/** State of the kill switch. */
export interface Halt {
  readonly on: boolean;
  readonly by?: string;
  readonly reason?: string;
}

/** An answer to a proposal; `proposal` is the digest that was shown. */
export interface Answer {
  readonly verdict: 'approve' | 'reject';
  /** Why it is rejected. */
  readonly code?: RejectionCode;
  readonly proposal: string;
  readonly reason?: string;
}

/** What an incident says to an answer. */
export interface Reply {
  readonly result: string;
  readonly message: string;
}

/** An anomaly to look at: what it says, and an address of its picture that needs no key. */
export interface Picture {
  readonly anomaly: string;
  readonly text: string;
  readonly source: string;
}

/** The HTTP API as the page uses it. Every call throws a `NightshiftError`: the API's own, or `unreachable`. */
export interface Client {
  me(): Promise<Me>;
  halt(): Promise<Halt>;
  /** Newest first, at most 100. */
  incidents(closedToo: boolean): Promise<{ readonly incidents: readonly IncidentView[]; readonly next?: string }>;
  incident(id: string): Promise<IncidentView>;
  timeline(id: string): Promise<readonly AuditRecord[]>;
  /** Undefined while none was gathered. */
  evidence(id: string): Promise<EvidenceBundle | undefined>;
  signals(id: string): Promise<SignalHistory>;
  /** What our detector found, with its picture; undefined when it is kept no more. */
  picture(anomaly: string): Promise<Picture | undefined>;
  /** At most 200, by runbook, environment, service and cause; `next` is the cursor of those behind them. */
  standings(cursor?: string): Promise<{ readonly standings: readonly StandingView[]; readonly next?: string }>;
  /** The last to end first, those that ended and were revoked too. */
  grants(): Promise<readonly GrantShown[]>;
  decide(id: string, answer: Answer, idempotencyKey: string): Promise<Reply>;
}

/** Longest wait for an answer; the door itself gives up after 5 s by default. */
const TIMEOUT_MS = 15_000;

/** Where the API is (nothing in a page of its own), and who is told that the key is not valid, wherever that shows. */
export interface ClientOptions {
  readonly base?: string;
  readonly refused?: () => void;
}

/** Makes a client that sends `key` in a header, never in an address. */
export function createClient(key: string, { base = '', refused }: ClientOptions = {}): Client {
  const call = async <T>(
    method: 'GET' | 'POST',
    path: string,
    more: { readonly body?: unknown; readonly headers?: Record<string, string>; readonly read?: (response: Response) => Promise<unknown> } = {},
  ): Promise<T> => {
    const headers = { accept: 'application/json', authorization: `Bearer ${key}`, ...more.headers };
    const init = { method, headers, redirect: 'error', cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) } as const;
    const response = await send(base + path, more.body === undefined ? init : { ...init, body: JSON.stringify(more.body) });
    if (more.read !== undefined && response.ok) return (await more.read(response)) as T;
    const value = safeToShow(await response.json().catch(() => undefined));
    if (!response.ok || value === undefined) {
      const problem = problemOf(response.status, value);
      if (problem.code === 'unauthenticated') refused?.();
      throw problem;
    }
    // The API is of the same version as the page; its answers have their declared shape.
    return value as T;
  };
  const at = (id: string): string => `/v1/incidents/${encodeURIComponent(id)}`;
  return {
    me: () => call('GET', '/v1/me'),
    halt: () => call('GET', '/v1/halt'),
    incidents: (closedToo) => call('GET', closedToo ? '/v1/incidents?limit=100' : '/v1/incidents?open=true&limit=100'),
    incident: (id) => call('GET', at(id)),
    timeline: async (id) => (await call<{ entries: readonly AuditRecord[] }>('GET', `${at(id)}/timeline`)).entries,
    evidence: (id) => call<EvidenceBundle>('GET', `${at(id)}/evidence`).catch(noneWhenNotFound),
    picture: async (anomaly) => {
      const path = `/v1/anomalies/${encodeURIComponent(anomaly)}`;
      const read = (response: Response): Promise<string> => response.text();
      const both = Promise.all([call<{ explanation: string }>('GET', path), call<string>('GET', `${path}/picture.svg`, { read })]);
      // In an image nothing of a picture can run, whatever is in it.
      return both
        .then(([{ explanation: text }, svg]) => ({ anomaly, text, source: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}` }))
        .catch(noneWhenNotFound);
    },
    signals: (id) => call('GET', `${at(id)}/signals`),
    standings: (cursor) => call('GET', `/v1/autonomy?limit=200${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`),
    grants: async () => (await call<{ grants: readonly GrantShown[] }>('GET', '/v1/autonomy/grants')).grants,
    decide: (id, body, idempotencyKey) =>
      call('POST', `${at(id)}/decide`, { body, headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey } }),
  };
}

function noneWhenNotFound(error: unknown): undefined {
  if (error instanceof NightshiftError && error.code === 'not_found') return undefined;
  throw error;
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch {
    throw new NightshiftError('unreachable', 'Nightshift does not answer.');
  }
}

function problemOf(status: number, value: unknown): NightshiftError {
  const problem = (value ?? {}) as { readonly code?: unknown; readonly detail?: unknown };
  if (typeof problem.code !== 'string' || !(problem.code in ERRORS)) {
    return new NightshiftError('unreachable', `Something answers, but not as Nightshift does (HTTP ${status}).`);
  }
  const code = problem.code as ErrorCode;
  return new NightshiftError(code, typeof problem.detail === 'string' ? problem.detail : ERRORS[code].title);
}
