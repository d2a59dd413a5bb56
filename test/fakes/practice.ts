import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServerResponse } from 'node:http';

/** An entry of the ledger, in the words of the practice service's supervisor. */
export interface LedgerEntry {
  readonly id: string;
  readonly kind: 'deploy' | 'restart';
  readonly token: string | null;
  readonly by: string;
  readonly release: string | null;
  readonly from: string | null;
  state: 'started' | 'done' | 'failed';
  readonly startedAt: string;
  endedAt?: string;
}

/** A service and its supervisor on one loopback server: what it serves follows from the release that runs, and every call is carried out, twice if asked twice. */
export interface Practice {
  readonly url: string;
  readonly ledger: LedgerEntry[];
  readonly changes: Record<string, unknown>[];
  current: string;
  account: string;
  /** Releases that fail 40 % of requests. */
  readonly bad: Set<string>;
  /** Releases that fail 90 % of requests. */
  readonly terrible: Set<string>;
  /** Releases that answer half of their requests slowly. */
  readonly slow: Set<string>;
  /** How long a deployment takes, milliseconds. */
  deployMs: number;
  /** Requests a second. */
  rate: number;
  /** Gauges that it has besides, by name. */
  readonly gauges: Map<string, () => number>;
  /** How often its numbers were read. */
  scrapes: number;
  /** Answers of /metrics and of the supervisor stop. */
  silent: boolean;
  /** Effects do not end, and nobody hears of changes, until it is false again. */
  held: boolean;
  /** Deploys a release as somebody else would. */
  deploy(release: string, by: string): void;
  close(): Promise<void>;
}

const RELEASES = ['1.4.0', '1.5.0', '1.5.1'];
const ERROR_SHARE = 0.4;
const TERRIBLE_SHARE = 0.9;
const SLOW_SHARE = 0.5;
const LOOK_AGAIN_MS = 50;

/** Starts one; its counters grow with the time that passes. */
export async function startPractice(service: string, environment: string): Promise<Practice> {
  const counters = { at: Date.now(), requests: 1000, errors: 0, slow: 0 };
  const startedAt = Date.now();
  const advance = (): void => {
    const now = Date.now();
    const served = (practice.rate * (now - counters.at)) / 1000;
    counters.requests += served;
    if (practice.terrible.has(practice.current)) counters.errors += served * TERRIBLE_SHARE;
    else if (practice.bad.has(practice.current)) counters.errors += served * ERROR_SHARE;
    if (practice.slow.has(practice.current)) counters.slow += served * SLOW_SHARE;
    counters.at = now;
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (practice.silent) return void request.socket.destroy();
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    request.on('end', () => {
      if (url.pathname === '/metrics') {
        advance();
        practice.scrapes += 1;
        return void response.end(metricsText(service, practice.current, counters, startedAt, practice.gauges));
      }
      if (request.method === 'POST') return act(url.pathname === '/v1/restart' ? 'restart' : 'deploy', JSON.parse(text) as Record<string, string>, response);
      whenFree(() => json(response, 200, read(url)), url.pathname === '/v1/changes');
    });
  });
  const read = (url: URL): unknown => {
    if (url.pathname === '/v1/changes') return { changes: practice.changes };
    if (url.pathname === '/v1/ledger')
      return { entries: practice.ledger.filter((e) => !url.searchParams.has('token') || e.token === url.searchParams.get('token')) };
    const instances = [{ id: 'a', pid: 1, port: 1, startedAt: new Date(startedAt).toISOString(), healthy: true }];
    return { account: practice.account, region: 'local', service, current: practice.current, previous: null, releases: RELEASES, instances, url: practice.url };
  };
  const act = (kind: LedgerEntry['kind'], input: Record<string, string>, response: ServerResponse): void => {
    const { token = null, by = '', release = null } = input;
    const entry: LedgerEntry = {
      id: String(practice.ledger.length + 1),
      kind,
      token,
      by,
      release,
      from: practice.current,
      state: 'started',
      startedAt: new Date().toISOString(),
    };
    practice.ledger.push(entry);
    const end = (): void => {
      if (kind === 'deploy' && release !== null) change(release, by);
      entry.state = 'done';
      entry.endedAt = new Date().toISOString();
      json(response, 200, { entry });
    };
    setTimeout(() => whenFree(end, true), practice.deployMs);
  };
  const whenFree = (then: () => void, mayWait: boolean): void => {
    if (mayWait && practice.held) setTimeout(() => whenFree(then, mayWait), LOOK_AGAIN_MS);
    else then();
  };
  const change = (release: string, author: string): void => {
    advance();
    const from = practice.current;
    const kind = release < from ? 'rollback' : 'deployment';
    const id = `change-${String(practice.changes.length + 1)}`;
    practice.changes.push({ id, kind, environment, service, at: new Date().toISOString(), author, summary: `${kind} of ${release}`, from, to: release });
    practice.current = release;
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A test that fails before it can close this must still end.
  server.unref();
  const practice: Practice = {
    ...{ url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, ledger: [], changes: [], current: '1.4.0', account: 'practice' },
    ...{
      bad: new Set(['1.5.0']),
      terrible: new Set<string>(),
      gauges: new Map(),
      slow: new Set<string>(),
      deployMs: 50,
      rate: 400,
      scrapes: 0,
      silent: false,
      held: false,
      deploy: change,
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return practice;
}

function metricsText(
  service: string,
  release: string,
  counters: { readonly requests: number; readonly errors: number; readonly slow: number },
  startedAt: number,
  gauges: Practice['gauges'],
): string {
  const requests = Math.round(counters.requests);
  const errors = Math.round(counters.errors);
  return [
    '# TYPE http_requests_total counter',
    `http_requests_total{route="/",status="200"} ${String(requests - errors)}`,
    `http_requests_total{route="/",status="500"} ${String(errors)}`,
    `http_request_duration_seconds_bucket{le="0.1"} ${String(requests - Math.round(counters.slow))}`,
    `http_request_duration_seconds_bucket{le="1"} ${String(requests)}`,
    `http_request_duration_seconds_bucket{le="+Inf"} ${String(requests)}`,
    `${service.replaceAll('-', '_')}_build_info{release="${release}"} 1`,
    `process_start_time_seconds ${String(startedAt / 1000)}`,
    ...[...gauges].flatMap(([name, value]) => [`# TYPE ${name} gauge`, `${name} ${String(value())}`]),
    '',
  ].join('\n');
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
