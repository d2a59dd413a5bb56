import { z } from 'zod';
import { durationField } from '../domain/duration-field';
import type { Problem } from '../domain/errors';
import type { NotificationReason } from '../domain/incident-view';
import { suggestion } from '../domain/nearest';
import { check } from '../domain/schema-problems';
import { lineField, nameField, pathField, secretField, urlField } from './fields';
import { awsSchema } from './schema-aws';
import { archiveSchema, retentionSchema } from './schema-archive';
import { alertsSchema } from './schema-alerts';
import { auditSchema } from './schema-audit';
import { catalogueSchema } from './schema-catalogue';
import { correlationSchema } from './schema-correlation';
import { detectorSchema } from './schema-detector';
import { incidentsSchema, policySchema } from './schema-policy';
import { reasoningSchema } from './schema-reasoning';
import { runbooksSchema } from './schema-runbooks';
import { seriesSchema } from './schema-series';
import { actionsSchema } from './schema-actions';
import { serviceSchema } from './schema-services';
import { sourcesSchema } from './schema-sources';
import { triageSchema } from './schema-triage';
import { PROFILES } from './types';

/** Every reason that a channel's `on` can list; the type keeps it complete. */
const reasons: Readonly<Record<NotificationReason, true>> = {
  opened: true,
  joined: true,
  proposed: true,
  suggested: true,
  veto: true,
  acting: true,
  reminder: true,
  approved: true,
  verified: true,
  resolved: true,
  escalated: true,
  relapsed: true,
  'no-action': true,
  'break-glass': true,
  'handed-over': true,
  brake: true,
  stalled: true,
  undelivered: true,
  flapping: true,
  calm: true,
};
const on = z
  .array(z.enum(Object.keys(reasons) as [NotificationReason, ...NotificationReason[]]))
  .min(1)
  .optional();

const webhook = z.strictObject({
  channel: nameField,
  kind: z.literal('webhook'),
  format: z.enum(['json', 'slack', 'pagerduty']).optional(),
  url: z.union([urlField, secretField], { error: 'must be a URL, or {env: NAME} or {file: path} where the URL is a secret' }).optional(),
  secret: secretField.optional(),
  routingKey: secretField.optional(),
  allowPrivate: z.boolean().optional(),
  on,
  timeout: durationField({ min: 100, max: 60_000 }).optional(),
});

const sections = {
  home: pathField.optional(),
  profile: z.enum(PROFILES).optional(),
  api: z
    .strictObject({
      host: lineField.optional(),
      port: z.int().min(0).max(65_535).optional(),
      bodyLimitBytes: z.int().min(1024).max(67_108_864).optional(),
      doorTimeout: durationField({ min: 100, max: 60_000 }).optional(),
      rateLimitPerMinute: z.int().min(1).optional(),
      publicUrl: urlField.optional(),
    })
    .optional(),
  worker: z.strictObject({ host: lineField.optional(), port: z.int().min(0).max(65_535).optional() }).optional(),
  temporal: z
    .strictObject({
      address: z
        .string()
        .regex(/^(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+):\d{1,5}$/, { error: 'must be host:port, such as 127.0.0.1:7233, without http://' })
        .optional(),
      namespace: lineField.optional(),
      taskQueue: lineField.optional(),
      uiUrl: urlField.optional(),
      tls: z
        .strictObject({ ca: secretField.optional(), cert: secretField.optional(), key: secretField.optional(), serverName: lineField.optional() })
        .optional(),
      apiKey: secretField.optional(),
    })
    .optional(),
  store: z.strictObject({ databaseUrl: secretField.optional(), firstAdminKey: secretField.optional() }).optional(),
  services: z.array(serviceSchema).optional(),
  series: z.array(seriesSchema).max(200).optional(),
  catalogue: catalogueSchema.optional(),
  policy: policySchema.optional(),
  triage: triageSchema.optional(),
  correlation: correlationSchema.optional(),
  incidents: incidentsSchema.optional(),
  detector: detectorSchema.optional(),
  predictions: z
    .union([z.literal(false), z.strictObject({ every: durationField({ min: 1000 }).optional(), horizon: durationField({ min: 60_000 }).optional() })], {
      error: 'must be false, or hold every and horizon',
    })
    .optional(),
  alerts: alertsSchema.optional(),
  inbox: z.strictObject({ limit: z.int().min(1).optional() }).optional(),
  retention: retentionSchema.optional(),
  archive: archiveSchema.optional(),
  notifications: z.array(z.discriminatedUnion('kind', [z.strictObject({ channel: nameField, kind: z.literal('terminal'), on }), webhook])).optional(),
  watch: z
    .strictObject({
      undeliveredAfter: durationField({ min: 1000 }).optional(),
      stalledAfter: durationField({ min: 1000 }).optional(),
      every: durationField({ min: 100 }).optional(),
    })
    .optional(),
  heartbeat: z
    .strictObject({
      url: z.union([urlField, secretField], { error: 'must be a URL, or {env: NAME} or {file: path} where the URL is a secret' }),
      every: durationField({ min: 1000 }).optional(),
      timeout: durationField({ min: 100, max: 60_000 }).optional(),
      allowPrivate: z.boolean().optional(),
    })
    .optional(),
  sources: sourcesSchema.optional(),
  audit: auditSchema.optional(),
  aws: awsSchema.optional(),
  reasoning: reasoningSchema.optional(),
  runbooks: runbooksSchema.optional(),
  actions: actionsSchema.optional(),
};

