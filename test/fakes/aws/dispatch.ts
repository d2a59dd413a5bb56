import { randomUUID } from 'node:crypto';
import { AwsError, denied } from './errors';
import type { Fault, Faults } from './faults';
import type { Hidden } from './hidden';
import type { Identities } from './identity';
import type { Ledger, LedgerEntry } from './ledger';
import type { Pages } from './pages';
import { checkSession } from './permissions';
import type { Call, FakeService } from './service';
import { modelOf } from './wire/model';
import type { ServiceModel } from './wire/model';
import type { Protocol, WireAnswer, WireRequest } from './wire/protocol';
import { restJson, restXml, unchunked } from './wire/rest';
import { awsJson, awsQuery, isCbor, rpcCbor } from './wire/rpc';
import type { World } from './world';

/** Everything that answering a call needs. */
export interface Dispatch {
  readonly world: World;
  readonly identities: Identities;
  readonly faults: Faults;
  readonly hidden: Hidden;
  readonly pages: Pages;
  readonly ledger: Ledger;
  readonly services: ReadonlyMap<string, FakeService>;
  readonly models: (service: FakeService) => Promise<ServiceModel>;
}

/** What becomes of a request: an answer, silence, or a connection that is cut off. */
export type Fate = WireAnswer | 'hang' | 'cut';

const SCOPE = /Credential=([^/]+)\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request/;

/** Reads each package's model once, when it is needed first. */
export function lazyModels(): Dispatch['models'] {
  const models = new Map<FakeService, Promise<ServiceModel>>();
  return (service) => {
    const model = models.get(service) ?? service.load().then(modelOf);
    models.set(service, model);
    return model;
  };
}

/** Answers a request of any service. */
export async function dispatch(all: Dispatch, sent: WireRequest, http: string, signal: AbortSignal): Promise<Fate> {
  const requestId = randomUUID();
  const [, accessKeyId = '', region = '', signedAs = ''] =
    SCOPE.exec(sent.headers.authorization ?? `Credential=${sent.query.get('X-Amz-Credential') ?? ''}`) ?? [];
  const service = all.services.get(signedAs);
  if (!service) return unsigned(signedAs, requestId);
  const request = plain(sent);
  const model = await all.models(service);
  const protocol = protocolFor(service, request);
  const entry = {
    at: all.world.clock.now(),
    service: signedAs,
    operation: '',
    account: '',
    region,
    principal: '',
    accessKeyId,
    protocol: protocol.name,
    http,
    input: {},
    outcome: 'open',
  };
  try {
    const principal = all.identities.principal(
      accessKeyId,
      request.headers['x-amz-security-token'] ?? request.query.get('X-Amz-Security-Token') ?? undefined,
      region,
    );
    Object.assign(entry, { account: principal.account, principal: principal.arn, ...(principal.session && { session: principal.session }) });
    const operation = protocol.operation(request, model) ?? '';
    entry.operation = operation;
    const known = model.operations.get(operation);
    const handler = service.operations[operation];
    all.ledger.add(entry);
    if (!known) throw new AwsError('UnknownOperationException', `The operation ${operation} is not one of ${signedAs}.`);
    if (!handler) throw new AwsError('NotImplemented', `The fake does not do ${operation} of ${signedAs}.`, 501);
    const input = protocol.input(request, known);
    entry.input = input;
    checkSession(principal, service, operation, input, all.world.place(principal.account, region));
    const fault = all.faults.befalls(entry);
    const run = (): object | Promise<object> => handler(input as never, callOf(all, entry, { principal, requestId, signal, endpoint: endpointOf(request) }));
    const early = await before(all, fault, service, entry, signal);
    if (early) return early;
    if (fault?.effect === 'late') return late(all, fault, entry, run);
    const output = await run();
    return after(fault, entry) ?? protocol.answer(known, output, requestId);
  } catch (error) {
    return failed(protocol, model, error, entry, requestId);
  }
}

function failed(protocol: Protocol, model: ServiceModel, error: unknown, entry: LedgerEntry, requestId: string): WireAnswer {
  const told = error instanceof AwsError ? error : new AwsError('InternalFailure', `The fake itself failed: ${String(error)}`, 500);
  if (entry.outcome === 'open') entry.outcome = told.name;
  return protocol.failure(told, model, requestId);
}

