import type { z } from 'zod';
import { NightshiftError, type Problem } from './errors';
import { check, MOST_PROBLEMS } from './schema-problems';

/** Elements of one batch. */
export const MAX_BATCH = 1000;

/** Reads one element or `{"<field>":[…]}` with 1 to 1,000 of them. Throws `invalid_input` with the path of everything that is wrong. */
export function readBatch<Output>(body: unknown, field: string, schema: z.ZodType<Output>): readonly Output[] {
  const batch = batchOf(body, field);
  const problems: Problem[] = [];
  const outputs: Output[] = [];
  for (const [index, element] of (batch ?? [body]).entries()) {
    const result = check(schema, element, batch ? `${field}.${String(index)}` : '');
    if (result.ok) outputs.push(result.value);
    else problems.push(...result.problems);
  }
  if (problems.length > 0) throw invalidInput(problems);
  return outputs;
}

/** The error for a list of problems: the first 20 are listed, the rest counted. */
export function invalidInput(problems: readonly Problem[]): NightshiftError {
  const more = problems.length - MOST_PROBLEMS;
  const count = problems.length === 1 ? 'One thing is wrong' : `${String(problems.length)} things are wrong`;
  const rest = more > 0 ? ` The first ${String(MOST_PROBLEMS)} are listed.` : '';
  return new NightshiftError('invalid_input', `${count} with the input: see \`problems\`.${rest}`, problems.slice(0, MOST_PROBLEMS));
}

function batchOf(body: unknown, field: string): readonly unknown[] | undefined {
  if (typeof body !== 'object' || body === null) {
    throw new NightshiftError('invalid_input', `Send one JSON object, or {"${field}": […]}.`, [{ path: '', message: 'must be a JSON object' }]);
  }
  if (Array.isArray(body)) {
    throw new NightshiftError('invalid_input', `Wrap the list: {"${field}": […]}.`, [{ path: '', message: `must be an object with the list in \`${field}\`` }]);
  }
  const batch: unknown = (body as Readonly<Record<string, unknown>>)[field];
  if (batch === undefined) return undefined;
  if (Array.isArray(batch) && batch.length >= 1 && batch.length <= MAX_BATCH) return batch as readonly unknown[];
  throw new NightshiftError('invalid_input', `\`${field}\` must be a list of 1 to ${String(MAX_BATCH)}.`, [
    { path: field, message: `must be a list of 1 to ${String(MAX_BATCH)}` },
  ]);
}
