import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../errors';
import type { OperationModel, ServiceModel } from './model';
import { XML_ERROR_NAMES } from './protocol';
import type { Protocol, WireAnswer, WireRequest, WireService } from './protocol';
import { bucketOf, route } from './route';
import type { Route } from './route';
import { errorBody, parseJson, statusOf } from './rpc';
import { isStructure, JSON_FORMAT, membersOf, read, write } from './shapes';
import { element, escapeXml, inner, parseXml, readScalar, readXml, scalarText } from './xml';

type Fields = Record<string, unknown>;

/** How a REST service writes and reads what stands in bodies. */
interface Bodies {
  readonly type: string;
  read(schema: NormalizedSchema, body: Buffer): unknown;
  /** The members of `schema` that stand in the body. */
  write(schema: NormalizedSchema, value: Fields): string;
}

/** REST with JSON bodies, as Lambda, X-Ray and SageMaker's runtime speak it. */
export function restJson(): Protocol {
  const bodies: Bodies = {
    type: 'application/json',
    read: (schema, body) => read(schema, parseJson(body), JSON_FORMAT),
    write: (schema, value) => JSON.stringify(write(schema, value, JSON_FORMAT)),
  };
  return {
    name: 'rest-json',
    ...bound(bodies, (request, model) => route(model.operations.values(), request)),
    failure(error, model, requestId) {
      const known = model.error(error.name);
      const headers = { 'content-type': bodies.type, 'x-amzn-requestid': requestId, 'x-amzn-errortype': error.name };
      return { status: statusOf(error, known), headers, body: JSON.stringify(errorBody(error, known, JSON_FORMAT, false)) };
    },
  };
}

/** REST with XML bodies, as S3 speaks it: the bucket stands before the path. */
export function restXml({ xmlns = '' }: WireService): Protocol {
  const bodies: Bodies = {
    type: 'application/xml',
    read: (schema, body) => readXml(schema, parseXml(body.toString('utf8'))),
    write(schema, value) {
      const root = schema.getMergedTraits().xmlName ?? schema.getName() ?? '';
      return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${xmlns}">${inner(schema, value)}</${root}>`;
    },
  };
  const find = (request: WireRequest, model: ServiceModel): Route | undefined => {
    const bucketed = bucketOf(request.path);
    const found = route(model.operations.values(), request, bucketed);
    return found && { ...found, labels: { ...found.labels, ...(bucketed.bucket !== undefined && { Bucket: bucketed.bucket }) } };
  };
  return {
    name: 'rest-xml',
    ...bound(bodies, find),
    failure(error, model, requestId) {
      const known = model.error(error.name);
      const code = error.name === 'InternalFailure' ? 'InternalError' : (XML_ERROR_NAMES[error.name] ?? error.name);
      const fields = Object.entries(error.fields).map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`);
      const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escapeXml(error.message)}</Message>${fields.join('')}<RequestId>${requestId}</RequestId></Error>`;
      return { status: statusOf(error, known), headers: { 'content-type': bodies.type, 'x-amz-request-id': requestId, 'x-amz-id-2': requestId }, body };
    },
  };
}

type Bound = Pick<Protocol, 'operation' | 'input' | 'answer'>;

function bound(bodies: Bodies, find: (request: WireRequest, model: ServiceModel) => Route | undefined): Bound {
  let labels: Route['labels'] = {};
  return {
    operation(request, model) {
      const found = find(request, model);
      labels = found?.labels ?? {};
      return found?.operation.name;
    },
    input: (request, operation) => readBound(bodies, request, operation, labels),
    answer: (operation, output, requestId) => writeBound(bodies, operation, output as Fields, requestId),
  };
}

