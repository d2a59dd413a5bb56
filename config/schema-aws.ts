import { z } from 'zod';
import { dimensionsOf } from '../domain/aws/embedding';
import { REGION } from '../domain/aws/place';
import { durationField } from '../domain/duration-field';
import { lineField, nameField, secretField, urlField } from './fields';

/** Id of an account. */
export const accountId = z.string().regex(/^\d{12}$/, { error: "is not the id of an account; write its twelve digits in quotes, such as '123456789012'" });
/** Name of a region. */
export const region = z.string().regex(REGION, { error: 'is not a region; write one such as eu-central-1' });
/** A role by its name or its ARN. */
export const roleName = z.string().regex(/^(?:arn:aws(?:-[a-z]+)*:iam::\d{12}:role\/)?[A-Za-z0-9+=,.@_/-]{1,512}$/, {
  error: 'is not a role; write its name or its ARN, such as arn:aws:iam::123456789012:role/nightshift-observer',
});

const account = z.strictObject({
  id: accountId,
  regions: z.array(region).min(1).max(40),
  environment: nameField.optional(),
  role: roleName.optional(),
  externalId: secretField.optional(),
  profile: lineField.optional(),
  actuator: z.strictObject({ role: roleName, externalId: secretField.optional() }).optional(),
});

/** A prefix of a bucket, and who writes there. */
export const bucketFields = {
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: 'is not the name of a bucket' }),
  prefix: z
    .string()
    .regex(/^[\w.!*'()-]+(?:\/[\w.!*'()-]+)*$/, {
      error: 'must be letters, digits and . _ - with / between, and none at its ends, such as nightshift/production',
    })
    .max(200)
    .optional(),
  account: accountId.optional(),
  region: region.optional(),
  role: roleName.optional(),
  externalId: secretField.optional(),
};

/** `aws.export:`, a copy of the archive in a bucket. */
const exportSchema = z.strictObject({
  ...bucketFields,
  every: durationField({ min: 3_600_000, max: 30 * 86_400_000 }).optional(),
  shingle: z.int().min(1).max(1_000).optional(),
  measures: z.boolean().optional(),
});

/** The subsection as written in the file. */
export type AwsExportSource = z.output<typeof exportSchema>;

const resourceType = z.string().regex(/^AWS::[A-Za-z0-9]+::[A-Za-z0-9]+$/, { error: 'is not a type of AWS Config; write one such as AWS::EC2::SecurityGroup' });

/** Something that is read again and again, of every account and region. */
const polled = z.strictObject({ every: durationField({ min: 10_000, max: 86_400_000 }).optional() });

const scorer = z.strictObject({
  endpoint: z.string().regex(/^[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62}$/, { error: 'is not the name of an endpoint; use letters, digits and -, at most 63' }),
  account: accountId.optional(),
  region: region.optional(),
  measure: lineField,
  service: nameField.optional(),
  environment: nameField.optional(),
  shingle: z.int().min(1).max(1000).optional(),
  timeout: durationField({ min: 100, max: 60_000 }).optional(),
});

const embeddings = z.strictObject({
  model: z.string().refine((id) => dimensionsOf(id) !== undefined, {
    error:
      'is no model that makes vectors here; use amazon.titan-embed-text-v2:0 or cohere.embed-v4:0, or an inference profile of the latter such as eu.cohere.embed-v4:0',
  }),
  dimension: z.int().min(1).optional(),
  account: accountId.optional(),
  region: region.optional(),
  timeout: durationField({ min: 100, max: 60_000 }).optional(),
});

const queue = z.strictObject({ url: urlField, account: accountId.optional(), region: region.optional() });

const stream = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_.-]{1,128}$/, { error: 'is not the name of a stream of Kinesis' }),
  account: accountId.optional(),
  region: region.optional(),
  holds: z.enum(['logs', 'metrics']),
  from: z.enum(['latest', 'oldest']).optional(),
  excludeLogGroups: z.array(z.string().min(1).max(512)).max(50).optional(),
});

const metric = z.strictObject({
  name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.:/-]{0,127}$/, { error: 'is not a name for points; write one such as checkout_errors' }),
  service: nameField,
  environment: nameField.optional(),
  account: accountId.optional(),
  region: region.optional(),
  query: z
    .string()
    .max(2048)
    .regex(/^\s*SELECT\s/i, { error: 'is no query of Metrics Insights, which begins with SELECT' })
    .optional(),
  metric: z
    .strictObject({
      namespace: z.string().min(1).max(255),
      name: z.string().min(1).max(255),
      stat: z.string().min(1).max(64),
      dimensions: z.record(z.string().min(1).max(255), z.string().min(1).max(1024)).optional(),
    })
    .optional(),
  every: durationField({ min: 60_000, max: 86_400_000 }).optional(),
});

const asked = {
  ...{ account: accountId.optional(), region: region.optional(), service: nameField },
  every: durationField({ min: 60_000, max: 86_400_000 }).optional(),
  delay: durationField({ min: 0, max: 86_400_000 }).optional(),
  expectedGbPerDay: z.number().min(0).max(1_000_000).optional(),
};
const logGroup = z.string().regex(/^[A-Za-z0-9._/#-]{1,512}$/, { error: 'is not the name of a log group' });
const flowLog = z.strictObject({ group: logGroup, ...asked });
const logQuery = z.strictObject({
  name: z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, { error: 'is not a usable name; use small letters, digits and _, at most 63' }),
  groups: z.array(logGroup).min(1).max(50),
  query: z.string().min(1).max(10_000),
  ...asked,
});

/** `aws:`, which accounts and regions are read, what is pulled from them, and how. */
export const awsSchema = z.strictObject({
  accounts: z.array(account).min(1).max(500),
  queues: z.array(queue).max(50).optional(),
  streams: z.array(stream).max(50).optional(),
  metrics: z.array(metric).max(500).optional(),
  acting: z
    .strictObject({
      poll: durationField({ min: 50, max: 60_000 }).optional(),
      pollMost: durationField({ min: 50, max: 600_000 }).optional(),
      settle: durationField({ min: 100, max: 3_600_000 }).optional(),
      perSecond: z.number().min(0.1).max(1000).optional(),
    })
    .optional(),
  backfill: z
    .union([z.literal(false), durationField({ min: 3_600_000, max: 455 * 86_400_000 })], { error: 'must be false, or how far back, such as 15d' })
    .optional(),
  monthlyUsd: z.number().min(0).max(1_000_000).optional(),
  timeout: durationField({ min: 100, max: 120_000 }).optional(),
  endpoint: urlField.optional(),
  export: exportSchema.optional(),
  scorers: z.array(scorer).max(100).optional(),
  embeddings: embeddings.optional(),
  muteRules: polled.optional(),
  serviceGraph: polled.extend({ expectedTracesPerDay: z.number().min(0).max(1e12).optional() }).optional(),
  configuration: polled.extend({ types: z.array(resourceType).min(1).max(100).optional() }).optional(),
  flowLogs: z.array(flowLog).max(200).optional(),
  logQueries: z.array(logQuery).max(200).optional(),
});

/** The section as written in the file. */
export type AwsSource = z.output<typeof awsSchema>;
