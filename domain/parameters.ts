import { NightshiftError } from './errors';
import type { Problem } from './errors';
import { suggestion } from './nearest';
import type { Runbook, RunbookParameter } from './runbook';

const LONGEST = 256;

/** Why a value does not fit a parameter, in words that follow its name; undefined when it fits. */
export function parameterComplaint(parameter: Omit<RunbookParameter, 'default'>, value: string): string | undefined {
  if (value.length > LONGEST) return `is longer than ${LONGEST} characters`;
  // Control characters have no place in a value that is shown to a person and sent to a machine.
  if (/\p{Cc}/u.test(value)) return 'holds control characters or line breaks';
  if (parameter.type === 'integer' && !/^-?(0|[1-9]\d{0,14})$/.test(value)) return 'must be a whole number';
  if (parameter.type === 'enum' && !(parameter.values ?? []).includes(value)) return `must be one of ${(parameter.values ?? []).join(', ')}`;
  if (parameter.pattern !== undefined && !new RegExp(`^(?:${parameter.pattern})$`, 'u').test(value)) return `does not match ${parameter.pattern}`;
  return undefined;
}

/** Fills in defaults and checks every value; with problems the values are not to be used. Problem paths are `parameters.<name>`. */
export function checkParameters(
  runbook: Runbook,
  given: Readonly<Record<string, string>>,
): { readonly values: Readonly<Record<string, string>>; readonly problems: readonly Problem[] } {
  const declared = Object.keys(runbook.parameters);
  const values: Record<string, string> = {};
  const problems: Problem[] = Object.keys(given)
    .filter((name) => !Object.hasOwn(runbook.parameters, name))
    .map((name) => ({ path: `parameters.${name}`, message: `is not a parameter of ${runbook.id}; ${suggestion(name, declared)}` }));
  for (const [name, parameter] of Object.entries(runbook.parameters)) {
    const value = Object.hasOwn(given, name) ? given[name] : parameter.default;
    const complaint = value === undefined ? `is missing: ${parameter.description}` : parameterComplaint(parameter, value);
    if (complaint !== undefined) problems.push({ path: `parameters.${name}`, message: complaint });
    else if (value !== undefined) values[name] = value;
  }
  return { values, problems };
}

/** The values to run with, defaults filled in. Throws `invalid_input` with every problem. */
export function requireParameters(runbook: Runbook, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { values, problems } = checkParameters(runbook, given);
  if (problems.length === 0) return values;
  const first = problems.map((problem) => `${problem.path} ${problem.message}`).join('; ');
  throw new NightshiftError('invalid_input', `The parameters do not fit runbook ${runbook.id}: ${first}`, problems);
}
