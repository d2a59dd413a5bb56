import { ApplicationFailure } from '@temporalio/common';
import { ERRORS, errorCode, errorMessage, NightshiftError } from '../domain/errors';

/** Turns our errors into failures that Temporal understands: the type is our code, what cannot get better is not tried again, and as long as the other side asks to wait is waited. */
export function asFailure(error: unknown): unknown {
  const code = errorCode(error);
  if (code === undefined) return error;
  const { retryable } = ERRORS[code];
  const waitMs = retryable && error instanceof NightshiftError ? error.retryAfterMs : undefined;
  return ApplicationFailure.create({
    message: errorMessage(error),
    type: code,
    nonRetryable: !retryable,
    ...(waitMs !== undefined && { nextRetryDelay: waitMs }),
    ...(error instanceof Error ? { cause: error } : {}),
  });
}

/** The same activities, with our errors turned into failures. Names are kept, as workflows call by name. */
export function withFailures<T extends { [K in keyof T]: (input: never) => Promise<unknown> }>(activities: T): T {
  const wrapped: Record<string, unknown> = {};
  for (const [name, activity] of Object.entries<(input: never) => Promise<unknown>>(activities)) {
    wrapped[name] = async (input: never): Promise<unknown> => {
      try {
        return await activity(input);
      } catch (error) {
        throw asFailure(error);
      }
    };
  }
  return wrapped as T;
}
