import { z } from 'zod';
import { cleanText } from '../outside-text';
import type { Span } from '../telemetry';
import { serviceOf, valuesOf } from './names';
import { TRACES_SHAPE } from './otlp-shapes';
import { attributes, isExport, list, msBetween, originOf, pairsOf, readableItems, readExport, resource, scalar, text, timeOfNano } from './otlp-wire';
import type { Origin } from './otlp-wire';
import type { Source, SourceContext } from './source';
import { gathered } from './tally';
import { timeOf } from './to-alert';
import { hasMembers } from './wire';

const LONGEST_NAME = 200;
/** By number, as the specification has them; 0 is not known. */
const KINDS = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const FAILED = 2;

const span = z.looseObject({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: text,
  name: text,
  kind: scalar,
  startTimeUnixNano: scalar,
  endTimeUnixNano: scalar,
  attributes,
  status: z.looseObject({ code: scalar }).nullish(),
});
type Told = z.output<typeof span>;

const request = z.looseObject({
  resourceSpans: list(z.looseObject({ resource, scopeSpans: list(z.looseObject({ spans: list(z.unknown()) })) })),
});

/** Spans of OpenTelemetry over HTTP, in JSON or protobuf. https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto */
export const otlpTraces: Source = {
  name: 'otlp-traces',
  title: 'OpenTelemetry traces, OTLP/HTTP in JSON or protobuf',
  gives: ['span'],
  recognises: (message) => hasMembers(message.json, 'resourceSpans') || isExport(message, TRACES_SHAPE, ['resourceSpans', 'scopeSpans', 'spans'], isSpan),
  read: (message, context) =>
    gathered('an export without spans', (keep, aside) => {
      for (const { resource: of, scopeSpans } of readExport(message, TRACES_SHAPE, request).resourceSpans) {
        const origin = originOf(of, context);
        const spans = scopeSpans.flatMap((each) => each.spans);
        for (const told of readableItems(spans, span, (_item, problems) => aside.malformed('span', { why: 'that is not as OTLP says', problems }))) {
          const read = spanOf(told, origin, context);
          if (read) keep({ object: 'span', ...read });
          else aside.refuse('span', 'without the ids of a trace and a span');
        }
      }
    }),
};

function isSpan(item: unknown): boolean {
  return (
    hasMembers(item, 'traceId', 'spanId', 'startTimeUnixNano') &&
    idOf(String(item['traceId']), 32) !== undefined &&
    idOf(String(item['spanId']), 16) !== undefined
  );
}

function spanOf(told: Told, { environment, service }: Origin, context: SourceContext): Span | undefined {
  const traceId = idOf(told.traceId, 32);
  const spanId = idOf(told.spanId, 16);
  if (traceId === undefined || spanId === undefined) return undefined;
  const parentSpanId = idOf(told.parentSpanId ?? '', 16);
  const kind = kindOf(told.kind);
  const peer = peerOf(told, kind, context);
  return {
    ...{ source: 'otlp-traces', environment, service, traceId, spanId },
    ...(parentSpanId !== undefined && { parentSpanId }),
    name: cleanText(told.name ?? '', LONGEST_NAME) || 'unnamed',
    kind,
    startedAt: timeOfNano(told.startTimeUnixNano) ?? timeOfNano(told.endTimeUnixNano) ?? timeOf(context.receivedAt) ?? '',
    durationMs: msBetween(told.startTimeUnixNano, told.endTimeUnixNano),
    // Only what the span itself calls an error: an answer of 404 is none to the server that gives it.
    failed: told.status?.code === FAILED || told.status?.code === 'STATUS_CODE_ERROR',
    ...(peer !== undefined && { peer }),
  };
}

/** An id in lower-case hex; undefined where it is none, or all zeros. */
function idOf(given: string, digits: number): string | undefined {
  const id = given.toLowerCase();
  return id.length === digits && /^[0-9a-f]+$/.test(id) && /[^0]/.test(id) ? id : undefined;
}

function kindOf(told: Told['kind']): Span['kind'] {
  const byName = typeof told === 'string' ? KINDS.find((kind) => told === `SPAN_KIND_${kind.toUpperCase()}`) : undefined;
  return byName ?? (typeof told === 'number' ? KINDS[told] : undefined) ?? 'internal';
}

/** The service that was called: by its name, or by the address that a caller gives (a server gives its own). */
function peerOf({ attributes: given }: Told, kind: Span['kind'], context: SourceContext): string | undefined {
  const all = Object.fromEntries(pairsOf(given).reverse());
  const calls = kind === 'client' || kind === 'producer';
  const candidates = valuesOf(all, ['peer.service', 'service.peer.name', ...(calls ? ['server.address', 'net.peer.name'] : [])]).filter(
    (candidate) => candidate !== undefined && candidate.trim() !== '',
  );
  const peer = serviceOf(candidates, context);
  return candidates.length === 0 || peer === 'unknown' ? undefined : peer;
}
