import { z } from 'zod';
import type { Alert } from './alert';
import { readBatch } from './batch';
import { HEARTBEAT_SOURCE } from './heartbeat';
import { SEVERITIES, type Severity } from './names';
import { redactDeep } from './redact';
import { cleanId, cleanText, digestId, fitText } from './outside-text';
import { httpLink, identifier, instant, isoTime, name } from './outside-schemas';

/** What the door knows besides the body: the environment of alerts that name none, and the time of arrival in epoch milliseconds. */
export interface IntakeOptions {
  readonly environment: string;
  readonly receivedAt: number;
}

const WORDS: Readonly<Record<string, Severity>> = {
  critical: 'sev1',
  fatal: 'sev1',
  page: 'sev1',
  error: 'sev2',
  high: 'sev2',
  major: 'sev2',
  warning: 'sev3',
  warn: 'sev3',
  medium: 'sev3',
  minor: 'sev3',
  info: 'sev4',
  low: 'sev4',
};

const SEVERITY_WORDS: string[] = [...SEVERITIES, ...Object.keys(WORDS)];

const severity = z
  .string()
  .transform((word) => word.toLowerCase())
  .refine((word) => SEVERITY_WORDS.includes(word), { error: 'must be sev1, sev2, sev3, sev4, critical, error, warning or info' })
  .meta({
    description: 'Written so, or in any other case (`WARNING`); the words stand for sev1 (worst) to sev4. sev3 when absent.',
    enum: SEVERITY_WORDS,
    examples: ['sev2'],
  });

const LABELS = 24;
const labels = z
  .record(z.string().min(1).max(64), z.union([z.string(), z.number(), z.boolean()]))
  .refine((record) => Object.keys(record).length <= LABELS, { error: `must hold at most ${String(LABELS)} labels` })
  .meta({ description: 'Facts that tell this condition from others of the same name; values are cut at 200 characters.', examples: [{ route: '/checkout' }] });

/** Schema of one alert in our own JSON. Fields that it does not know are left aside, as refusing an alert helps nobody. */
export const alertInput = z
  .object({
    id: identifier('Identity of this message; made from fingerprint, status and time when absent.'),
    fingerprint: identifier('Identity of the condition, shared by its firing and its resolved messages; made from service, name and labels when absent.'),
    status: z.enum(['firing', 'resolved']).default('firing'),
    source: name('Who says so; `generic` when absent.')
      .refine((source) => cleanText(source, 64) !== HEARTBEAT_SOURCE, { error: `must not be ${HEARTBEAT_SOURCE}, which is Nightshift's own` })
      .optional(),
    service: name('Service that the condition is about.').meta({ examples: ['bookshop'] }),
    environment: name('Environment; the configured one when absent.').optional(),
    name: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .meta({ description: 'Name of the condition.', examples: ['ErrorShareHigh'] }),
    severity: severity.optional(),
    summary: z
      .string()
      .optional()
      .meta({ description: 'One sentence; cut at 1,000 characters.', examples: ['7 % of requests fail'] }),
    startsAt: isoTime('When the condition began; the time of arrival when absent.').optional(),
    endsAt: isoTime('When it ended, for resolved ones.').optional(),
    labels: labels.default({}),
    signal: z.string().trim().min(1).max(100).optional().meta({ description: 'What is measured: errorShare, latencyP95Ms, silence, or your own.' }),
    value: z.number().optional(),
    threshold: z.number().optional(),
    link: httpLink.optional(),
  })
  .meta({ id: 'Alert', title: 'Alert' });
/** An alert that passed the schema. */
export type AlertInput = z.output<typeof alertInput>;

/** Turns a checked alert into ours: words mapped, times in UTC, text redacted and bounded, ids made where absent. The same input at any time gives the same ids if it has `startsAt`. */
export function normaliseAlert(input: AlertInput, options: IntakeOptions): Alert {
  const environment = cleanText(input.environment ?? options.environment, 64);
  const service = cleanText(input.service, 64);
  const source = cleanText(input.source ?? 'generic', 64);
  const alertName = cleanText(input.name, 200);
  const cleanLabels = labelsOf(input.labels);
  const fingerprint = input.fingerprint
    ? cleanId(input.fingerprint, 200)
    : digestId('fp', [source, environment, service, alertName, Object.entries(cleanLabels).sort()]);
  const startsAt = instant(input.startsAt, options.receivedAt);
  const endsAt = input.status === 'resolved' ? instant(input.endsAt, options.receivedAt) : undefined;
  return {
    id: input.id ? cleanId(input.id, 200) : digestId('al', [fingerprint, input.status, startsAt, input.endsAt ? endsAt : null]),
    fingerprint,
    status: input.status,
    source,
    environment,
    service,
    name: alertName,
    severity: severityOf(input.severity),
    summary: cleanText(input.summary ?? '', 1000) || `${alertName} on ${service}`,
    startsAt,
    labels: cleanLabels,
    ...(endsAt !== undefined && { endsAt }),
    ...(input.signal !== undefined && { signal: cleanText(input.signal, 100) }),
    ...(input.value !== undefined && { value: input.value }),
    ...(input.threshold !== undefined && { threshold: input.threshold }),
    ...(input.link !== undefined && { link: cleanText(input.link, 1000) }),
  };
}

// Names and texts come redacted out of the first step; numbers do not.
function labelsOf(given: AlertInput['labels']): Record<string, string> {
  const entries = Object.entries(redactDeep(given));
  return Object.fromEntries(entries.map(([key, value]) => [fitText(key, 64), typeof value === 'string' ? fitText(value, 200) : cleanText(String(value), 200)]));
}

/** Reads one alert or `{"alerts":[…]}` (1 to 1,000). Throws `invalid_input` that lists what is wrong and where, at most 20 things; then none is taken. */
export function readAlerts(body: unknown, options: IntakeOptions): readonly Alert[] {
  return readBatch(body, 'alerts', alertInput).map((input) => normaliseAlert(input, options));
}

/** The severity that a word stands for, in any case; undefined for a word that nobody knows. */
export function severityOfWord(word: string): Severity | undefined {
  const known = word.trim().toLowerCase();
  return SEVERITIES.find((s) => s === known) ?? (Object.hasOwn(WORDS, known) ? WORDS[known] : undefined);
}

function severityOf(word: string | undefined): Severity {
  return (word === undefined ? undefined : severityOfWord(word)) ?? 'sev3';
}
