import { z } from 'zod';

/** A repository of GitHub as `owner/name`. */
export const repositoryField = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/, {
  error: 'is not a repository; write owner/name, such as acme/runbooks',
});

/** A branch, a tag or a commit: without what git itself forbids in a ref, and what would change an address. */
export const gitRefField = z
  .string()
  .max(200)
  .regex(/^(?![-/.])(?!.*(?:\.\.|\/\/|\/\.|@\{|\.lock(?:\/|$)))[^\s~^:?*[\\#%\p{Cc}]+(?<![/.])$/u, {
    error: 'is not a branch, a tag or a commit; write one such as main, v1.4 or the 40 digits of a commit',
  });
