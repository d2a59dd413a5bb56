import { cleanText } from '../outside-text';
import { datadogMessage, fieldOf, labelsOf, scopeOf, tagsOf } from './datadog-fields';
import type { DatadogMessage } from './datadog-fields';
import { epochOf } from './instants';
import { ENVIRONMENT_LABELS, environmentOf, SERVICE_LABELS, serviceOf, valuesOf } from './names';
import type { Reading, Source, SourceContext } from './source';
import { severityBy, toAlert } from './to-alert';
import { hasMembers, readAs, unreadable } from './wire';

/**
 * Webhooks of Datadog's monitors, whose body is the user's own: docs/sources.md has the one to write into `Payload`.
 * The default body and the usual other ones are read as well. With the cycle key a reminder (Renotify, Re-Triggered) counts as the same message as the first one; without
 * it every reminder is a message of its own. https://docs.datadoghq.com/integrations/webhooks/
 */
export const datadog: Source = {
  name: 'datadog',
  title: 'Datadog monitors, webhook (the payload that the docs recommend, and the usual others)',
  gives: ['alert'],
  recognises: ({ json }) =>
    [['alert_transition'], ['alertTransition', 'alertId'], ['last_updated', 'event_type', 'title', 'date', 'org']].some((names) => hasMembers(json, ...names)),
  read: (message, context) => read(readAs(message, datadogMessage), context),
};

/** What a transition says; a condition of another state is told anew though its cycle goes on. */
const TRANSITIONS: ReadonlyMap<string, Told> = new Map([
  ['triggered', { status: 'firing', state: 'triggered' }],
  ['renotify', { status: 'firing', state: 'triggered' }],
  ['warn', { status: 'firing', state: 'warn' }],
  ['no data', { status: 'firing', state: 'no-data' }],
  ['recovered', { status: 'resolved', state: 'recovered' }],
]);
interface Told {
  readonly status: 'firing' | 'resolved';
  readonly state: 'triggered' | 'warn' | 'no-data' | 'recovered';
}

/** `$ALERT_TYPE`, for templates without a transition; `info` is no condition. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['error', 'triggered'],
  ['warning', 'warn'],
  ['success', 'recovered'],
]);

const PRIORITIES = { p1: 'sev1', p2: 'sev2', p3: 'sev3', p4: 'sev4', p5: 'sev4', 1: 'sev1', 2: 'sev2', 3: 'sev3', 4: 'sev4', 5: 'sev4' } as const;

function read(message: DatadogMessage, context: SourceContext): Reading {
  const title = fieldOf(message, 'title') ?? '';
  const transition = fieldOf(message, 'transition');
  const told = transitionOf(transition ?? wordIn(title) ?? TYPES.get((fieldOf(message, 'type') ?? '').toLowerCase()));
  if (told === undefined) return { objects: [], passedOver: [`an event that is no transition of a monitor (${cleanText(transition ?? 'it names none', 64)})`] };
  const monitor = fieldOf(message, 'alertId');
  if (title === '' && monitor === undefined) throw unreadable('The message names no monitor: it needs `title` or `alert_id`.');
  const labels = labelsOf(tagsOf(message));
  const at = epochOf(fieldOf(message, 'date'));
  const alert = toAlert(
    {
      ...{ source: 'datadog', status: told.status, name: nameIn(title) || `monitor ${monitor ?? ''}`, labels: withHost(labels, fieldOf(message, 'host')) },
      environment: environmentOf(valuesOf(labels, ENVIRONMENT_LABELS), context),
      service: serviceOf(valuesOf(labels, SERVICE_LABELS), context),
      severity: severityOf(message, told, labels),
      summary: fieldOf(message, 'status') ?? sentence(fieldOf(message, 'body')),
      ...identityOf(message, told, monitor),
      // Of an end the beginning is not told. Its own time stands for both, so that the end comes after what it ends.
      startsAt: at,
      endsAt: told.status === 'resolved' ? at : undefined,
      signal: fieldOf(message, 'metric'),
      link: fieldOf(message, 'link'),
    },
    context,
  );
  return { objects: [alert], passedOver: [] };
}

/** The condition is a monitor for one group of tags; a cycle is one time from its trigger to its recovery. */
function identityOf(message: DatadogMessage, told: Told, monitor: string | undefined): { readonly id?: string; readonly fingerprint?: string } {
  const scope = scopeOf(message);
  const key = monitor === undefined ? fieldOf(message, 'aggregation') : [monitor, ...(scope === undefined ? [] : [scope])].join(':');
  const fingerprint = key === undefined ? {} : { fingerprint: `datadog:${key}` };
  const cycle = fieldOf(message, 'cycle');
  if (cycle !== undefined) return { ...fingerprint, id: `datadog:${key ?? ''}:${cycle}:${told.state}` };
  const event = fieldOf(message, 'id');
  return event === undefined ? fingerprint : { ...fingerprint, id: `datadog:event:${event}` };
}

function transitionOf(word: string | undefined): Told | undefined {
  return TRANSITIONS.get((word ?? '').toLowerCase().replace(/^re-/, '').trim());
}

/** Marks that Datadog writes before the name of a monitor: `[P2] [Triggered on {host:web-1}] Disk is full`. */
const MARKS = /^(?:\s*\[(?:P[1-5]|(?:Re-)?(?:Triggered|Warn|No Data)|Recovered|Renotify)(?: on \{[^}]*\})?\]){1,4}/i;

function nameIn(title: string): string {
  return title.replace(MARKS, '').trim() || title;
}

/** The transition in the marks of a title. */
function wordIn(title: string): string | undefined {
  return /\[([A-Z][A-Z -]+?)(?: on \{|\])/i.exec(MARKS.exec(title)?.[0] ?? '')?.[1];
}

function severityOf(message: DatadogMessage, told: Told, labels: Readonly<Record<string, string>>): string | undefined {
  const byPriority = severityBy(PRIORITIES, fieldOf(message, 'priority'));
  return byPriority ?? labels['severity'] ?? (told.state === 'warn' ? 'warning' : fieldOf(message, 'type'));
}

/** Markers of Markdown and the names of those who are notified are no part of what happened. */
function sentence(body: string | undefined): string | undefined {
  return body
    ?.replace(/%%%/g, ' ')
    .replace(/(?<!\S)@[a-z]+-[\w.-]+/gi, ' ')
    .trim();
}

function withHost(labels: Readonly<Record<string, string>>, host: string | undefined): Readonly<Record<string, string>> {
  return host === undefined || Object.hasOwn(labels, 'host') ? labels : { host, ...labels };
}
