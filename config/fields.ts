import { z } from 'zod';

/** Name of a service or an environment. */
export const nameField = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, {
  error: 'is not a usable name; use small letters, digits, dots, _ and -, at most 63, beginning with a letter or digit',
});

/** The same, or `*` for all. */
export const patternField = z
  .string()
  .regex(/^(\*|[a-z0-9][a-z0-9._-]{0,62})$/, { error: 'is not a usable name; write * for all, or small letters, digits, dots, _ and -, at most 63' });

/** One line of text for people. */
export const lineField = z.string().min(1).max(200);

/** A file or folder; relative ones start at the configuration file. */
export const pathField = z.string().min(1).max(1000);

/** A share from 0 to 1. */
export const shareField = z.number().min(0).max(1);

/** An http or https URL without a password in it. */
export const urlField = z.string({ error: 'must be a URL such as https://example.com/path' }).check((context) => {
  const complaint = urlComplaint(context.value);
  if (complaint !== undefined) context.issues.push({ code: 'custom', message: complaint, input: '' });
});

/** A reference to a secret. Its text never stands in the configuration, so it cannot be committed or printed. */
export const secretField = z.union([z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/) }), z.strictObject({ file: pathField })], {
  error: 'is a secret, which is never written here; write {env: NAME} to read a variable of the environment, or {file: path} to read a file',
});

/** Where a secret is found. */
export type SecretRef = z.output<typeof secretField>;

/** Why a text is not a URL that can be used here; undefined when it is. Never repeats the text, which may hold a secret. */
export function urlComplaint(text: string): string | undefined {
  if (!URL.canParse(text)) return 'is not a URL; write one such as https://example.com/path';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must begin with http:// or https://';
  if (url.username !== '' || url.password !== '') return 'holds a user or a password; leave them out, and keep secrets as {env: NAME} or {file: path}';
  return undefined;
}

const argument = z
  .string()
  .max(4000)
  .regex(/^[^\0]*$/, { error: 'holds a NUL character, which no argument can' });
/** A program with its arguments, which no shell reads. */
export const argvField = z
  .array(argument, { error: "must be a list, the program first, such as [./deploy, '{release}']; no shell reads it, so one line of text will not do" })
  .min(1, { error: 'is empty; write the program first' })
  .max(100)
  .refine((words) => words[0] !== '', { error: 'has an empty program' });

/** Name of a variable of the environment. */
export const variableField = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'is not the name of a variable' });
