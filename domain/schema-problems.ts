import { z } from 'zod';
import type { Problem } from './errors';
import { suggestion } from './nearest';

/** Problems that one answer lists. */
export const MOST_PROBLEMS = 20;

type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Checks a value by a schema; every problem is listed with its path (below `at`) in plain words, and an unknown key with the key it resembles. */
export function check<S extends z.ZodType>(schema: S, value: unknown, at = ''): Checked<z.output<S>> {
  const result = schema.safeParse(value, { error: describe });
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, problems: result.error.issues.flatMap((issue) => problemsOf(schema, value, issue, at)) };
}

/** Joins path parts by dots, leaving out empty ones. */
export function joinPath(...parts: readonly PropertyKey[]): string {
  return parts
    .map(String)
    .filter((part) => part !== '')
    .join('.');
}

function problemsOf(schema: z.ZodType, value: unknown, issue: z.core.$ZodIssue, at: string): Problem[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: joinPath(at, ...issue.path), message: issue.message }];
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const known = keysAt(root, issue.path, value, root.$defs ?? {});
  return issue.keys.map((key) => ({ path: joinPath(at, ...issue.path, key), message: `is not a known key; ${suggestion(key, known)}` }));
}

type JsonSchema = z.core.JSONSchema._JSONSchema;

/** Names of the members that the schema knows at a path of a value, over those branches of a union that the value can belong to. */
function keysAt(schema: JsonSchema, path: readonly PropertyKey[], value: unknown, named: Readonly<Record<string, JsonSchema>>): string[] {
  if (typeof schema === 'boolean') return [];
  // A schema with a name of its own stands under `$defs`.
  if (schema.$ref !== undefined) return keysAt(named[schema.$ref.replace('#/$defs/', '')] ?? false, path, value, named);
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].filter((branch) => mayBe(branch, value));
  const inBranches = branches.flatMap((branch) => keysAt(branch, path, value, named));
  const [head, ...rest] = path;
  if (head === undefined) return [...new Set([...Object.keys(schema.properties ?? {}), ...inBranches])];
  const item = Array.isArray(schema.items) ? undefined : schema.items;
  const next = typeof head === 'number' ? item : (schema.properties?.[String(head)] ?? schema.additionalProperties);
  return [...(next === undefined ? [] : keysAt(next, rest, member(value, head), named)), ...inBranches];
}

/** False when a branch fixes a member (its `kind`) to another value. */
function mayBe(branch: JsonSchema, value: unknown): boolean {
  if (typeof branch === 'boolean') return branch;
  return Object.entries(branch.properties ?? {}).every(
    ([key, each]) => typeof each === 'boolean' || each.const === undefined || each.const === member(value, key),
  );
}

function member(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
}

/** Our words for what zod found; schemas with words of their own keep them. */
function describe(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') return describeType(issue.expected, issue.input);
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    return issue.input === undefined ? `is missing; use one of ${values.join(', ')}` : `must be one of ${values.join(', ')}`;
  }
  if (issue.code === 'invalid_key') return 'is not a usable name; use letters, digits and _';
  if (issue.code === 'too_small') return `is too ${issue.origin === 'number' || issue.origin === 'int' ? 'small' : 'short'}; at least ${String(issue.minimum)}`;
  if (issue.code === 'too_big') return `is too ${issue.origin === 'number' || issue.origin === 'int' ? 'large' : 'long'}; at most ${String(issue.maximum)}`;
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)) return `must be one of ${issue.options.join(', ')}`;
  return undefined;
}

function describeType(expected: string, input: unknown): string {
  const wanted = {
    string: 'text',
    int: 'a whole number',
    number: 'a number',
    array: 'a list',
    object: 'a group of keys',
    record: 'a group of keys',
    boolean: 'true or false',
  };
  const words = wanted[expected as keyof typeof wanted] ?? expected;
  if (input === undefined) return `is missing; write ${words}`;
  if (expected === 'string' && typeof input === 'number') return `must be text; put it in quotes: "${input}"`;
  return `must be ${words}`;
}
