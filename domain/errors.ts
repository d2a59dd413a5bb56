/** The one table of errors: what each code answers at the HTTP door, and whether trying again can help. */
export const ERRORS = {
  invalid_input: { status: 400, retryable: false, title: 'The input is not valid' },
  invalid_config: { status: 500, retryable: false, title: 'The configuration is not valid' },
  unauthenticated: { status: 401, retryable: false, title: 'A valid key is needed' },
  forbidden: { status: 403, retryable: false, title: 'This key may not do that' },
  not_found: { status: 404, retryable: false, title: 'There is no such thing' },
  method_not_allowed: { status: 405, retryable: false, title: 'This address does not take that method' },
  conflict: { status: 409, retryable: false, title: 'The state has moved on' },
  stale_proposal: { status: 409, retryable: false, title: 'The proposal has changed since it was shown' },
  expired: { status: 409, retryable: false, title: 'It is too late for this answer' },
  unreadable: { status: 400, retryable: false, title: 'The message cannot be read as what it should be' },
  too_large: { status: 413, retryable: false, title: 'The body is too large' },
  unsupported_media_type: { status: 415, retryable: false, title: 'The body must be JSON' },
  rate_limited: { status: 429, retryable: true, title: 'Too many requests' },
  not_recorded: { status: 503, retryable: true, title: 'The answer was not recorded; send it again' },
  overloaded: { status: 503, retryable: true, title: 'The inbox cannot take more now; send it again' },
  unreachable: { status: 503, retryable: true, title: 'A part that is needed does not answer' },
  unknown_runbook: { status: 422, retryable: false, title: 'There is no such runbook' },
  refused: { status: 409, retryable: false, title: 'Policy or a limit refuses this' },
  halted: { status: 409, retryable: false, title: 'The kill switch is on' },
  wrong_target: { status: 409, retryable: false, title: 'The target is not the expected one' },
  ambiguous_effect: { status: 409, retryable: false, title: 'It is not known whether the effect happened' },
  not_begun: { status: 503, retryable: true, title: 'The effect was not begun; it can be tried again' },
  effect_failed: { status: 502, retryable: false, title: 'The effect failed' },
  locked: { status: 409, retryable: false, title: 'Another process has it open' },
  internal: { status: 500, retryable: true, title: 'Something went wrong inside' },
} as const satisfies Record<string, { status: number; retryable: boolean; title: string }>;

/** A code of the error table. */
export type ErrorCode = keyof typeof ERRORS;

/** One thing that is wrong with an input: where (a path such as `alerts.0.service`) and what. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** The error that every room throws. Match on `code`, never on the class: workflow sandbox and tests are other realms. */
export class NightshiftError extends Error {
  override readonly name = 'NightshiftError';
  /** How long the other side asks to wait, milliseconds. */
  readonly retryAfterMs?: number;
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly problems: readonly Problem[] = [],
    options?: { cause?: unknown; retryAfterMs?: number | undefined },
  ) {
    super(message, options);
    if (options?.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}

/** The code of an error of ours, or undefined for any other value. */
export function errorCode(error: unknown): ErrorCode | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code in ERRORS ? (code as ErrorCode) : undefined;
}

/** Whether it is an error of ours that trying again cannot help. */
export function isFinal(error: unknown): boolean {
  const code = errorCode(error);
  return code !== undefined && !ERRORS[code].retryable;
}

/** Text of any thrown value. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
