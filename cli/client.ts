import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { AuditFault, AuditRecord } from '../domain/audit';
import { errorCode } from '../domain/errors';
import type { Build } from '../domain/build';
import type { BuildVerdict, JudgedBuild } from '../domain/build-verdict';
import type { Opinion } from '../domain/detection/anomaly-feedback';
import type { EvidenceBundle } from '../domain/evidence';
import type { IncidentView } from '../domain/incident-view';
import type { Role } from '../domain/names';
import { persist } from '../domain/persist';
import type { Persistence } from '../domain/persist';
import type { RejectionCode } from '../domain/rejection';
import type { HealthReport } from '../domain/pipeline-health';
import type { RunbookSnapshot } from '../domain/runbook';
import type { IncidentRanking } from '../domain/runbook-match/incident-ranking';
import type { RepositoryView } from '../domain/runbook-source';
import type { Reply } from '../ports/incidents';
import type { KeyInfo } from '../ports/store';
import type { MeasurePage } from '../domain/archive-export/measure-day';
import type { DayPage } from '../domain/archive-export/day-page';
import type { SeriesDay } from '../domain/archive-export/series';
import type { ServiceView } from '../domain/service-view';
import type { ClientSettings } from '../config/client';
import type { ApiRequest } from './http';
import { callApi, downloadApi, textOfApi } from './http';
import { auditClient, type AuditClient } from './client-audit';
import { autonomyClient, type AutonomyClient } from './client-autonomy';
import { knowledgeClient, type KnowledgeClient } from './client-knowledge';
import { correlationClient, type CorrelationClient } from './client-correlation';
import { quietClient, type QuietClient } from './client-quiet';
import { shadowClient, type ShadowClient } from './client-shadow';
import { queryText, unhurried } from './requests';

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

/** Which builds and which time, as the API's queries take it. */
export interface BuildQuery {
  readonly service?: string;
  readonly environment?: string;
  readonly name?: string;
  readonly result?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly cursor?: string;
  readonly limit?: number;
}

/** A page of builds; `next` is the cursor of the page after it. */
export interface BuildPage {
  readonly builds: readonly Build[];
  readonly next?: string;
}

/** What became of builds that were sent, with verdicts where they were waited for. */
export interface SentBuilds extends Partial<BuildVerdict> {
  readonly accepted: number;
  readonly duplicates: number;
  readonly ids: readonly string[];
  readonly builds?: readonly JudgedBuild[];
}

/** The running system at a glance, as far as the command line asks; another version may leave out what it does not know. */
export interface SystemStatus {
  readonly version?: string;
  /** `host:port` of its Temporal server. */
  readonly temporalAddress?: string;
}

/** What is sent to decide on a proposal; `proposal` is the digest that the person saw. */
export interface DecideBody {
  readonly verdict: 'approve' | 'reject';
  readonly proposal: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly reason?: string;
  readonly breakGlass?: boolean;
  readonly code?: RejectionCode;
}

/** What a person can tell an incident besides deciding; the API's path segments. */
export type IncidentVerb = 'acknowledge' | 'take-over' | 'hand-back' | 'note' | 'resolve';

/** What ended an incident: a note, what was done by hand, or both; `runbook` is the id of the one that it amounts to. */
export interface ResolveBody {
  readonly note?: string;
  readonly did?: string;
  readonly runbook?: string;
}

/** State of the kill switch. */
export interface HaltState {
  readonly on: boolean;
  readonly by?: string;
  readonly at?: string;
  readonly reason?: string;
}

/** A message that came in but could not be read. */
export interface AsideMessage {
  readonly id: string;
  readonly source: string;
  /** ISO 8601. */
  readonly receivedAt: string;
  readonly why: string;
  /** Bytes. */
  readonly size: number;
  readonly by: 'key' | 'signature' | 'pull';
}

/** What became of one that was tried again. */
export type RetriedMessage = { readonly id: string } & (
  | { readonly outcome: 'taken'; readonly taken: { readonly alerts: { readonly accepted: number }; readonly changes: { readonly accepted: number } } }
  | { readonly outcome: 'unreadable'; readonly why: string }
  | { readonly outcome: 'gone' }
);
/** A mark of data quality. */
export interface MarkView {
  readonly rule: string;
  readonly severity: string;
  readonly environment: string;
  readonly service: string;
  readonly metric?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly since: string;
  readonly detail: string;
}

/** Which marks of data quality. */
export interface QualityQuery {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
  readonly rule?: string | undefined;
}

