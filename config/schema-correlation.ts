import { z } from 'zod';
import { CORRELATE_ACTIONS } from '../domain/correlate/types';
import { durationField } from '../domain/duration-field';
import { alertMatchSchema } from './schema-alerts';
import { lineField, nameField } from './fields';

const rule = z.strictObject({
  name: lineField,
  match: alertMatchSchema.optional(),
  services: z.array(nameField).min(2, { error: 'names fewer than two services; correlation is between two' }).max(100).optional(),
  environments: z.array(nameField).min(1).max(100).optional(),
  action: z.enum(CORRELATE_ACTIONS),
});

/** When alerts of several services are one incident, as written in the file. */
export const correlationSchema = z.strictObject({
  enabled: z.boolean().optional(),
  window: durationField({ min: 1000, max: 86_400_000 }).optional(),
  maxHops: z.int().min(1).max(10).optional(),
  rules: z.array(rule).max(100).optional(),
});
