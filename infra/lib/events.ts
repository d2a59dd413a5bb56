import events from '../events.json';

/** A pattern of EventBridge. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
export interface EventPattern {
  readonly source: readonly string[];
  readonly 'detail-type': readonly string[];
  readonly detail?: Readonly<Record<string, unknown>>;
}

const CALLS = 'calls';

/**
 * What Nightshift's sources read of the events of AWS, by the name of the rule; `extra` are more sources whose calls by CloudTrail are wanted. EventBridge passes only calls on that write to rules
 * in their usual state. Tests of Nightshift hold `events.json` against its sources and its documentation.
 */
export function eventPatterns(extra: readonly string[] = []): ReadonlyMap<string, EventPattern> {
  const widened = (name: string, pattern: EventPattern): EventPattern =>
    name === CALLS ? { ...pattern, source: [...new Set([...pattern.source, ...extra])].sort() } : pattern;
  return new Map(Object.entries(events).map(([name, pattern]) => [name, widened(name, pattern)]));
}