function readBound(bodies: Bodies, request: WireRequest, { input }: OperationModel, labels: Route['labels']): Fields {
  if (input.isUnitSchema()) return {};
  const members = [...input.structIterator()];
  const payload = members.find(([, member]) => member.getMergedTraits().httpPayload !== undefined);
  const whole = payload || request.body.length === 0 ? {} : (bodies.read(input, request.body) as Fields);
  const out: Fields = { ...whole };
  for (const [name, member] of members) {
    const text = boundText(name, member, request, labels);
    if (text !== undefined) out[name] = text;
  }
  if (payload && request.body.length > 0)
    out[payload[0]] = isStructure(payload[1]) ? bodies.read(payload[1], request.body) : payloadValue(payload[1], request.body);
  return out;
}

function payloadValue(schema: NormalizedSchema, body: Buffer): unknown {
  return schema.isStringSchema() ? body.toString('utf8') : body;
}

function boundText(name: string, member: NormalizedSchema, { query, headers }: WireRequest, labels: Route['labels']): unknown {
  const { httpLabel, httpQuery, httpHeader, httpPrefixHeaders } = member.getMergedTraits();
  if (httpPrefixHeaders !== undefined) return prefixed(headers, httpPrefixHeaders);
  if (httpQuery !== undefined && member.isListSchema()) return query.has(httpQuery) ? query.getAll(httpQuery) : undefined;
  const text =
    httpLabel !== undefined
      ? labels[name]
      : httpQuery !== undefined
        ? query.get(httpQuery)
        : httpHeader !== undefined
          ? headers[httpHeader.toLowerCase()]
          : undefined;
  if (text === undefined || text === null) return undefined;
  return member.isListSchema() ? text.split(',').map((each) => each.trim()) : readScalar(member, text);
}

function prefixed(headers: WireRequest['headers'], prefix: string): Record<string, string> {
  const found = Object.entries(headers).filter(([name, value]) => name.startsWith(prefix.toLowerCase()) && value !== undefined);
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value ?? '']));
}

function writeBound(bodies: Bodies, { http, output }: OperationModel, value: Fields, requestId: string): WireAnswer {
  const headers: Record<string, string> = { 'x-amzn-requestid': requestId, 'x-amz-request-id': requestId };
  const members = membersOf(output, value);
  const inBody: Fields = {};
  let payload: Buffer | string | undefined;
  for (const [name, member] of members) {
    const { httpHeader, httpPrefixHeaders, httpPayload, httpResponseCode } = member.getMergedTraits();
    const one = value[name];
    if (one === undefined || httpResponseCode !== undefined) continue;
    if (httpHeader !== undefined) headers[httpHeader.toLowerCase()] = scalarText(member, one, 'http-date');
    else if (httpPrefixHeaders !== undefined) for (const [key, each] of Object.entries(one as object)) headers[httpPrefixHeaders + key] = String(each);
    else if (httpPayload !== undefined) payload = isStructure(member) ? element(name, member, one) : Buffer.from(one as Uint8Array | string);
    else inBody[name] = one;
  }
  const empty = members.every(([, member]) => boundElsewhere(member));
  const body = payload ?? (empty ? '' : bodies.write(output, inBody));
  if (payload === undefined && !empty) headers['content-type'] = bodies.type;
  return { status: statusIn(members, value) ?? http?.[2] ?? 200, headers, body };
}

function boundElsewhere(member: NormalizedSchema): boolean {
  const { httpHeader, httpPrefixHeaders, httpPayload, httpResponseCode } = member.getMergedTraits();
  return [httpHeader, httpPrefixHeaders, httpPayload, httpResponseCode].some((each) => each !== undefined);
}

function statusIn(members: readonly [string, NormalizedSchema][], value: Fields): number | undefined {
  const found = members.find(([, member]) => member.getMergedTraits().httpResponseCode !== undefined);
  return found && (value[found[0]] as number | undefined);
}

/** A body that the SDK sent in signed chunks or with a trailer (`aws-chunked`), put together again. */
export function unchunked(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const end = body.indexOf('\r\n', at);
    const size = parseInt(body.toString('latin1', at, end === -1 ? body.length : end), 16);
    if (Number.isNaN(size) || end === -1) throw new AwsError('IncompleteBody', 'A chunk has no size.', 400);
    if (size === 0) break;
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(parts);
}
