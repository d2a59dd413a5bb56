import { z } from 'zod';
import { lineField } from './fields';

const cloudWatchMetric = z.strictObject({
  namespace: z.string().min(1).max(255),
  name: z.string().min(1).max(255),
  stat: z.string().min(1).max(64).optional(),
  dimensions: z.record(z.string().min(1).max(255), z.string().min(1).max(1024)).optional(),
});

const arn = z.string().regex(/^arn:aws(?:-[a-z]+)*:[a-z0-9-]+:[a-z0-9-]+:\d{12}:.{1,1500}$/, {
  error: 'is not the ARN of a resource in a region, such as arn:aws:lambda:eu-central-1:123456789012:function:checkout',
});

/** One resource of `services.*.metrics.cloudwatch`. */
export const cloudWatchResource = z
  .strictObject({
    resource: arn,
    requests: cloudWatchMetric.optional(),
    errors: cloudWatchMetric.optional(),
    latency: cloudWatchMetric.extend({ unit: z.enum(['seconds', 'milliseconds']).optional() }).optional(),
    saturation: z
      .array(z.strictObject({ name: lineField, used: cloudWatchMetric, limit: z.number().positive() }))
      .max(20)
      .optional(),
  })
  .check((context) => {
    const { requests, errors, latency, saturation = [] } = context.value;
    const wrong = (path: string[], message: string): void => void context.issues.push({ code: 'custom', path, message, input: context.value });
    if (!requests && saturation.length === 0) wrong([], 'tells nothing; name requests or saturation');
    if (errors && !requests) wrong(['errors'], 'are a share of requests; name these too');
    if (latency && !requests) wrong(['latency'], 'is weighed by requests; name these too');
  });

/** A resource as written in the file. */
export type CloudWatchResourceSource = z.output<typeof cloudWatchResource>;
