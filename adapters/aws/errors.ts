import { errorMessage, NightshiftError } from '../../domain/errors';
import type { ErrorCode } from '../../domain/errors';

/** Errors of any service by their names, and what they are to us; the SDK's classes are not matched, as many are not modelled. */
const NAMES: readonly (readonly [RegExp, ErrorCode])[] = [
  [
    /^(?:Throttling|ThrottlingException|ThrottledException|TooManyRequests|TooManyRequestsException|RequestLimitExceeded|SlowDown|LimitExceededException)$/,
    'rate_limited',
  ],
  [/^(?:ProvisionedThroughputExceededException|KMSThrottlingException|RequestThrottled|RequestThrottledException)$/, 'rate_limited'],
  [/^(?:AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError|AuthorizationErrorException|NotAuthorized)$/, 'forbidden'],
  [
    /^(?:ExpiredToken|ExpiredTokenException|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|CredentialsProviderError)$/,
    'unauthenticated',
  ],
  [/(?:NotFound|NotFoundException|DoesNotExist|DoesNotExistException|NoSuchKey|NoSuchBucket|NonExistentQueue)$/, 'not_found'],
  [
    /^(?:ValidationException|ValidationError|InvalidParameter|InvalidParameterException|InvalidParameterValue|InvalidArgumentException|InvalidInputException|InvalidRequestException)$/,
    'invalid_input',
  ],
];

/** An error of the SDK as one of ours: `what` was asked where, such as `cloudwatch:DescribeAlarms in 123456789012/eu-central-1`. Everything that has no better name is `unreachable`, and may be tried again. */
export function awsError(error: unknown, what: string): NightshiftError {
  const name = error instanceof Error ? error.name : 'an error';
  const code = NAMES.find(([names]) => names.test(name))?.[1] ?? 'unreachable';
  const retryAfter = code === 'rate_limited' ? retryAfterMs(error) : undefined;
  return new NightshiftError(code, `AWS refused or did not answer ${what}: ${name}: ${errorMessage(error)}`, [], { cause: error, retryAfterMs: retryAfter });
}

/** How long a service asks to wait, milliseconds: `x-amz-retry-after`, or `Retry-After` in seconds. */
export function retryAfterMs(error: unknown): number | undefined {
  const headers = (error as { readonly $response?: { readonly headers?: Readonly<Record<string, string>> } } | undefined)?.$response?.headers ?? {};
  const named = (wanted: string): string => Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';
  const [exact, seconds] = [named('x-amz-retry-after'), named('retry-after')];
  if (/^\d{1,9}$/.test(exact)) return Number(exact);
  return /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}
