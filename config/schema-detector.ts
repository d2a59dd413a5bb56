import { z } from 'zod';
import { durationField } from '../domain/duration-field';

/** `detector:`, how often it looks at services, and how it judges them by their own history. */
export const detectorSchema = z.strictObject({
  every: durationField({ min: 200 }).optional(),
  window: durationField({ min: 1000 }).optional(),
  choose: z
    .union([z.literal(false), z.strictObject({ every: durationField({ min: 60 * 60_000 }).optional() })], { error: 'must be false, or hold every' })
    .optional(),
  anomalies: z
    .strictObject({
      enabled: z.boolean().optional(),
      row: durationField({ min: 1000 }).optional(),
      season: durationField({ min: 24_000 }).optional(),
      alertsPerWeek: z.number().positive().max(1000).optional(),
      minRequests: z.int().min(1).optional(),
      groups: z.int().min(1).max(1000).optional(),
      turn: durationField({ min: 1000 }).optional(),
      heartbeat: durationField({ min: 2000 }).optional(),
      checkpoint: durationField({ min: 1000 }).optional(),
      logs: z.boolean().optional(),
      builds: z.boolean().optional(),
    })
    .optional(),
});

/** `detector:` as it is written. */
export type DetectorSource = z.infer<typeof detectorSchema>;