/** Marks of data quality; `checkedAt` is null before the first look, `more` the number of those that are not kept. */
export interface QualityView {
  readonly checkedAt: string | null;
  readonly series: number;
  readonly marks: readonly MarkView[];
  readonly more: number;
}

/** How far a declared series is measured. */
export interface SeriesView {
  readonly name: string;
  readonly measure: string;
  readonly madeTo: string | null;
  readonly windows: number;
  readonly remade: number;
  readonly late: number;
  readonly overKeys: number;
  readonly unfit: number;
  readonly refused: number;
}

/** What became of an opinion: the anomalies that nobody had said it of, and those of which it was known. */
export interface RecordedOpinion {
  readonly what: Opinion;
  readonly recorded: readonly string[];
  readonly known: readonly string[];
}

/** What became of points that were put into the archive again. */
export interface ImportedPoints {
  readonly added: number;
  readonly duplicates: number;
  readonly corrected: number;
  readonly refused: Readonly<Record<'cardinality' | 'too-old' | 'ahead', number>>;
}

/** The catalogue, and the repository that some of it is from, where one is configured. */
export interface RunbookList {
  readonly runbooks: readonly RunbookSnapshot[];
  readonly repository?: RepositoryView;
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
  resolve(id: string, body: ResolveBody): Promise<Reply>;
  rateAnomaly(id: string, what: Opinion): Promise<RecordedOpinion>;
  /** Of every anomaly that the incident is about. */
  rateIncident(id: string, what: Opinion): Promise<RecordedOpinion>;
  services(query: { readonly environment?: string; readonly owner?: string; readonly origin?: string }): Promise<readonly ServiceView[]>;
  /** A service in every environment that it is known in, or in one. Throws `not_found`. */
  service(name: string, environment?: string): Promise<readonly ServiceView[]>;
  runbooks(): Promise<RunbookList>;
  rankRunbooks(id: string): Promise<IncidentRanking>;
  keys(): Promise<readonly KeyInfo[]>;
  createKey(name: string, role: Role): Promise<{ readonly info: KeyInfo; readonly key: string }>;
  revokeKey(id: string): Promise<void>;
  halt(): Promise<HaltState>;
  setHalt(on: boolean, reason: string): Promise<HaltState>;
  /** `workflows`: open workflows whose memory of their audit was compared. */
  verifyAudit(incident?: string): Promise<{ readonly checked: number; readonly workflows: number; readonly faults: readonly AuditFault[] }>;
  aside(): Promise<readonly AsideMessage[]>;
  replayAside(ids: readonly string[]): Promise<readonly RetriedMessage[]>;
  dropAside(id: string): Promise<void>;
  /** Silences, and what is held back. */
  readonly quiet: QuietClient;
  readonly correlation: CorrelationClient;
  /** The ledger, its signed heads, and intents. */
  readonly audit: AuditClient;
  readonly knowledge: KnowledgeClient;
  /** What runbooks have earned, and what people granted. */
  readonly autonomy: AutonomyClient;
  readonly shadow: ShadowClient;
  status(): Promise<SystemStatus>;
  builds(query: BuildQuery): Promise<BuildPage>;
  /** `waitMs` asks for the verdict. */
  sendBuilds(body: unknown, waitMs?: number): Promise<SentBuilds>;
  health(query: Omit<BuildQuery, 'result' | 'cursor' | 'limit'>): Promise<HealthReport>;
  /** The same as one HTML document. */
  healthPage(query: Omit<BuildQuery, 'result' | 'cursor' | 'limit'>): Promise<string>;
  dataQuality(query: QualityQuery): Promise<QualityView>;
  dataSeries(): Promise<{ readonly series: readonly SeriesView[] }>;
  /** Series with points on a day, from after the number of one on; each is asked for again while the door takes no more requests. */
  exportPoints(date: string, after: number): Promise<DayPage>;
  /** Measures of services on a day, from after `next` of the page before on. */
  exportMeasures(date: string, width: number, after: string | undefined): Promise<Pick<MeasurePage, 'measures'> & { readonly next?: string }>;
  importPoints(series: readonly SeriesDay[]): Promise<ImportedPoints>;
  /** Writes a copy of the store to a file; returns its bytes. */
  backup(file: string): Promise<number>;
}

const SENT_AGAIN: Persistence = { again: ['not_recorded'], now: () => performance.now(), pause: (ms) => delay(ms) };

