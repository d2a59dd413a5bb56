import { z } from 'zod';
import { durationField } from '../domain/duration-field';
import { gitRefField, repositoryField } from './github-fields';
import { pathField, secretField, urlField } from './fields';

const folder = z
  .string()
  .max(500)
  .regex(/^(?:\.|(?!\.{1,2}(?:\/|$))[^/\\\p{Cc}]+(?:\/(?!\.{1,2}(?:\/|$))[^/\\\p{Cc}]+)*)$/u, {
    error: 'is not a folder of the repository; write it from its root, such as runbooks or ops/runbooks, or . for the root itself',
  });

const github = z.strictObject({
  repository: repositoryField,
  ref: gitRefField.optional(),
  path: folder.optional(),
  token: secretField.optional(),
  every: durationField({ min: 10_000, max: 3_600_000 }).optional(),
  timeout: durationField({ min: 100, max: 60_000 }).optional(),
  url: urlField.optional(),
});

/** `runbooks:`, where a team's own runbooks are. */
export const runbooksSchema = z.strictObject({ directory: pathField.optional(), github: github.optional() });

/** The section as written in the file. */
export type RunbooksSource = z.output<typeof runbooksSchema>;
