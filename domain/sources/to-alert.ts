import { normaliseAlert, severityOfWord } from '../alert-intake';
import type { Severity } from '../names';
import type { Normalised, SourceContext } from './source';

/** Labels that an alert keeps; of more the first in the order of the source. */
const MOST_LABELS = 24;

/** An alert as a source tells it; texts may have any length and hold anything. */
export interface ToldAlert {
  readonly source: string;
  readonly status: 'firing' | 'resolved';
  readonly environment: string;
  /** A name as `serviceOf` gives it. */
  readonly service: string;
  readonly name: string;
  /** The source's own word; one that nobody knows counts as none. */
  readonly severity?: string | undefined;
  readonly summary?: string | undefined;
  /** Identity of this message and of the condition, where the source has them. */
  readonly id?: string | undefined;
  readonly fingerprint?: string | undefined;
  /** Epoch milliseconds. */
  readonly startsAt?: number | undefined;
  readonly endsAt?: number | undefined;
  readonly signal?: string | undefined;
  readonly value?: number | undefined;
  readonly threshold?: number | undefined;
  readonly labels?: Readonly<Record<string, unknown>>;
  readonly link?: string | undefined;
}

/** The alert in our words: redacted, bounded, with ids made where the source has none. */
export function toAlert(told: ToldAlert, context: SourceContext): Normalised {
  const { id, fingerprint, startsAt, endsAt, signal, value, threshold, link, summary, severity, labels = {}, name, ...rest } = told;
  const input = {
    ...rest,
    name: name.trim() === '' ? 'unnamed' : name,
    labels: labelsOf(labels),
    ...given('id', id?.trim()),
    ...given('fingerprint', fingerprint?.trim()),
    ...given('startsAt', timeOf(startsAt)),
    ...given('endsAt', timeOf(endsAt)),
    ...given('signal', signal),
    ...given('value', finite(value)),
    ...given('threshold', finite(threshold)),
    ...given('link', linkOf(link)),
    ...given('summary', summary),
    ...given('severity', severity === undefined ? undefined : severityOfWord(severity)),
  };
  return { object: 'alert', ...normaliseAlert(input, context) };
}

/** A severity by the place in a source's own order. */
export function severityBy(order: Readonly<Record<string, Severity>>, word: string | undefined): Severity | undefined {
  const known = word?.trim().toLowerCase();
  return known !== undefined && Object.hasOwn(order, known) ? order[known] : undefined;
}

/** A link that people can follow, or undefined for any other text. */
export function linkOf(text: string | undefined): string | undefined {
  return text !== undefined && text.length <= 1000 && /^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined;
}

/** ISO 8601 of epoch milliseconds; undefined for what is no time. */
export function timeOf(ms: number | undefined): string | undefined {
  return ms === undefined || Number.isNaN(new Date(ms).getTime()) ? undefined : new Date(ms).toISOString();
}

function labelsOf(labels: Readonly<Record<string, unknown>>): Record<string, string | number | boolean> {
  const plain = Object.entries(labels).filter(
    (entry): entry is [string, string | number | boolean] => entry[0] !== '' && ['string', 'number', 'boolean'].includes(typeof entry[1]),
  );
  return Object.fromEntries(plain.slice(0, MOST_LABELS));
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function given<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined || value === '' ? {} : ({ [key]: value } as Record<K, V>);
}
