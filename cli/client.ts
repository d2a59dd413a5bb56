import { randomUUID } from 'node:crypto';
import type { AuditFault, AuditRecord } from '../domain/audit';
import { errorCode } from '../domain/errors';
import type { EvidenceBundle } from '../domain/evidence';
import type { IncidentView } from '../domain/incident-view';
import type { Role } from '../domain/names';
import type { RunbookSnapshot } from '../domain/runbook';
import type { Reply } from '../ports/incidents';
import type { KeyInfo } from '../ports/store';
import type { ClientSettings } from '../config/client';
import type { ApiRequest } from './http';
import { callApi } from './http';
import { persist } from './persist';

/** Filter of a list of incidents, as the API's query takes it. */
export interface IncidentQuery {
  readonly status?: readonly string[];
  readonly open?: boolean;
  readonly service?: string;
  readonly environment?: string;
  readonly severity?: readonly string[];
  readonly cursor?: string;
  readonly limit?: number;
}

/** A page of incidents; `next` is the cursor of the page after it. */
export interface IncidentPage {
  readonly incidents: readonly IncidentView[];
  readonly next?: string;
}

/** What is sent to decide on a proposal; `proposal` is the digest that the person saw. */
export interface DecideBody {
  readonly verdict: 'approve' | 'reject';
  readonly proposal: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly reason?: string;
  readonly breakGlass?: boolean;
}

/** What a person can tell an incident besides deciding; the API's path segments. */
export type IncidentVerb = 'acknowledge' | 'take-over' | 'hand-back' | 'note' | 'resolve';

/** State of the kill switch. */
export interface HaltState {
  readonly on: boolean;
  readonly by?: string;
  readonly at?: string;
  readonly reason?: string;
}

/** Client of the HTTP API. Every call throws our errors by code: the API's own, or `unreachable`. */
export interface ApiClient {
  /** Address that is asked, without a trailing slash. */
  readonly url: string;
  incidents(query: IncidentQuery): Promise<IncidentPage>;
  incident(id: string): Promise<IncidentView>;
  timeline(id: string): Promise<readonly AuditRecord[]>;
  /** Evidence of the current round, undefined when none was gathered yet. */
  evidence(id: string): Promise<EvidenceBundle | undefined>;
  decide(id: string, body: DecideBody): Promise<Reply>;
  tell(id: string, verb: IncidentVerb, note?: string): Promise<Reply>;
  runbooks(): Promise<readonly RunbookSnapshot[]>;
  keys(): Promise<readonly KeyInfo[]>;
  createKey(name: string, role: Role): Promise<{ readonly info: KeyInfo; readonly key: string }>;
  revokeKey(id: string): Promise<void>;
  halt(): Promise<HaltState>;
  setHalt(on: boolean, reason: string): Promise<HaltState>;
  /** `workflows`: open workflows whose memory of their audit was compared. */
  verifyAudit(incident?: string): Promise<{ readonly checked: number; readonly workflows: number; readonly faults: readonly AuditFault[] }>;
}

/** Makes a client; nothing is sent yet. */
export function createClient(settings: ClientSettings): ApiClient {
  // The API is ours and of the same version; its answers are trusted to have their declared shape.
  const call = async <T>(request: ApiRequest): Promise<T> => (await callApi(settings, request)) as T;
  const get = <T>(path: string): Promise<T> => call<T>({ method: 'GET', path });
  const post = <T>(path: string, body: unknown): Promise<T> => {
    const headers = { 'idempotency-key': randomUUID() };
    return persist(() => call<T>({ method: 'POST', path, body, headers }));
  };
  const at = (id: string): string => `/v1/incidents/${encodeURIComponent(id)}`;
  return {
    url: settings.apiUrl,
    incidents: (query) => get(`/v1/incidents${queryText(query)}`),
    incident: (id) => get(at(id)),
    timeline: async (id) => (await get<{ entries: readonly AuditRecord[] }>(`${at(id)}/timeline`)).entries,
    evidence: (id) => get<EvidenceBundle>(`${at(id)}/evidence`).catch(noneWhenNotFound),
    decide: (id, body) => post(`${at(id)}/decide`, body),
    tell: (id, verb, note) => post(`${at(id)}/${verb}`, note === undefined ? {} : { note }),
    runbooks: async () => (await get<{ runbooks: readonly RunbookSnapshot[] }>('/v1/runbooks')).runbooks,
    keys: async () => (await get<{ keys: readonly KeyInfo[] }>('/v1/keys')).keys,
    createKey: (name, role) => post('/v1/keys', { name, role }),
    revokeKey: (id) => call({ method: 'DELETE', path: `/v1/keys/${encodeURIComponent(id)}` }),
    halt: () => get('/v1/halt'),
    setHalt: async (on, reason) => {
      const state = await call<HaltState | undefined>({ method: 'PUT', path: '/v1/halt', body: { on, reason } });
      return state ?? get<HaltState>('/v1/halt');
    },
    verifyAudit: (incident) => get(`/v1/audit/verify${queryText({ incident })}`),
  };
}

function queryText(query: object): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [string, string | number | boolean | readonly string[] | undefined][]) {
    if (value !== undefined) params.set(name, typeof value === 'object' ? value.join(',') : String(value));
  }
  return params.size === 0 ? '' : `?${params.toString()}`;
}

function noneWhenNotFound(error: unknown): undefined {
  if (errorCode(error) === 'not_found') return undefined;
  throw error;
}
