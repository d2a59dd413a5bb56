import type { ActionInput } from './action';

/** How much more is to run, of what runs now. */
export const BY = {
  type: 'string',
  description: 'How much more, such as +50% or +2; no more than the maximum that is set.',
  pattern: '\\+[1-9][0-9]{0,2}%|\\+[1-9][0-9]{0,3}',
  optional: true,
} as const satisfies ActionInput;

/** How much is to run. */
export const TO = { type: 'string', description: 'How many.', pattern: '[1-9][0-9]{0,4}', optional: true } as const satisfies ActionInput;

/** How much may be asked for. */
export const MOST = {
  type: 'string',
  description: 'Nothing is done where it would be more.',
  pattern: '[1-9][0-9]{0,4}',
  optional: true,
} as const satisfies ActionInput;

/** A moment in UTC, to the minute or the second. */
export const MOMENT = { type: 'string', pattern: '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.000)?)?Z', optional: true } as const satisfies Omit<
  ActionInput,
  'description'
>;
