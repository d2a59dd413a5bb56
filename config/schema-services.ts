import { z } from 'zod';
import { durationField } from '../domain/duration-field';
import { TIERS } from '../domain/names';
import { argvField, lineField, nameField, pathField, secretField, shareField, urlField, variableField } from './fields';
import { awsHands } from './schema-aws-hands';
import { channelsField } from './schema-catalogue';
import { cloudWatchResource } from './schema-cloudwatch';

const second = 1000;
const metricName = z.string().regex(/^[A-Za-z_:][A-Za-z0-9_:]*$/, { error: 'is not a metric name; use letters, digits, _ and :' });
const targetPart = z.string().regex(/^[A-Za-z0-9._:@-]{1,128}$/, { error: 'is not usable in a target; use letters, digits and . _ : @ -, at most 128' });
const labelName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'is not the name of a label; use letters, digits and _' });
const over = durationField({ min: second });

const expression = z.string().min(1).max(4000);
const prometheus = z.strictObject({
  url: urlField,
  labels: z.record(labelName, lineField).optional(),
  query: z
    .strictObject({ requests: expression.optional(), errors: expression.optional(), latency: expression.optional(), up: expression.optional() })
    .optional(),
  token: secretField.optional(),
  basic: z.strictObject({ user: lineField, password: secretField }).optional(),
});

const metrics = z.strictObject({
  url: urlField.optional(),
  prometheus: prometheus.optional(),
  cloudwatch: z.array(cloudWatchResource).min(1).max(100).optional(),
  every: durationField({ min: 200 }).optional(),
  names: z
    .strictObject({
      requests: metricName.optional(),
      latency: metricName.optional(),
      unit: z.enum(['seconds', 'milliseconds']).optional(),
      errors: metricName.optional(),
      status: labelName.optional(),
      route: labelName.optional(),
    })
    .optional(),
  ignoreRoutes: z.array(lineField).optional(),
  saturation: z
    .array(
      z.strictObject({
        name: lineField,
        used: metricName,
        limit: z.union([metricName, z.number().positive()], {
          error: 'must be the name of the gauge that holds the limit, or the limit itself as a number above 0',
        }),
      }),
    )
    .optional(),
});

const limits = z.strictObject({
  errorShare: z.strictObject({ above: shareField, for: over }).optional(),
  latencyP95: z.strictObject({ above: durationField({ min: 1 }), for: over }).optional(),
  silence: z.strictObject({ for: over }).optional(),
  minRequests: z.int().min(1).optional(),
});

const builds = z
  .strictObject({ branches: z.array(lineField).min(1).max(50).optional(), withoutBranch: z.boolean().optional() })
  .refine(({ branches, withoutBranch }) => branches !== undefined || withoutBranch === true, {
    error: 'names no builds; give branches, such as [main], or withoutBranch: true',
  });

const target = z.strictObject({
  provider: targetPart,
  partition: targetPart,
  account: targetPart,
  region: targetPart,
  kind: targetPart,
  id: z.string().regex(/^[A-Za-z0-9._:@/-]{1,200}$/, { error: 'is not usable in a target; use letters, digits and . _ : @ / -, at most 200' }),
});

const minute = 60 * second;
const supervisor = z.strictObject({ kind: z.literal('supervisor'), url: urlField, target });
const commands = z.strictObject({
  kind: z.literal('commands'),
  commands: z.strictObject({ current: argvField.optional(), releases: argvField.optional(), deploy: argvField.optional(), restart: argvField.optional() }),
  directory: pathField.optional(),
  pass: z.array(variableField).optional(),
  secrets: z.record(variableField, secretField).optional(),
  timeout: durationField({ min: 100, max: 10 * minute }).optional(),
  confirm: durationField({ min: 100, max: 60 * minute }).optional(),
  outputLimitBytes: z.int().min(1024).max(1_073_741_824).optional(),
  target: target.optional(),
});

/** One service of the inventory, as written in the file. */
export const serviceSchema = z.strictObject({
  name: nameField,
  environment: nameField,
  tier: z.enum(TIERS).optional(),
  likeness: nameField.optional(),
  owner: lineField.optional(),
  description: z.string().min(1).max(1000).optional(),
  channel: channelsField.optional(),
  pager: lineField.optional(),
  links: z
    .array(z.strictObject({ title: lineField, url: urlField }))
    .max(50)
    .optional(),
  dependsOn: z.array(nameField).optional(),
  metrics: metrics.optional(),
  logs: z.strictObject({ file: pathField }).optional(),
  limits: limits.optional(),
  builds: builds.optional(),
  hands: z.discriminatedUnion('kind', [supervisor, commands, awsHands]).optional(),
});

/** A service as written in the file, durations already milliseconds. */
export type ServiceSource = z.output<typeof serviceSchema>;
