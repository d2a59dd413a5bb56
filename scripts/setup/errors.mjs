/** The error of everything that happens before dependencies exist. Its message is meant for people and says what to do; `code` is always `setup_failed`. */
export class SetupError extends Error {
  name = 'SetupError';
  code = 'setup_failed';
}

/** Text of any thrown value, with the system's code where the message leaves it out. */
export function reason(error) {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof SetupError) return error.message;
  const parts = error instanceof AggregateError ? error.errors.map(reason) : [error.message];
  const text = [...new Set(parts)].filter(Boolean).join('; ');
  return error.code && !text.includes(error.code) ? `${text || 'failed'} (${error.code})` : text;
}
