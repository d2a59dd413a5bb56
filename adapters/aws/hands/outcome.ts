import { errorCode, errorMessage, NightshiftError } from '../../../domain/errors';
import { awsError, retryAfterMs } from '../errors';

/** Refusals that say that nothing was done and that the same may be taken later, whatever service gives them. */
const LATER =
  /^(?:AutomationExecutionLimitExceededException|AccountLimitExceededException|ConcurrentUpdateException|ConcurrentModificationException|ConflictException|ConcurrentPipelineExecutionsLimitExceededException|ResourceConflictException|ResourceContention(?:Fault)?|ScalingActivityInProgress(?:Fault)?|UpdateInProgressException|ResourceInUse(?:Fault|Exception)?)$/;
/** A limit of how many there may be, which waiting does not mend, although the SDK takes it for throttling. */
const TOO_MANY = /^LimitExceeded(?:Exception|Fault)?$/;
/** The connection was never made, so that nothing went out. */
const NOT_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/**
 * What an error of a call that changes something says of it: `effect_failed` where it was refused, `not_begun` where nothing was done and it may be taken later. Undefined where nobody knows: no
 * answer, or one of the 500s. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export function refusalOf(error: unknown, what: string): NightshiftError | undefined {
  const status = statusOf(error);
  const name = error instanceof Error ? error.name : '';
  const ours = awsError(error, what);
  const said = (code: 'effect_failed' | 'not_begun'): NightshiftError =>
    new NightshiftError(code, ours.message, [], { cause: error, retryAfterMs: retryAfterMs(error) });
  if (TOO_MANY.test(name)) return said('effect_failed');
  if (errorCode(ours) === 'rate_limited' || status === 429 || LATER.test(name)) return said('not_begun');
  if (status === undefined) return NOT_CONNECTED.includes(codeOf(error)) ? said('not_begun') : undefined;
  return status >= 400 && status < 500 ? said('effect_failed') : undefined;
}

/** Name of an error of the SDK. */
export function awsName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** For a person: nobody knows whether it was done. */
export function lostText(error: unknown, what: string): string {
  return `the answer to ${what} was lost: ${awsName(error)}: ${errorMessage(error)}`;
}

function statusOf(error: unknown): number | undefined {
  return (error as { readonly $metadata?: { readonly httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
}

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

/** Name of the error of the SDK that one of ours was made of. */
export function causeName(error: unknown): string {
  return error instanceof Error ? awsName(error.cause) : '';
}
