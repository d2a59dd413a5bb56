import { z } from 'zod';
import { isZone } from '../domain/local-time';
import { SEVERITIES, TIERS } from '../domain/names';
import { LEVELS, WEEKDAYS } from '../domain/triage-rules';
import { lineField, patternField, shareField } from './fields';

const level = z.enum(LEVELS);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'is not a time of day; write it as 08:00' });
const severities = z.tuple([z.enum(SEVERITIES), z.enum(SEVERITIES), z.enum(SEVERITIES)]).meta({ description: 'At high, medium and low urgency.' });

const when = z.strictObject({
  environment: patternField.optional(),
  service: patternField.optional(),
  tier: z.enum(TIERS).optional(),
  signal: lineField.optional(),
  alert: lineField.optional().meta({ description: '`*` stands for any characters.' }),
  errorShare: shareField.optional(),
  failedRequests: z.int().min(1).optional(),
  down: z.boolean().optional(),
  foretold: z.boolean().optional(),
  hours: z.enum(['business', 'other']).optional(),
});

const rule = z
  .strictObject({ when: when.optional(), impact: level.optional(), urgency: level.optional(), reason: lineField.optional() })
  .refine(({ impact, urgency }) => impact !== undefined || urgency !== undefined, { error: 'says nothing; give it impact, urgency or both' });

const hours = z
  .strictObject({
    zone: z.string().refine(isZone, { error: 'is not a time zone; write an IANA name such as Europe/Berlin, America/New_York or UTC' }),
    days: z.array(z.enum(WEEKDAYS)).min(1).optional(),
    from: clock.optional(),
    to: clock.optional(),
  })
  .refine(({ from = '09:00', to = '17:00' }) => from < to, { path: ['to'], error: 'must be later on the same day than from' });

/** Rules of triage, as written in the file. */
export const triageSchema = z.strictObject({
  hours: hours.optional(),
  rules: z.array(rule).max(100).optional(),
  matrix: z.strictObject({ high: severities.optional(), medium: severities.optional(), low: severities.optional() }).optional(),
});
