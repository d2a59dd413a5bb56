import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Change } from '../../domain/change';
import { PLACE } from '../stage/world';
import type { StubService, StubWorld } from '../stage/world';

/** The stub world as processes of their own see it: one supervisor a service, by HTTP. */
export interface Supervisors {
  /** The supervisor of a service is `<url>/<name>`. */
  readonly url: string;
  /** How often a service was acted on. */
  acts(service: string): number;
  close(): Promise<void>;
}

/** What a supervisor is told to do. */
interface Order {
  readonly token: string;
  readonly release?: string;
}

/** Serves the supervisors of a world on loopback. Each order is carried out, twice if it comes twice. */
export async function serveSupervisors(world: StubWorld): Promise<Supervisors> {
  const acts = new Map<string, number>();
  const server = createServer((request, response) => {
    answer(world, request, acts).then(
      (body) => send(response, 200, body),
      (error: unknown) => send(response, 500, { error: String(error) }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    acts: (service) => acts.get(service) ?? 0,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function answer(world: StubWorld, request: IncomingMessage, acts: Map<string, number>): Promise<unknown> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const [, name = '', , route] = url.pathname.split('/');
  const service = world.service(name);
  if (request.method === 'POST') {
    acts.set(name, (acts.get(name) ?? 0) + 1);
    return { entry: await act(service, JSON.parse(await textOf(request)) as Order) };
  }
  if (route === 'state') return stateOf(service);
  if (route === 'changes') return { changes: changesIn(service, url.searchParams) };
  if (route === 'ledger') return { entries: entriesOf(service, url.searchParams.get('token') ?? '') };
  // `/<name>/metrics`: there is nothing to scrape, as the benchmark writes the samples itself.
  return undefined;
}

async function act(service: StubService, { token, release }: Order): Promise<object> {
  const startedAt = new Date().toISOString();
  await service.perform(token, release);
  return { kind: 'deploy', token, release, state: 'done', startedAt, endedAt: new Date().toISOString() };
}

function stateOf(service: StubService): object {
  const instances = [{ id: 'a', startedAt: null, healthy: true }];
  return { ...PLACE, service: service.name, current: service.release, previous: null, releases: service.releases, instances };
}

function changesIn(service: StubService, query: URLSearchParams): readonly Change[] {
  const [from, to] = [Number(query.get('from')), Number(query.get('to'))];
  return service.changes.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) <= to);
}

function entriesOf(service: StubService, token: string): object[] {
  const at = service.done.get(token);
  return at === undefined ? [] : [{ kind: 'deploy', token, release: service.release, state: 'done', startedAt: at, endedAt: at }];
}

function textOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    request.once('end', () => resolve(text)).once('error', reject);
  });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (body === undefined) return void response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4' }).end('\n');
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
