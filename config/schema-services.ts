import { z } from 'zod';
import { durationField } from '../domain/duration-field';
import { TIERS } from '../domain/names';
import { lineField, nameField, pathField, shareField, urlField } from './fields';

const second = 1000;
const metricName = z.string().regex(/^[A-Za-z_:][A-Za-z0-9_:]*$/, { error: 'is not a metric name; use letters, digits, _ and :' });
const targetPart = z.string().regex(/^[A-Za-z0-9._:@-]{1,128}$/, { error: 'is not usable in a target; use letters, digits and . _ : @ -, at most 128' });
const over = durationField({ min: second });

const metrics = z.strictObject({
  url: urlField,
  every: durationField({ min: 200 }).optional(),
  names: z.strictObject({ requests: metricName.optional(), latency: metricName.optional() }).optional(),
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

const target = z.strictObject({
  provider: targetPart,
  partition: targetPart,
  account: targetPart,
  region: targetPart,
  kind: targetPart,
  id: z.string().regex(/^[A-Za-z0-9._:@/-]{1,200}$/, { error: 'is not usable in a target; use letters, digits and . _ : @ / -, at most 200' }),
});

/** One service of the inventory, as written in the file. */
export const serviceSchema = z.strictObject({
  name: nameField,
  environment: nameField,
  tier: z.enum(TIERS).optional(),
  owner: lineField.optional(),
  description: z.string().min(1).max(1000).optional(),
  dependsOn: z.array(nameField).optional(),
  metrics: metrics.optional(),
  logs: z.strictObject({ file: pathField }).optional(),
  limits: limits.optional(),
  hands: z.strictObject({ kind: z.literal('supervisor'), url: urlField, target }).optional(),
});

/** A service as written in the file, durations already milliseconds. */
export type ServiceSource = z.output<typeof serviceSchema>;
