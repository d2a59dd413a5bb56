import type { ErrorCode } from '../domain/errors';
import { errorCode } from '../domain/errors';

/** Exit codes of the command line; scripts rely on them. */
export const EXIT = { ok: 0, failed: 1, usage: 2, unreachable: 3, refused: 4 } as const;

const BY_CODE: Partial<Readonly<Record<ErrorCode, number>>> = {
  invalid_input: EXIT.usage,
  unknown_runbook: EXIT.usage,
  unreachable: EXIT.unreachable,
  unauthenticated: EXIT.refused,
  forbidden: EXIT.refused,
  conflict: EXIT.refused,
  stale_proposal: EXIT.refused,
  expired: EXIT.refused,
  refused: EXIT.refused,
  halted: EXIT.refused,
  wrong_target: EXIT.refused,
};

/** The exit code for an error: by our code, 1 for anything else. */
export function exitCodeOf(error: unknown): number {
  const code = errorCode(error);
  return code === undefined ? EXIT.failed : (BY_CODE[code] ?? EXIT.failed);
}
