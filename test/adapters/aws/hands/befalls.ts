/** What befalls the call of an action that has no token, the state that is told, and how often it is done. */
export const TOKENLESS = [
  ['throttled', { effect: 'throttle', times: 2 }, 'done', 1],
  ['denied', { effect: 'deny' }, 'failed', 0],
  ['accepted, and its answer dropped', { effect: 'drop', times: 1 }, 'done', 1],
  ['done, and answered 500', { effect: 'fail', times: 1 }, 'done', 1],
  ['done, and never answered', { effect: 'stall', times: 1 }, 'done', 1],
  ['never answered', { effect: 'hang', times: 1 }, 'ambiguous', 0],
  ['cut off before it was done', { effect: 'refuse', times: 1 }, 'ambiguous', 0],
  ['done only after a while', { effect: 'late', delayMs: 20_000, times: 1 }, 'done', 1],
] as const;

/** What befalls the call of an action that may be called again, the state that is told, and how often it is done. */
export const CALLED_AGAIN = [
  ['throttle', 'done', 1],
  ['refuse', 'done', 1],
  ['hang', 'done', 1],
  ['drop', 'done', 1],
  ['fail', 'done', 1],
  ['stall', 'done', 1],
  ['late', 'done', 1],
  ['deny', 'failed', 0],
] as const;
