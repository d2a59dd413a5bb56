import { z } from 'zod';
import { accountId, arnOf, exactName, isUnique, region, regions, roleName, scaledName, tagText } from './settings-fields';

const scaledNames = z.array(scaledName).min(1).max(100).refine(isUnique, { error: 'names something twice' });
const names = z.array(exactName).min(1).max(100).refine(isUnique, { error: 'names something twice' });
const topic = arnOf('sns', /[\w.-]{1,256}/, 'arn:aws:sns:eu-central-1:123456789012:alarms');
/** The policies that Nightshift prints are for such names: its roles could not reach a bucket that is called otherwise. */
const bucket = z
  .string()
  .regex(/^nightshift[a-z0-9.-]{0,52}[a-z0-9]$/, { error: 'is not the name of a bucket that begins with nightshift, as the policies of the roles ask' });
const prefix = z.string().regex(/^[\w.!*'()-]+(?:\/[\w.!*'()-]+)*$/, { error: 'must be letters, digits and . _ - with / between, and none at its ends' });
const eventSource = z.string().regex(/^aws\.[a-z0-9-]+$/, { error: 'is not a source of EventBridge; write one such as aws.rds' });
const logGroup = z
  .string()
  .regex(/^[\w./#-]{1,512}$/, { error: 'is not the name of a log group' })
  .refine((name) => !/nightshift/i.test(name), { error: 'is a log group of Nightshift itself, whose lines would make new lines' });

const queue = z.strictObject({
  retentionDays: z.int().min(1).max(14).default(14),
  // Nightshift sets a message aside by itself after 20 receives.
  receives: z.int().min(50).max(1000).default(100),
});

const logs = z.strictObject({
  regions: regions.optional(),
  shards: z.int().min(1).max(200).default(1),
  retentionHours: z.int().min(24).max(8760).default(24),
  groups: z.array(logGroup).max(100).refine(isUnique, { error: 'names a log group twice' }).default([]),
});

const archive = z.strictObject({
  bucket,
  prefix,
  region: region.optional(),
  keepDays: z.int().min(1).max(36_500).optional(),
});

const hook = z.strictObject({
  regions: regions.optional(),
  url: z.string().regex(/^https:\/\/[^\s/]+/, { error: 'must be the address of Nightshift, beginning with https://' }),
  keySecret: z.string().regex(/^[\w/+=.@-]{1,512}$/, { error: 'is not the name of a secret of Secrets Manager' }),
  wait: z
    .string()
    .regex(/^(?:[1-9]|[1-5]\d|60)s$/, { error: 'must be at most 60s, such as 20s' })
    .optional(),
  service: exactName.optional(),
  environment: exactName.optional(),
});

const observer = z.strictObject({
  account: accountId,
  regions,
  assumes: z.array(arnOf('iam', /role\/[\w+=,.@/-]+/, 'arn:aws:iam::123456789012:role/nightshift-observer')).optional(),
  cloudtrail: z.array(eventSource).max(100).refine(isUnique, { error: 'names a source twice' }).default([]),
  queue: queue.prefault({}),
  logs: logs.optional(),
  archive: archive.optional(),
  topics: z.array(topic).min(1).max(50).optional(),
  hook: hook.optional(),
  alarmTopics: z.array(topic).max(50).default([]),
});

const reasoner = z.strictObject({
  account: accountId,
  region,
  models: z.array(z.string().regex(/^[\w.:-]{1,140}$/, { error: 'is not the id of a model' })).default([]),
  profiles: z
    .array(
      z.strictObject({
        arn: arnOf('bedrock', /(?:application-)?inference-profile\/[\w.:-]+/, 'arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.vendor.model-v1'),
        models: z.array(z.string().regex(/^[\w.:-]{1,140}$/, { error: 'is not the id of a model' })).min(1),
      }),
    )
    .default([]),
  guardrail: arnOf('bedrock', /guardrail\/[a-z0-9]+/, 'arn:aws:bedrock:eu-central-1:123456789012:guardrail/abc123').optional(),
});

const tag = z.strictObject({ key: tagText, value: tagText });
const document = z.string().regex(/^[\w.-]{3,128}$/, { error: 'is not the name of a document of Systems Manager' });
const documents = z.array(document).min(1).max(50).refine(isUnique, { error: 'names a document twice' });

const actuator = z.strictObject({
  environment: z.string().regex(/^[a-z][a-z0-9-]{0,29}$/, { error: 'is not usable as an environment; use small letters, digits and -, at most 30' }),
  account: accountId,
  regions,
  requireApproval: z.boolean().default(false),
  instances: tag.default({ key: 'nightshift-managed', value: 'true' }),
  automation: z.strictObject({ documents, restartsInstances: z.boolean().default(false) }).optional(),
  command: z.strictObject({ documents }).optional(),
  codedeploy: z
    .array(z.strictObject({ application: exactName, group: exactName, overrideAlarms: z.boolean().default(false) }))
    .min(1)
    .optional(),
  codebuild: names.optional(),
  codepipeline: z
    .array(z.strictObject({ pipeline: exactName, stages: names }))
    .min(1)
    .optional(),
  ecs: z
    .array(z.strictObject({ cluster: exactName, service: exactName }))
    .min(1)
    .optional(),
  lambda: names.optional(),
  autoScalingGroups: names.optional(),
  scalableTargets: z
    .array(z.strictObject({ namespace: z.string().regex(/^[a-z-]+$/), dimension: z.string().regex(/^[a-z-]+:[A-Za-z-]+:[A-Za-z]+$/), resources: scaledNames }))
    .min(1)
    .max(50)
    .optional(),
});

/** The settings file. */
export const settingsSchema = z.strictObject({
  worker: z.strictObject({ account: accountId, role: roleName }),
  observers: z.array(observer).min(1, { error: 'must name an account that is observed' }),
  reasoner: reasoner.optional(),
  actuators: z.array(actuator).default([]),
});

/** Everything that was read from it, with defaults. */
export type Settings = z.output<typeof settingsSchema>;
/** An account that is observed. */
export type Observer = Settings['observers'][number];
/** What may be done in one environment. */
export type Actuator = Settings['actuators'][number];
/** Who asks models. */
export type Reasoner = NonNullable<Settings['reasoner']>;
/** The role that Nightshift runs with, which all roles here trust. */
export type Worker = Settings['worker'];
