import {
  ApplicationFailure,
  isGrpcServiceError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ERRORS, errorMessage, NightshiftError, type ErrorCode } from '../../domain/errors';

/** What a failed update means to the person who waits for its answer. Whatever leaves open whether it was taken in is `not_recorded`: the caller may send it again with the same key. */
export function answerError(error: unknown, timeoutMs: number): NightshiftError {
  if (error instanceof WorkflowNotFoundError) return new NightshiftError('conflict', 'The incident is closed.', [], { cause: error });
  if (error instanceof WorkflowUpdateFailedError) return refusal(error);
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
    return new NightshiftError('not_recorded', `No answer came within ${String(timeoutMs)} ms. Send it again with the same Idempotency-Key.`, [], {
      cause: error,
    });
  }
  const reason = error instanceof ServiceError && isGrpcServiceError(error.cause) ? error.cause.details : errorMessage(error);
  return new NightshiftError('not_recorded', `Temporal did not take the answer: ${reason}. Send it again with the same Idempotency-Key.`, [], { cause: error });
}

/** Whether the workflow has answered that the call came after its door had given up on it: nothing was taken in. */
export function cameTooLate(error: unknown): boolean {
  const late: ErrorCode = 'not_recorded';
  return error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure && error.cause.type === late;
}

function refusal(error: WorkflowUpdateFailedError): NightshiftError {
  const failure = error.cause;
  const type = failure instanceof ApplicationFailure ? failure.type : undefined;
  // The server's own type for an update that was under way when the workflow ended.
  if (type === 'AcceptedUpdateCompletedWorkflow') return new NightshiftError('conflict', 'The incident closed before it could answer.', [], { cause: error });
  const message = failure?.message ?? error.message;
  return new NightshiftError(isCode(type) ? type : 'internal', message, [], { cause: error });
}

function isCode(type: string | null | undefined): type is ErrorCode {
  return typeof type === 'string' && Object.hasOwn(ERRORS, type);
}
