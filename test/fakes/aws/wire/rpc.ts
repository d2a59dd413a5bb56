import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../errors';
import type { ErrorModel } from './model';
import { errorMembers, XML_ERROR_NAMES } from './protocol';
import type { Protocol, WireAnswer, WireRequest, WireService } from './protocol';
import { readQuery } from './query';
import { CBOR_FORMAT, fromCbor, JSON_FORMAT, read, toCbor, write } from './shapes';
import type { Format } from './shapes';
import { escapeXml, inner } from './xml';

/** AWS JSON 1.0 and 1.1: the operation stands in `X-Amz-Target`; the answer has the version that was asked in. */
export function awsJson(service: WireService, request: WireRequest): Protocol {
  const type = request.headers['content-type'] ?? 'application/x-amz-json-1.1';
  const send = (status: number, body: unknown, requestId: string, extra: Record<string, string> = {}): WireAnswer => ({
    status,
    headers: { 'content-type': type, 'x-amzn-requestid': requestId, ...extra },
    body: JSON.stringify(body),
  });
  return {
    name: 'json',
    operation: ({ headers }) => targetOf(headers['x-amz-target'] ?? '', service),
    input: ({ body }, { input }) => read(input, parseJson(body), JSON_FORMAT) as object,
    answer: ({ output }, value, requestId) => send(200, write(output, value, JSON_FORMAT), requestId),
    failure(error, model, requestId) {
      const known = model.error(error.name);
      return send(statusOf(error, known), errorBody(error, known, JSON_FORMAT), requestId, queryError(service, error, known));
    },
  };
}

const CBOR_PATH = /^\/service\/([^/]+)\/operation\/([^/]+)$/;
const CBOR_HEADERS = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };

/** Whether a request is one of Smithy's RPC v2 with CBOR. */
export function isCbor({ headers, path }: WireRequest): boolean {
  return headers['smithy-protocol'] === 'rpc-v2-cbor' && CBOR_PATH.test(path);
}

/** Smithy RPC v2 with CBOR: service and operation stand in the path. */
export function rpcCbor(service: WireService): Protocol {
  return {
    name: 'cbor',
    operation({ path }) {
      const [, target, operation] = CBOR_PATH.exec(path) ?? [];
      return target === service.target ? operation : undefined;
    },
    input: ({ body }, { input }) => read(input, fromCbor(body), CBOR_FORMAT) as object,
    answer: ({ output }, value, requestId) => ({
      status: 200,
      headers: { ...CBOR_HEADERS, 'x-amzn-requestid': requestId },
      body: toCbor(write(output, value, CBOR_FORMAT)),
    }),
    failure(error, model, requestId) {
      const known = model.error(error.name);
      const headers = { ...CBOR_HEADERS, 'x-amzn-requestid': requestId, ...queryError(service, error, known) };
      return { status: statusOf(error, known), headers, body: toCbor(errorBody(error, known, CBOR_FORMAT)) };
    },
  };
}

/** AWS Query: a form in, XML out. */
export function awsQuery({ xmlns = '' }: WireService): Protocol {
  const send = (status: number, body: string, requestId: string): WireAnswer => ({
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body,
  });
  const form = (body: Buffer): URLSearchParams => new URLSearchParams(body.toString('utf8'));
  return {
    name: 'query',
    operation: ({ body }) => form(body).get('Action') ?? undefined,
    input: ({ body }, { input }) => readQuery(input, form(body)) as object,
    answer({ name, output }, value, requestId) {
      const result = output.isUnitSchema() ? '' : `<${name}Result>${inner(output, value)}</${name}Result>`;
      return send(
        200,
        `<${name}Response xmlns="${xmlns}">${result}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${name}Response>`,
        requestId,
      );
    },
    failure(error, model, requestId) {
      const known = model.error(error.name);
      const status = statusOf(error, known);
      // An error with a status of its own comes from before the service, whose shape of that name may be another error.
      const own = error.status === undefined ? known?.queryCode : undefined;
      const code = own ?? XML_ERROR_NAMES[error.name] ?? known?.queryCode ?? error.name;
      const who = status < 500 ? 'Sender' : 'Receiver';
      const told = `<Error><Type>${who}</Type><Code>${code}</Code><Message>${escapeXml(error.message)}</Message></Error>`;
      return send(status, `<ErrorResponse xmlns="${xmlns}">${told}<RequestId>${requestId}</RequestId></ErrorResponse>`, requestId);
    },
  };
}

/** The status of an error: its own, that of the model, or 400. */
export function statusOf(error: AwsError, known: ErrorModel | undefined): number {
  return error.status ?? known?.status ?? 400;
}

/** The body of an error, by its shape where it has one. */
export function errorBody(error: AwsError, known: ErrorModel | undefined, format: Format, named = true): object {
  const members = errorMembers(error, known ? memberNames(known.shape) : []);
  const type = named ? { __type: known ? (known.shape.getName(true) ?? error.name) : error.name } : {};
  const message = Object.values(members)[0];
  // A shape without a message still gets one: clients show it.
  const fields =
    known && Object.keys(members).every((name) => memberNames(known.shape).includes(name))
      ? (write(known.shape, members, format) as object)
      : { message, ...error.fields };
  return { ...type, ...fields };
}

/** The JSON of a body; throws `SerializationException`. */
export function parseJson(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as unknown);
  } catch {
    throw new AwsError('SerializationException', 'The body is no JSON.', 400);
  }
}

function memberNames(shape: NormalizedSchema): string[] {
  return [...shape.structIterator()].map(([name]) => name);
}

/** Clients write the service with or without the namespace of its model before it. */
function targetOf(header: string, { target }: WireService): string | undefined {
  const [operation = '', service] = header.split('.').reverse();
  return service === target ? operation : undefined;
}

function queryError({ queryCompatible }: WireService, error: AwsError, known: ErrorModel | undefined): Record<string, string> {
  if (queryCompatible !== true) return {};
  return { 'x-amzn-query-error': `${known?.queryCode ?? error.name};${statusOf(error, known) < 500 ? 'Sender' : 'Receiver'}` };
}
