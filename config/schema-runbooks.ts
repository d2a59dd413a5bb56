import { z } from 'zod';
import { durationField } from '../domain/duration-field';
import { pathField, secretField, urlField } from './fields';

const repository = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/, {
  error: 'is not a repository; write owner/name, such as acme/runbooks',
});

/** What git itself forbids in a ref, and what would change the address. */
const ref = z
  .string()
  .max(200)
  .regex(/^(?![-/.])(?!.*(?:\.\.|\/\/|\/\.|@\{|\.lock(?:\/|$)))[^\s~^:?*[\\#%\p{Cc}]+(?<![/.])$/u, {
    error: 'is not a branch, a tag or a commit; write one such as main, v1.4 or the 40 digits of a commit',
  });

const folder = z
  .string()
  .max(500)
  .regex(/^(?:\.|(?!\.{1,2}(?:\/|$))[^/\\\p{Cc}]+(?:\/(?!\.{1,2}(?:\/|$))[^/\\\p{Cc}]+)*)$/u, {
    error: 'is not a folder of the repository; write it from its root, such as runbooks or ops/runbooks, or . for the root itself',
  });

const github = z.strictObject({
  repository,
  ref: ref.optional(),
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
