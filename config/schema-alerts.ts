import { z } from 'zod';
import { durationField } from '../domain/duration-field';
import { freezeProblems } from '../domain/freeze';
import { SEVERITIES } from '../domain/names';
import { lineField, secretField, urlField } from './fields';

const glob = lineField.meta({ description: '`*` stands for any characters.' });

/** Which alerts a rule is about, as written in the file. */
export const alertMatchSchema = z.strictObject({
  service: glob.optional(),
  environment: glob.optional(),
  title: glob.optional(),
  severity: z.array(z.enum(SEVERITIES)).min(1).optional(),
  labels: z.record(z.string().min(1).max(64), glob).optional(),
});

const condition = z
  .strictObject({
    match: alertMatchSchema,
    except: alertMatchSchema.optional(),
    require: z.strictObject({ count: z.int().min(2).max(100), within: durationField({ min: 1000, max: 86_400_000 }) }).optional(),
    settle: durationField({ min: 1000, max: 86_400_000 }).optional(),
  })
  .refine((rule) => rule.require !== undefined || rule.settle !== undefined, { error: 'holds nothing back; give require, settle, or both' })
  .refine((rule) => rule.except === undefined || Object.keys(rule.except).length > 0, {
    error: 'except fits everything; say what is let through, such as severity',
  });

const maintenance = z
  .strictObject({
    name: lineField,
    match: alertMatchSchema.optional(),
    owner: lineField,
    reason: lineField,
    zone: z.string(),
    from: z.string(),
    to: z.string(),
  })
  .check((context) => {
    for (const { path, message } of freezeProblems(context.value)) {
      context.issues.push({ code: 'custom', path: [path], message: message.replace('a freeze needs', 'a window needs'), input: context.value });
    }
  });

const alertmanager = z.strictObject({
  url: urlField,
  every: durationField({ min: 1000 }).optional(),
  timeout: durationField({ min: 100, max: 60_000 }).optional(),
  token: secretField.optional(),
});

/** What is held back between inbox and workflows, as written in the file. */
export const alertsSchema = z.strictObject({
  conditions: z.array(condition).optional(),
  flapping: z
    .strictObject({
      enabled: z.boolean().optional(),
      changes: z.int().min(4).max(100).optional(),
      within: durationField({ min: 1000 }).optional(),
      calm: durationField({ min: 100 }).optional(),
      settle: durationField({ max: 3_600_000 }).optional(),
    })
    .optional(),
  maintenance: z.array(maintenance).optional(),
  silences: z.strictObject({ longest: durationField({ min: 60_000 }).optional(), alertmanager: z.array(alertmanager).max(20).optional() }).optional(),
});
