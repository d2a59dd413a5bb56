import type { AwsError } from '../errors';
import type { OperationModel, ServiceModel } from './model';

/** A request as it came, whichever version of HTTP brought it. */
export interface WireRequest {
  readonly method: string;
  /** Without the query, as it was sent (percent-encoded). */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** What is sent back. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** What protocols need to know of a service. */
export interface WireService {
  /** As requests are signed for it, such as `monitoring`. */
  readonly signedAs: string;
  /** The prefix of its operations in `X-Amz-Target`, without what stands before its last dot. */
  readonly target: string;
  /** Namespace of its XML documents. */
  readonly xmlns?: string;
  /** Its errors also carry their code of the Query protocol in a header. */
  readonly queryCompatible?: boolean;
}

/** One way to speak to a service. */
export interface Protocol {
  readonly name: 'json' | 'cbor' | 'query' | 'rest-json' | 'rest-xml';
  /** Name of the operation that is asked for, or undefined where the service has none such. */
  operation(request: WireRequest, model: ServiceModel): string | undefined;
  input(request: WireRequest, operation: OperationModel): object;
  answer(operation: OperationModel, output: object, requestId: string): WireAnswer;
  failure(error: AwsError, model: ServiceModel, requestId: string): WireAnswer;
}

/** Names that errors outside the models have in the protocols with XML. */
export const XML_ERROR_NAMES: Readonly<Record<string, string>> = {
  AccessDeniedException: 'AccessDenied',
  ThrottlingException: 'Throttling',
  UnknownOperationException: 'InvalidAction',
  ValidationException: 'ValidationError',
  InternalServerError: 'InternalFailure',
  UnrecognizedClientException: 'InvalidClientTokenId',
  ExpiredTokenException: 'ExpiredToken',
};

/** Members of an error's shape: its message goes by whichever name the shape has for it. */
export function errorMembers(error: AwsError, names: readonly string[]): Record<string, unknown> {
  const name = names.find((each) => each.toLowerCase() === 'message') ?? 'message';
  return { [name]: error.message, ...error.fields };
}