/** Makes a client; nothing is sent yet. */
export function createClient(settings: ClientSettings): ApiClient {
  // The API is ours and of the same version; its answers are trusted to have their declared shape.
  const call = async <T>(request: ApiRequest): Promise<T> => (await callApi(settings, request)) as T;
  const get = <T>(path: string): Promise<T> => call<T>({ method: 'GET', path });
  const post = <T>(path: string, body: unknown): Promise<T> => {
    const headers = { 'idempotency-key': randomUUID() };
    return persist(() => call<T>({ method: 'POST', path, body, headers }), SENT_AGAIN);
  };
  const at = (id: string): string => `/v1/incidents/${encodeURIComponent(id)}`;
  return {
    url: settings.apiUrl,
    incidents: (query) => get(`/v1/incidents${queryText(query)}`),
    incident: (id) => get(at(id)),
    timeline: async (id) => (await get<{ entries: readonly AuditRecord[] }>(`${at(id)}/timeline`)).entries,
    evidence: (id) => get<EvidenceBundle>(`${at(id)}/evidence`).catch(noneWhenNotFound),
    rateAnomaly: (id, what) => post(`/v1/anomalies/${encodeURIComponent(id)}/feedback`, { what }),
    rateIncident: (id, what) => post(`${at(id)}/feedback`, { what }),
    decide: (id, body) => post(`${at(id)}/decide`, body),
    resolve: (id, body) => post(`${at(id)}/resolve`, body),
    tell: (id, verb, note) => post(`${at(id)}/${verb}`, note === undefined ? {} : { note }),
    services: async (query) => (await get<{ services: readonly ServiceView[] }>(`/v1/services${queryText(query)}`)).services,
    service: async (name, environment) =>
      (await get<{ services: readonly ServiceView[] }>(`/v1/services/${encodeURIComponent(name)}${queryText({ environment })}`)).services,
    runbooks: () => get('/v1/runbooks'),
    rankRunbooks: (id) => get(`${at(id)}/runbooks`),
    keys: async () => (await get<{ keys: readonly KeyInfo[] }>('/v1/keys')).keys,
    createKey: (name, role) => post('/v1/keys', { name, role }),
    revokeKey: (id) => call({ method: 'DELETE', path: `/v1/keys/${encodeURIComponent(id)}` }),
    halt: () => get('/v1/halt'),
    setHalt: async (on, reason) => {
      const state = await call<HaltState | undefined>({ method: 'PUT', path: '/v1/halt', body: { on, reason } });
      return state ?? get<HaltState>('/v1/halt');
    },
    verifyAudit: (incident) => get(`/v1/audit/verify${queryText({ incident })}`),
    aside: async () => (await get<{ messages: readonly AsideMessage[] }>('/v1/aside')).messages,
    replayAside: async (ids) => (await post<{ results: readonly RetriedMessage[] }>('/v1/replays', { ids })).results,
    dropAside: (id) => call({ method: 'DELETE', path: `/v1/aside/${encodeURIComponent(id)}` }),
    quiet: quietClient(call),
    correlation: correlationClient(call, post),
    audit: auditClient(call),
    knowledge: knowledgeClient(settings, call),
    autonomy: autonomyClient(call),
    shadow: shadowClient(call),
    status: () => get('/v1/status'),
    builds: (query) => get(`/v1/builds${queryText(query)}`),
    sendBuilds: (body, waitMs) => {
      const wait = waitMs === undefined ? undefined : `${String(waitMs)}ms`;
      // Ids make a second telling harmless.
      return persist(() => call({ method: 'POST', path: `/v1/builds${queryText({ wait })}`, body, waitMs: waitMs ?? 0 }), SENT_AGAIN);
    },
    health: (query) => get(`/v1/health/pipelines${queryText(query)}`),
    healthPage: (query) => textOfApi(settings, `/v1/health/pipelines${queryText({ ...query, format: 'html' })}`, 'text/html'),
    dataQuality: (query) => get(`/v1/data/quality${queryText(query)}`),
    dataSeries: () => get('/v1/data/series'),
    exportPoints: (date, after) => unhurried(() => get(`/v1/archive/points${queryText({ date, after })}`)),
    exportMeasures: (date, width, after) => unhurried(() => get(`/v1/archive/measures${queryText({ date, width, after })}`)),
    importPoints: (series) => unhurried(() => call({ method: 'POST', path: '/v1/archive/points', body: { series } })),
    backup: (file) => downloadApi(settings, '/v1/backup', file),
  };
}

function noneWhenNotFound(error: unknown): undefined {
  if (errorCode(error) === 'not_found') return undefined;
  throw error;
}
