import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An entry of the fake's ledger, in the words of the supervisor's HTTP API. */
export interface FakeEntry {
  id: string;
  kind: 'deploy' | 'restart';
  token: string | null;
  by: string;
  release: string | null;
  from: string | null;
  state: 'started' | 'done' | 'failed' | 'interrupted';
  startedAt: string;
  endedAt?: string;
  detail?: string;
}

/** A supervisor on loopback whose ledger and manners a test sets. */
export interface FakeSupervisor {
  readonly url: string;
  readonly ledger: FakeEntry[];
  readonly changes: Record<string, unknown>[];
  state: { current: string; previous: string | null; releases: string[]; startedAt: string; healthy: boolean };
  /** How the next effects are answered: done, refused, failed inside, never, broken off after doing it, or with nonsense. */
  manner: 'ok' | 'refuse' | 'error' | 'hang' | 'cut' | 'nonsense';
  close(): Promise<void>;
}

/** Starts one on a free port. */
export async function startFakeSupervisor(): Promise<FakeSupervisor> {
  const server = createServer((request, response) => void handle(fake, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeSupervisor = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ledger: [],
    changes: [],
    state: { current: '1.5.0', previous: '1.4.0', releases: ['1.4.0', '1.5.0'], startedAt: '2026-11-20T10:00:00.000Z', healthy: true },
    manner: 'ok',
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
}

async function handle(fake: FakeSupervisor, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', fake.url);
  if (url.pathname === '/v1/state') return reply(response, 200, stateOf(fake));
  if (url.pathname === '/v1/ledger') {
    const token = url.searchParams.get('token');
    return reply(response, 200, { entries: fake.ledger.filter((e) => token === null || e.token === token) });
  }
  if (url.pathname === '/v1/changes') return reply(response, 200, { changes: fake.changes });
  if (request.method === 'POST')
    return effect(fake, url.pathname === '/v1/deploy' ? 'deploy' : 'restart', JSON.parse(await body(request)) as Record<string, string>, response);
  return reply(response, 404, { error: 'no such path' });
}

function effect(fake: FakeSupervisor, kind: 'deploy' | 'restart', input: Record<string, string>, response: ServerResponse): void {
  const known = kind === 'restart' || fake.state.releases.includes(input['release'] ?? '');
  const refused = fake.manner === 'refuse' || !known;
  const now = '2026-11-20T10:05:00.000Z';
  const entry: FakeEntry = {
    id: String(fake.ledger.length + 1),
    kind,
    token: input['token'] ?? null,
    by: input['by'] ?? '',
    release: input['release'] ?? null,
    from: fake.state.current,
    state: refused ? 'failed' : fake.manner === 'hang' ? 'started' : 'done',
    startedAt: now,
    endedAt: now,
  };
  fake.ledger.push(entry);
  if (refused) return reply(response, known ? 409 : 422, { error: known ? 'the health check failed' : `there is no release ${input['release'] ?? ''}` });
  if (fake.manner === 'hang') return;
  if (kind === 'deploy') fake.state = { ...fake.state, current: input['release'] ?? '', previous: fake.state.current };
  if (fake.manner === 'cut') return void response.destroy();
  if (fake.manner === 'error') return reply(response, 500, { error: 'something broke' });
  if (fake.manner === 'nonsense') return void response.writeHead(200).end('<html>');
  return reply(response, 200, { entry });
}

function stateOf(fake: FakeSupervisor): unknown {
  const { current, previous, releases, startedAt, healthy } = fake.state;
  return {
    account: 'bookshop-local',
    region: 'local',
    service: 'bookshop',
    current,
    previous,
    releases,
    instances: [{ id: 'a', pid: 1, port: 1, startedAt, healthy }],
    url: fake.url,
  };
}

async function body(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function reply(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
