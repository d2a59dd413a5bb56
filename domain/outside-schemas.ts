import { z } from 'zod';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/;

/** A short name that may stand in workflow ids: letters, digits, dot, dash, underscore and slash, at most 64. */
export function name(description: string) {
  return z
    .string()
    .trim()
    .min(1)
    .max(64)
    .regex(NAME, { error: 'must begin with a letter or digit and hold only letters, digits and . _ / -' })
    .meta({ description });
}

/** An optional identifier of at most 200 characters. */
export function identifier(description: string) {
  return z.string().trim().min(1).max(200).optional().meta({ description });
}

/** An ISO 8601 time with a zone. Not zod's own, whose pattern would fill a page of the API's description. */
export function isoTime(description: string) {
  return z
    .string()
    .refine((text) => ISO.test(text) && !Number.isNaN(Date.parse(text)), { error: 'must be a time such as 2026-03-01T09:30:00Z' })
    .meta({ description, format: 'date-time', examples: ['2026-03-01T09:30:00Z'] });
}

/** A link that people can follow. */
export const httpLink = z
  .string()
  .max(1000)
  .refine((text) => /^https?:\/\//i.test(text) && URL.canParse(text), { error: 'must be a link that begins with http:// or https://' })
  .meta({ description: 'Where a person can read more.', format: 'uri' });

/** The same instant in UTC with milliseconds; `fallback` (epoch milliseconds) when there is none. */
export function instant(text: string | undefined, fallback: number): string {
  return new Date(text === undefined ? fallback : Date.parse(text)).toISOString();
}
