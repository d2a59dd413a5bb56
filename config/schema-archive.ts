import { z } from 'zod';
import { durationField } from '../domain/duration-field';

const kept = durationField({ min: 60_000 }).optional();
const limit = z.int().min(1).max(1_000_000).optional();

/** `retention:`, how long each kind is kept. */
export const retentionSchema = z.strictObject({ samples: kept, measures: kept, points: kept, logs: kept, builds: kept, changes: kept });

/** `archive:`, its limits. */
export const archiveSchema = z.strictObject({
  seriesPerService: limit,
  templatesPerService: limit,
  calleesPerService: limit,
  lateAfter: durationField({ min: 0 }).optional(),
});