/** The configuration file as a whole. */
export const configSchema = z.strictObject(sections);

/** The configuration as written in the file, durations already milliseconds; what is not there is absent. */
export type ConfigSource = z.output<typeof configSchema>;

/** The webhook channel as written in the file. */
export type WebhookSource = z.output<typeof webhook>;

/** What could be read of a file. */
export interface CheckedSource {
  readonly source: ConfigSource;
  /** Path in the file of each service in the source, as those with mistakes are left out. */
  readonly servicePaths: readonly string[];
  readonly problems: readonly Problem[];
}

/** Checks section by section, and service by service, so that a mistake in one does not hide those in others; what has mistakes is left out of the source. */
export function checkSource(value: unknown): CheckedSource {
  if (value === undefined || value === null) return { source: {}, servicePaths: [], problems: [] };
  if (typeof value !== 'object' || Array.isArray(value)) {
    return { source: {}, servicePaths: [], problems: [{ path: '', message: 'the file must hold a group of keys such as services: and policy:' }] };
  }
  const problems: Problem[] = [];
  const source: Record<string, unknown> = {};
  let servicePaths: readonly string[] = [];
  for (const [key, content] of Object.entries(value)) {
    // An empty section (`services:` and nothing below) is written often and means nothing.
    if (content === null && Object.hasOwn(sections, key)) continue;
    const checked = key === 'services' && Array.isArray(content) ? checkServices(content) : checkSection(key, content);
    problems.push(...checked.problems);
    if (checked.value !== undefined) source[key] = checked.value;
    servicePaths = checked.paths ?? servicePaths;
  }
  // Each member was checked by the schema of its own section just above.
  return { source: source, servicePaths, problems };
}

interface CheckedSection {
  readonly value?: unknown;
  readonly paths?: readonly string[];
  readonly problems: readonly Problem[];
}

function checkSection(key: string, content: unknown): CheckedSection {
  if (!Object.hasOwn(sections, key)) return { problems: [{ path: key, message: `is not a known key; ${suggestion(key, Object.keys(sections))}` }] };
  const checked = check(sections[key as keyof typeof sections] as z.ZodType, content, key);
  return checked.ok ? { value: checked.value, problems: [] } : { problems: checked.problems };
}

function checkServices(list: readonly unknown[]): CheckedSection {
  const checked = list.map((each, i) => ({ path: `services.${i}`, result: check(serviceSchema, each, `services.${i}`) }));
  const good = checked.flatMap(({ path, result }) => (result.ok ? [{ path, value: result.value }] : []));
  return {
    value: good.map((each) => each.value),
    paths: good.map((each) => each.path),
    problems: checked.flatMap(({ result }) => (result.ok ? [] : result.problems)),
  };
}
