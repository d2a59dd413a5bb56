/** A pattern of EventBridge, as a rule has it. */
export interface EventPattern {
  readonly source: readonly string[];
  readonly 'detail-type': readonly string[];
  readonly detail?: Readonly<Record<string, unknown>>;
}

/**
 * Whether EventBridge would pass an event to a rule of this pattern. Literals, `exists` and `anything-but` are known; others throw, so that no pattern counts as tried that is not.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function passes(pattern: object, event: unknown): boolean {
  const members: Readonly<Record<string, unknown>> = typeof event === 'object' && event !== null ? { ...event } : {};
  return Object.entries(pattern).every(([key, wanted]: [string, unknown]) =>
    Array.isArray(wanted) ? wanted.some((one) => fits(one, members[key])) : passes(Object(wanted) as object, members[key]),
  );
}

function fits(wanted: unknown, given: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return wanted === given;
  if ('exists' in wanted) return (given !== undefined) === wanted.exists;
  if ('anything-but' in wanted && Array.isArray(wanted['anything-but'])) return given !== undefined && !wanted['anything-but'].includes(given);
  throw new Error(`The test's EventBridge does not know ${JSON.stringify(wanted)}.`);
}
