import type { Problem } from '../errors';
import { clip, plainText } from '../plain-text';
import { joinPath } from '../schema-problems';
import type { AnswerSchema } from './schema';

/** Problems that are listed at most. */
const MOST_PROBLEMS = 20;
const MOST_SHOWN = 40;

/** Everything in which a value differs from a schema, whoever promised that it does not; at most 20 problems. No text of the value is repeated but the names and words that it made up, cut short. */
export function schemaProblems(schema: AnswerSchema, value: unknown): readonly Problem[] {
  const problems: Problem[] = [];
  walk(schema, value, '', problems);
  return problems.slice(0, MOST_PROBLEMS);
}

function walk(schema: AnswerSchema, value: unknown, path: string, problems: Problem[]): void {
  if (problems.length >= MOST_PROBLEMS) return;
  const add = (message: string): void => void problems.push({ path, message });
  if (!isOf(schema.type, value)) return add(`must be ${ARTICLE[schema.type]}`);
  if (schema.enum && !schema.enum.some((each) => each === value)) add(`${shown(value)} is not one of those that are offered`);
  if (typeof value === 'string') checkText(schema, value, add);
  if (Array.isArray(value)) checkList(schema, value, path, problems);
  else if (typeof value === 'object' && value !== null) checkObject(schema, value, path, problems);
}

function checkText({ minLength = 0, maxLength = Infinity }: AnswerSchema, value: string, add: (message: string) => void): void {
  if (value.length < minLength) add(`must have at least ${String(minLength)} characters`);
  if (value.length > maxLength) add(`must have at most ${String(maxLength)} characters`);
}

function checkList({ items, maxItems = Infinity, uniqueItems }: AnswerSchema, value: readonly unknown[], path: string, problems: Problem[]): void {
  if (value.length > maxItems) return void problems.push({ path, message: `must have at most ${String(maxItems)} items` });
  if (uniqueItems && new Set(value).size < value.length) problems.push({ path, message: 'names something twice' });
  if (items) for (const [i, item] of value.entries()) walk(items, item, joinPath(path, i), problems);
}

function checkObject({ properties = {}, required = [] }: AnswerSchema, value: object, path: string, problems: Problem[]): void {
  for (const name of required) if (!Object.hasOwn(value, name)) problems.push({ path: joinPath(path, name), message: 'is missing' });
  for (const [name, member] of Object.entries(value)) {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (known) walk(known, member, joinPath(path, name), problems);
    else if (problems.length < MOST_PROBLEMS) problems.push({ path, message: `has a member ${shown(name)}, which is not asked for` });
  }
}

const ARTICLE: Readonly<Record<AnswerSchema['type'], string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  boolean: 'true or false',
};

function isOf(type: AnswerSchema['type'], value: unknown): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

function shown(value: unknown): string {
  return JSON.stringify(clip(plainText(String(value)), MOST_SHOWN));
}
