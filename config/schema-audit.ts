import { z } from 'zod';
import { durationField } from '../domain/duration-field';
import { pathField } from './fields';
import { bucketFields } from './schema-aws';

const DAY_MS = 86_400_000;

/** `audit:`, where signed heads of the audit are kept outside of the store. */
export const auditSchema = z.strictObject({
  anchor: z
    .strictObject({
      ...bucketFields,
      bucket: bucketFields.bucket.optional(),
      folder: pathField.optional(),
      every: durationField({ min: 60_000, max: 30 * DAY_MS }).optional(),
      retainDays: z.int().min(1).max(36_500).optional(),
    })
    .optional(),
});

/** The place as written in the file. */
export type AnchorSource = NonNullable<z.output<typeof auditSchema>['anchor']>;
