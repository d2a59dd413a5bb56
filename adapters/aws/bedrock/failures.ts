import { defined } from '../../../domain/defined';
import { errorCode, errorMessage, NightshiftError } from '../../../domain/errors';
import type { ErrorCode } from '../../../domain/errors';
import type { Rung } from '../../../domain/reasoning/rungs';
import type { ReasonerFailure } from '../../../ports/reasoner';
import type { VendorFailure } from '../../reasoning/vendor';

const BY_CODE: Partial<Readonly<Record<ErrorCode, ReasonerFailure>>> = {
  rate_limited: 'throttled',
  forbidden: 'forbidden',
  unauthenticated: 'forbidden',
  not_found: 'misconfigured',
  invalid_input: 'misconfigured',
  unreachable: 'unavailable',
};

/** Errors that nobody asks money for, as nothing was begun; after any other one that is unsure. */
const NOT_BEGUN = /^(?:ServiceUnavailableException|ModelNotReadyException|ServiceQuotaExceededException)$/;
/** What a model says that cannot do what a rung asks for. It says it in many words, and there is no code for it. */
const ABOUT_SCHEMA = /schema|output_?config|text_?format|response_?format|structured|\bstrict\b|tool|grammar/i;
const TOO_LONG = /too long|too large|context (?:window|length)|maximum (?:context|number of (?:input )?tokens)/i;

/** What an error of Converse means: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors */
export function bedrockFailure(error: unknown, rung: Rung): VendorFailure {
  const message = errorMessage(error);
  const name = causeName(error);
  if (name === 'ValidationException' && TOO_LONG.test(message)) return { failure: 'too-long', message };
  if (name === 'ValidationException' && rung !== 'plain' && ABOUT_SCHEMA.test(message)) return { failure: 'schema-refused', message };
  if (name === 'ModelTimeoutException') return { failure: 'timeout', message, unsure: true };
  const failure = BY_CODE[errorCode(error) ?? 'internal'] ?? 'unavailable';
  const unsure = failure === 'unavailable' && !NOT_BEGUN.test(name);
  const retryAfterMs = error instanceof NightshiftError ? error.retryAfterMs : undefined;
  return { failure, message, ...defined({ retryAfterMs }), ...(unsure && { unsure }) };
}

function causeName(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? cause.name : '';
}
