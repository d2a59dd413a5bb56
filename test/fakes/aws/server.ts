import { admin } from './admin';
import { realClock } from './clock';
import type { FakeClock } from './clock';
import { dispatch, lazyModels } from './dispatch';
import type { Dispatch, Fate } from './dispatch';
import { makeFaults } from './faults';
import type { Effects } from './effects';
import type { Fault } from './faults';
import { makeHidden } from './hidden';
import type { Hiding, Lag } from './hidden';
import { DEFAULT_ACCOUNT, makeIdentities } from './identity';
import { makeLedger } from './ledger';
import type { Ledger } from './ledger';
import { makePages } from './pages';
import { SERVICES } from './services';
import { bodyOf, cutOff, listen } from './wire/listen';
import type { AnyRequest, AnyResponse } from './wire/listen';
import type { WireAnswer, WireRequest } from './wire/protocol';
import { makeWorld } from './world';
import type { Place, World } from './world';

/** How a fake is started. */
export interface FakeAwsOptions {
  /** 0, a free one, where nothing is said. */
  readonly port?: number;
  /** The machine's where nothing is said. */
  readonly clock?: FakeClock;
  /** Items on a page at most, so that lists have several: 3 where nothing is said; `real`: as many as each service gives. */
  readonly pageSize?: number | 'real';
  /** What durations of the world are multiplied by, such as those of builds: 1 where nothing is said. */
  readonly pace?: number;
}

/** Services of AWS on one loopback port, for HTTP/1.1 and HTTP/2, told apart by what a request is signed for. */
export interface FakeAws {
  /** For clients: `endpoint` in code, `AWS_ENDPOINT_URL`, `--endpoint-url`. */
  readonly endpoint: string;
  readonly world: World;
  /** Every call that came. */
  readonly ledger: Ledger;
  /** What truly happened, whatever was called. */
  readonly effects: Effects;
  /** Where facts are put. */
  place(region: string, account?: string): Place;
  /** Makes calls go wrong; returns what ends it. */
  fault(fault: Fault): () => void;
  /** Makes something invisible for some reads or for some time. */
  hide(hiding: Omit<Hiding, 'account'> & { readonly account?: string }): void;
  /** Makes what calls make from now on invisible for some reads or for some time; returns what ends it. */
  lag(lag: Lag): () => void;
  /** Items on a page at most (undefined: as many as the service gives), of one operation such as `codedeploy.ListDeployments` or of all. */
  pageSize(size: number | undefined, operation?: string): void;
  /** Ends every connection, hung ones too. */
  close(): Promise<void>;
}

const PAGE_SIZE = 3;

/** Starts one. */
export async function startFakeAws({ port = 0, clock = realClock(), pageSize = PAGE_SIZE, pace = 1 }: FakeAwsOptions = {}): Promise<FakeAws> {
  const all: Dispatch = {
    world: makeWorld(clock, pace),
    identities: makeIdentities(clock),
    faults: makeFaults(),
    hidden: makeHidden(clock),
    pages: makePages(pageSize === 'real' ? undefined : pageSize),
    ledger: makeLedger(),
    services: new Map(SERVICES.map((service) => [service.signedAs, service])),
    models: lazyModels(),
  };
  const closing = new AbortController();
  const listening = await listen(port, (request, response) => void serve(all, request, response, closing.signal));
  return {
    endpoint: `http://127.0.0.1:${String(listening.port)}`,
    world: all.world,
    ledger: all.ledger,
    effects: all.world.effects,
    place: (region, account = DEFAULT_ACCOUNT) => all.world.place(account, region),
    fault: (fault) => all.faults.add(fault),
    hide: (hiding) => all.hidden.add({ account: DEFAULT_ACCOUNT, ...hiding }),
    lag: (lag) => all.hidden.lags.add(lag),
    pageSize: (size, operation) => all.pages.limit(size, operation),
    async close() {
      closing.abort();
      await listening.close();
    },
  };
}

async function serve(all: Dispatch, request: AnyRequest, response: AnyResponse, closing: AbortSignal): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  closing.addEventListener('abort', () => gone.abort(), { signal: gone.signal });
  try {
    const sent = await wireRequest(request);
    const fate = sent.path.startsWith('/_fake') ? await admin(all, sent) : await dispatch(all, sent, request.httpVersion, gone.signal);
    settle(fate, sent, request, response);
  } catch {
    // The caller went away in the middle of its request.
    cutOff(request);
  }
}

function settle(fate: Fate, { method }: WireRequest, request: AnyRequest, response: AnyResponse): void {
  if (fate === 'hang' || response.destroyed) return;
  if (fate === 'cut') return cutOff(request);
  send(fate, method, response);
}

function send({ status, headers, body }: WireAnswer, method: string, response: AnyResponse): void {
  const bytes = Buffer.from(body);
  const length = status === 204 || headers['content-length'] !== undefined ? {} : { 'content-length': String(bytes.length) };
  // Both kinds of response take these; TypeScript cannot call a union of overloads.
  (response as { writeHead(status: number, headers: object): void }).writeHead(status, { date: new Date().toUTCString(), ...headers, ...length });
  (response as { end(body?: Buffer): void }).end(method === 'HEAD' || status === 204 ? undefined : bytes);
}

async function wireRequest(request: AnyRequest): Promise<WireRequest> {
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
  return { method: request.method ?? 'GET', path, query: new URLSearchParams(query.join('?')), headers, body: await bodyOf(request) };
}