async function before(all: Dispatch, fault: Fault | undefined, service: FakeService, entry: LedgerEntry, signal: AbortSignal): Promise<Fate | undefined> {
  if (!fault) return undefined;
  const refusal = refusalOf(fault, service, entry);
  if (refusal) throw refusal;
  if (fault.effect === 'slow') await all.world.clock.wait(fault.delayMs ?? 0, signal);
  if (fault.effect !== 'hang' && fault.effect !== 'refuse') return undefined;
  entry.outcome = fault.effect;
  return fault.effect === 'hang' ? 'hang' : 'cut';
}

function late({ world }: Dispatch, { delayMs = 0 }: Fault, entry: LedgerEntry, run: () => object | Promise<object>): Fate {
  entry.outcome = 'late';
  world.agenda.at(world.clock.now() + delayMs, () => {
    // Whoever called is told nothing, not even that it was refused.
    try {
      void Promise.resolve(run()).catch(() => undefined);
    } catch {
      entry.outcome = 'late, refused';
    }
  });
  return 'cut';
}

function refusalOf({ effect, error }: Fault, { signedAs, actions = signedAs, throttled }: FakeService, entry: LedgerEntry): AwsError | undefined {
  if (effect === 'throttle') return new AwsError(throttled?.name ?? 'ThrottlingException', 'Rate exceeded', throttled?.status);
  if (effect === 'deny') return denied(entry.principal, `${actions}:${entry.operation}`);
  return effect === 'error' ? new AwsError(error?.name ?? 'InternalServerError', error?.message ?? 'Not now.', error?.status) : undefined;
}

function after(fault: Fault | undefined, entry: LedgerEntry): Fate | undefined {
  const { effect } = fault ?? {};
  entry.outcome = effect === 'drop' || effect === 'fail' || effect === 'stall' ? effect : 'ok';
  if (effect === 'fail') throw new AwsError('InternalFailure', 'It was done, and then something went wrong.', 500);
  return effect === 'drop' ? 'cut' : effect === 'stall' ? 'hang' : undefined;
}

function callOf(
  all: Dispatch,
  { service, operation, account, region }: LedgerEntry,
  rest: Pick<Call, 'principal' | 'requestId' | 'signal' | 'endpoint'>,
): Call {
  const place = all.world.place(account, region);
  const seen = new Map<string, boolean>();
  const now = all.world.clock.now();
  const { requestId, principal } = rest;
  const effect: Call['effect'] = (happened) => all.world.effects.add({ at: now, ...happened, account, region, principal: principal.arn, requestId });
  return {
    ...rest,
    place,
    operation,
    now,
    identities: all.identities,
    page: (listing) => all.pages.page(`${service}.${operation}/${account}/${region}`, listing, `${service}.${operation}`),
    effect,
    made(happened) {
      effect(happened);
      all.hidden.made(operation, service, place, happened.id);
    },
    visible(id) {
      const is = seen.get(id) ?? all.hidden.visible(service, place, id);
      seen.set(id, is);
      return is;
    },
  };
}

function protocolFor(service: FakeService, request: WireRequest): Protocol {
  if (isCbor(request)) return rpcCbor(service);
  if (request.headers['x-amz-target'] !== undefined) return awsJson(service, request);
  if (service.rest !== undefined) return service.rest === 'xml' ? restXml(service) : restJson();
  return awsQuery(service);
}

function endpointOf({ headers }: WireRequest): string {
  return `http://${headers.host ?? headers[':authority'] ?? ''}`;
}

/** The request without the chunks that some clients send bodies in. */
function plain(request: WireRequest): WireRequest {
  const streamed = request.headers['x-amz-content-sha256']?.startsWith('STREAMING-') === true;
  if (!streamed) return request;
  const encoding = request.headers['content-encoding']?.replace(/,?\s*aws-chunked\s*,?/, '');
  return { ...request, headers: { ...request.headers, 'content-encoding': encoding === '' ? undefined : encoding }, body: unchunked(request.body) };
}

function unsigned(signedAs: string, requestId: string): WireAnswer {
  const [name, message] =
    signedAs === ''
      ? ['MissingAuthenticationTokenException', 'Request is missing Authentication Token']
      : ['UnknownOperationException', `The fake has no service ${signedAs}.`];
  return {
    status: 403,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, 'x-amzn-errortype': name },
    body: JSON.stringify({ __type: name, message }),
  };
}
