import { z } from 'zod';

const group = z.looseObject({});

/** Any object: users write the template, so only what is read of it is looked at. */
export const datadogMessage = z.looseObject({ alert: group.nullish().catch(undefined) });
/** A message that passed the schema. */
export type DatadogMessage = z.output<typeof datadogMessage>;

/** Names that templates use for a variable of Datadog, ours first. */
const NAMES = {
  id: ['id', 'event_id', 'eventId'],
  alertId: ['alert_id', 'alertId', 'monitor_id'],
  cycle: ['alert_cycle_key', 'alertCycleKey', 'cycle_key', 'cycleId'],
  transition: ['alert_transition', 'alertTransition', 'transition'],
  type: ['alert_type', 'alertType', 'type'],
  title: ['title', 'event_title', 'alert_title', 'alertTitle'],
  status: ['alert_status', 'alertStatus'],
  body: ['text', 'body', 'message', 'event_msg', 'eventMsg'],
  priority: ['alert_priority', 'alertPriority', 'priority'],
  scope: ['alert_scope', 'alertScope', 'scope'],
  metric: ['alert_metric', 'alertMetric', 'metric'],
  aggregation: ['aggreg_key', 'aggregKey', 'aggregation_key'],
  host: ['hostname', 'host'],
  link: ['link', 'event_url', 'url'],
  date: ['date', 'last_updated', 'lastUpdated'],
} as const;

/** A field of a message that is read. */
export type Field = keyof typeof NAMES;

/**
 * The value of a field: at the top, or in `alert` as some templates have it. There the names are shorter: its `id` is the monitor's, and its `status` the text.
 * What Datadog has no value for counts as absent, as do numbers that are none.
 */
export function fieldOf(message: DatadogMessage, field: Field): string | undefined {
  const inner = message.alert ?? {};
  const found = [...NAMES[field].map((name) => message[name]), ...namesInside(field).map((name) => inner[name])];
  return found.map(textOf).find((text) => text !== undefined);
}

/** The group of tags that a monitor speaks of: its scope, or as it stands in the title (`[Triggered on {host:web-1}] …`). */
export function scopeOf(message: DatadogMessage): string | undefined {
  return fieldOf(message, 'scope') ?? /^[^{}]{0,40} on \{([^}]+)\}\]/.exec(fieldOf(message, 'title') ?? '')?.[1];
}

/** Tags: text with commas between them, or a list; then those of the scope. */
export function tagsOf(message: DatadogMessage): readonly string[] {
  const { tags } = message;
  const list = Array.isArray(tags) ? tags.map(textOf) : (textOf(tags)?.split(',') ?? []);
  return [...list, ...(scopeOf(message)?.split(',') ?? [])].map((tag) => tag?.trim() ?? '').filter((tag) => tag !== '');
}

/** Tags such as `service:shop` by their keys; of a key that comes twice the first value counts. Tags without a value are left out. */
export function labelsOf(tags: readonly string[]): Readonly<Record<string, string>> {
  const pairs = tags.flatMap((tag) => {
    const at = tag.indexOf(':');
    return at > 0 && at < tag.length - 1 ? [[tag.slice(0, at).trim().toLowerCase(), tag.slice(at + 1).trim()] as const] : [];
  });
  return Object.fromEntries(pairs.reverse());
}

function namesInside(field: Field): readonly string[] {
  if (field === 'alertId') return ['id', ...NAMES.alertId];
  if (field === 'id') return [];
  return field === 'status' ? ['status', ...NAMES.status] : NAMES[field];
}

/** Datadog writes nothing, `null` or the variable's own name where it has no value. */
function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  return text === '' || text.toLowerCase() === 'null' || /^\$[A-Z_]+$/.test(text) ? undefined : text;
}
