import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AuditFault, AuditRecord } from '../../domain/audit';
import type { ErrorCode, Problem } from '../../domain/errors';
import { ERRORS } from '../../domain/errors';
import type { EvidenceBundle } from '../../domain/evidence';
import type { IncidentRanking } from '../../domain/runbook-match/incident-ranking';
import type { IncidentView } from '../../domain/incident-view';
import type { ServiceView } from '../../domain/service-view';
import type { RunbookSnapshot } from '../../domain/runbook';
import type { RepositoryView } from '../../domain/runbook-source';
import type { KeyInfo } from '../../ports/store';

/** One request that the fake got, with its body read as JSON. */
export interface ApiCall {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly key: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly body: unknown;
}

/** What the fake serves; tests change it as they go. */
export interface ApiState {
  incidents: IncidentView[];
  timeline: AuditRecord[];
  evidence?: EvidenceBundle;
  ranking?: Omit<IncidentRanking, 'incidentId'>;
  runbooks: RunbookSnapshot[];
  repository?: RepositoryView;
  services?: ServiceView[];
  keys: KeyInfo[];
  halt: { on: boolean; by?: string; at?: string; reason?: string };
  audit: { checked: number; faults: AuditFault[] };
  pageSize: number;
}

/** A loopback server with the routes of the HTTP API that the command line uses. */
export interface FakeApi {
  readonly url: string;
  readonly state: ApiState;
  readonly calls: ApiCall[];
  /** Fails the next calls of a path that begins so, until cleared by undefined. */
  fail(path: string, code: ErrorCode | undefined, detail?: string, problems?: readonly Problem[]): void;
  /** Runs before each call is answered. */
  before(step: (call: ApiCall) => void): void;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

type Failure = { readonly code: ErrorCode; readonly detail: string; readonly problems: readonly Problem[] };

/** The key that the fake knows. */
export const FAKE_KEY = 'nsk_test';

/** Starts the fake on a free port of loopback. */
export async function startFakeApi(): Promise<FakeApi> {
  const state: ApiState = { incidents: [], timeline: [], runbooks: [], keys: [], halt: { on: false }, audit: { checked: 0, faults: [] }, pageSize: 100 };
  const calls: ApiCall[] = [];
  const failures = new Map<string, Failure>();
  let before: (call: ApiCall) => void = () => undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://fake');
      const text = Buffer.concat(chunks).toString('utf8');
      const call: ApiCall = {
        method: request.method ?? '',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        key: request.headers.authorization,
        idempotencyKey: request.headers['idempotency-key'] as string | undefined,
        body: text === '' ? undefined : JSON.parse(text),
      };
      before(call);
      calls.push(call);
      const failure = [...failures].find(([path]) => call.path.startsWith(path))?.[1];
      const { status, body } = failure === undefined ? answer(state, call) : problem(failure.code, failure.detail, failure.problems);
      response
        .writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' })
        .end(body === undefined ? '' : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    calls,
    fail: (path, code, detail = 'no', problems = []) => {
      if (code === undefined) failures.delete(path);
      else failures.set(path, { code, detail, problems });
    },
    before: (step) => {
      before = step;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

function answer(state: ApiState, call: ApiCall): Answer {
  if (call.key !== `Bearer ${FAKE_KEY}`) return problem('unauthenticated', 'A valid key is needed.');
  const [, , noun = '', id = '', rest = ''] = call.path.split('/');
  if (noun === 'incidents') return id === '' ? list(state, call) : incident(state, call, id, rest);
  if (noun === 'keys') return keys(state, call, id);
  if (noun === 'halt') return halt(state, call);
  if (noun === 'services') return services(state, decodeURIComponent(id));
  if (noun === 'runbooks') return ok({ runbooks: state.runbooks, repository: state.repository });
  if (call.path === '/v1/audit/verify') return ok(state.audit);
  return problem('not_found', `no route ${call.path}`);
}

function services({ services: all = [] }: ApiState, name: string): Answer {
  const found = all.filter((each) => name === '' || each.name === name);
  return name === '' || found.length > 0 ? ok({ services: found }) : problem('not_found', `There is no service ${name}.`);
}

function list(state: ApiState, { query }: ApiCall): Answer {
  const statuses = query['status']?.split(',');
  const fitting = state.incidents.filter((v) => (query['open'] !== 'true' || v.status !== 'resolved') && (statuses?.includes(v.status) ?? true));
  const from = Number(query['cursor'] ?? 0);
  const size = Math.min(state.pageSize, Number(query['limit'] ?? 50));
  const next = from + size < fitting.length ? { next: String(from + size) } : {};
  return ok({ incidents: fitting.slice(from, from + size), ...next });
}

function incident(state: ApiState, call: ApiCall, id: string, rest: string): Answer {
  const view = state.incidents.find((v) => v.incidentId === id);
  if (view === undefined) return problem('not_found', `There is no incident ${id}.`);
  if (call.method === 'POST') return ok({ result: RESULTS[rest === 'decide' ? (call.body as { verdict: string }).verdict : rest], message: 'so be it' });
  if (rest === 'timeline') return ok({ entries: state.timeline });
  if (rest === 'evidence') return state.evidence === undefined ? problem('not_found', 'There is no evidence yet.') : ok(state.evidence);
  if (rest === 'runbooks') return ok({ incidentId: id, candidates: [], ...state.ranking });
  return ok(view);
}

const RESULTS: Readonly<Record<string, string>> = {
  approve: 'approved',
  reject: 'rejected',
  acknowledge: 'acknowledged',
  'take-over': 'taken-over',
  'hand-back': 'handed-back',
  note: 'noted',
  resolve: 'resolved',
};

function keys(state: ApiState, call: ApiCall, id: string): Answer {
  if (call.method === 'GET') return ok({ keys: state.keys });
  if (call.method === 'DELETE') return state.keys.some((k) => k.id === id) ? { status: 204 } : problem('not_found', `There is no key ${id}.`);
  const info = { ...(call.body as { name: string; role: KeyInfo['role'] }), id: 'k9', createdAt: '2026-11-20T14:00:00.000Z' };
  state.keys.push(info);
  return { status: 201, body: { info, key: 'nsk_k9_secret' } };
}

function halt(state: ApiState, call: ApiCall): Answer {
  if (call.method === 'PUT') state.halt = { ...(call.body as { on: boolean; reason: string }), by: 'ana', at: '2026-11-20T14:04:00.000Z' };
  return ok(state.halt);
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function problem(code: ErrorCode, detail: string, problems: readonly Problem[] = []): Answer {
  const { status, title } = ERRORS[code];
  return { status, body: { type: `urn:nightshift:error:${code}`, title, status, detail, code, ...(problems.length > 0 ? { problems } : {}) } };
}
