import { z } from 'zod';
import { unlikeResource } from '../domain/aws/scaling-asks';
import { lineField } from './fields';
import { accountId, region } from './schema-aws';

/** No pattern and no ARN, so that one thing is meant. */
const exact = z.string().regex(/^[\w.#/+=-]{1,255}$/, { error: 'is not a name of AWS; write the name alone, without ARN and patterns' });
const scaled = z.string().regex(/^[\w.#/+=:-]{1,500}$/, { error: 'is not an id of what Application Auto Scaling scales; write it without ARN and patterns' });
const ownName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, { error: 'is not a usable name; use small letters, digits and -, beginning with a letter' });
const document = z.string().regex(/^(?:arn:aws(?:-[a-z]+)*:ssm:[a-z0-9-]*:(?:\d{12}|aws)?:(?:document|automation-definition)\/)?[\w.:-]{3,128}$/, {
  error: 'is not the name of a document of Systems Manager',
});
const version = z.string().regex(/^(?:[1-9]\d{0,5}|\$DEFAULT)$/, { error: 'is not a version; write a number in quotes, or leave it out for the default' });
const value = z.string().max(4096);
const parameters = z.record(z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/), z.union([value, z.array(value).min(1).max(50)])).optional();

const atMost = z.string().regex(/^(?:[1-9]\d{0,6}|[1-9]\d?%|100%)$/, { error: "is neither a number nor a share; write '2' or '25%' in quotes" });

const automation = z.strictObject({ name: ownName, document, version: version.optional(), parameters });
const command = automation.extend({
  instances: z.union(
    [
      z.strictObject({
        ids: z
          .array(z.string().regex(/^m?i-[0-9a-f]{8,17}$/, { error: 'is not the id of an instance' }))
          .min(1)
          .max(50),
      }),
      z.strictObject({ tag: z.strictObject({ key: z.string().regex(/^[\w.:/=+@-]{1,128}$/), value: z.string().min(1).max(256) }) }),
    ],
    { error: 'must be ids: [i-…], or tag: {key, value}' },
  ),
  concurrency: atMost.optional(),
  errors: z.union([z.literal('0'), atMost]).optional(),
});

/** `hands: {kind: aws}`: what of AWS a service consists of, as far as it may be acted on. */
export const awsHands = z.strictObject({
  kind: z.literal('aws'),
  account: accountId.optional(),
  region: region.optional(),
  zone: z
    .string()
    .regex(/^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}[a-z]$/, { error: 'is not an availability zone; write one such as eu-central-1a' })
    .optional(),
  automations: z.array(automation).min(1).max(50).optional(),
  commands: z.array(command).min(1).max(50).optional(),
  codedeploy: z.strictObject({ application: lineField, group: lineField, overrideAlarms: z.boolean().optional() }).optional(),
  codebuild: z.strictObject({ project: exact }).optional(),
  codepipeline: z.strictObject({ pipeline: exact }).optional(),
  ecs: z.strictObject({ cluster: exact, service: exact }).optional(),
  lambda: z.strictObject({ function: exact, alias: exact }).optional(),
  autoscaling: z.strictObject({ group: lineField }).optional(),
  scaling: z
    .strictObject({
      namespace: z.enum(['ecs', 'ec2', 'lambda', 'dynamodb', 'rds', 'sagemaker', 'elasticache', 'custom-resource']),
      resource: scaled,
      dimension: z.string().regex(/^[a-z-]+:[A-Za-z-]+:[A-Za-z]+$/, { error: 'is not a dimension; write one such as ecs:service:DesiredCount' }),
    })
    .check(({ value, issues }) => {
      const message = unlikeResource(value);
      if (message !== undefined) issues.push({ code: 'custom', input: value.resource, path: ['resource'], message });
    })
    .optional(),
});

/** The section as written in the file. */
export type AwsHandsSource = z.output<typeof awsHands>;
