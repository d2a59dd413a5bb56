import { Writer } from 'protobufjs/minimal';
import { ERRORS } from '../domain/errors';
import type { ErrorCode } from '../domain/errors';
import type { RefusedParts } from './refusals';

/** Media type of OTLP in protobuf. */
export const PROTOBUF = 'application/x-protobuf';

/** Codes of google.rpc.Status by HTTP status; others are UNKNOWN. https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto */
const STATUS_CODES: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 404: 5, 413: 3, 415: 3, 429: 8, 500: 13, 503: 14 };
const UNKNOWN = 2;

/** Name in JSON of what was rejected, by the kind of export. */
export const REJECTED = { metrics: 'rejectedDataPoints', logs: 'rejectedLogRecords', traces: 'rejectedSpans' } as const;

/** What an export is of. */
export type Signal = keyof typeof REJECTED;

/**
 * The answer to an export that was taken in: empty, or with what was rejected and why. Its three kinds have the same numbers of fields.
 * https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/collector/metrics/v1/metrics_service.proto
 */
export function exportAnswer(signal: Signal, { count, words }: RefusedParts, isProtobuf: boolean): Buffer | object {
  const message = words.join('; ');
  if (!isProtobuf) return message === '' ? {} : { partialSuccess: { [REJECTED[signal]]: String(count), errorMessage: message } };
  const answer = Writer.create();
  if (message !== '') answer.uint32(10).fork().uint32(8).int64(count).uint32(18).string(message).ldelim();
  return Buffer.from(answer.finish());
}

/** The protobuf of google.rpc.Status, which an exporter gets for an error. https://opentelemetry.io/docs/specs/otlp/#failures-1 */
export function statusMessage(code: ErrorCode, detail: string): Buffer {
  return Buffer.from(
    Writer.create()
      .uint32(8)
      .int32(STATUS_CODES[ERRORS[code].status] ?? UNKNOWN)
      .uint32(18)
      .string(detail)
      .finish(),
  );
}
