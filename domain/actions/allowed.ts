import { digestOf } from '../digest';
import type { Problem } from '../errors';
import { errorCode, errorMessage, NightshiftError } from '../errors';
import type { Service } from '../inventory';
import { suggestion } from '../nearest';
import type { ActionInput } from './action';
import type { AllowedGithub } from './allowed-github';
import { inputProblems } from './inputs';

/** Where something may be used; everywhere when absent. */
export interface Scope {
  readonly services?: readonly string[];
  readonly environments?: readonly string[];
}

/** What anything allowed has. */
export interface AllowedUse {
  readonly name: string;
  readonly parameters: Readonly<Record<string, ActionInput>>;
  readonly scope: Scope;
}

/** An executable that runbooks may run by its name. */
export interface AllowedCommand extends AllowedUse {
  /** Program and arguments, with placeholders in the arguments; no shell ever reads them. */
  readonly argv: readonly string[];
  /** Absolute. */
  readonly directory: string;
  readonly outputLimitBytes: number;
}

/** An HTTP call that runbooks may make by its name. */
export interface AllowedCall extends AllowedUse {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With placeholders in path and query. */
  readonly url: string;
  /** JSON, with placeholders in its texts. */
  readonly body?: unknown;
  /** Header that carries the token; `Idempotency-Key` when absent. */
  readonly tokenHeader?: string;
  /** The other side takes a token twice for one, so that a call whose answer was lost is made again. */
  readonly dedupes: boolean;
}

/** What runbooks may use. */
export interface Allowed {
  readonly commands: readonly AllowedCommand[];
  readonly calls: readonly AllowedCall[];
  readonly github?: AllowedGithub;
}

/** Names the very words of the configuration that something stands in, so that it shows when they were changed between proposal and action. */
export function digestLabel(allowed: Pick<AllowedUse, 'name'>): string {
  return `(${allowed.name} ${digestOf(allowed).slice(0, 12)})`;
}

/** The one of that name. Throws `effect_failed` when there is none. */
export function requireAllowed<T extends AllowedUse>(kind: 'commands' | 'calls' | 'github.workflows', all: readonly T[], name: string): T {
  const found = all.find((each) => each.name === name);
  if (found) return found;
  const names = all.map((each) => each.name);
  throw new NightshiftError('effect_failed', `${name} is not among actions.${kind}; ${suggestion(name, names)}`);
}

/** Values that a use of something allowed is filled with. Throws `effect_failed` when it is not allowed there, or an input does not fit. */
export function allowedValues(
  { name, scope, parameters }: AllowedUse,
  inputs: Readonly<Record<string, string>>,
  { name: service, environment }: Pick<Service, 'name' | 'environment'>,
  { token, incidentId: incident }: { readonly token: string; readonly incidentId: string },
): Readonly<Record<string, string>> {
  const place = { service, environment, token, incident };
  if (!within(scope, place))
    throw new NightshiftError('effect_failed', `${name} is not allowed for ${service} in ${environment}; its configuration says where it is`);
  const problems = allowedProblems(name, parameters, inputs);
  if (problems.length > 0)
    throw new NightshiftError('effect_failed', `The inputs do not fit ${name}: ${problems.map((each) => `${each.path} ${each.message}`).join('; ')}`, problems);
  return { ...inputs, ...place };
}

/** Why something cannot be filled, as a sentence; undefined when it can. */
export function refusalOf(fill: () => unknown): string | undefined {
  try {
    fill();
    return undefined;
  } catch (error) {
    if (errorCode(error) === 'effect_failed') return `${errorMessage(error)}.`;
    throw error;
  }
}

/** What is wrong with the inputs of something allowed. Without a pattern of its own no value begins with `-`, as a program would take it for an option. */
function allowedProblems(name: string, parameters: Readonly<Record<string, ActionInput>>, inputs: Readonly<Record<string, string>>): Problem[] {
  const options = Object.entries(inputs).filter(([key, value]) => {
    const { pattern, values } = parameters[key] ?? {};
    return value.startsWith('-') && pattern === undefined && values === undefined;
  });
  const spec = { summary: name, inputs: parameters, again: 'declared', trace: 'store', settleMs: 0 } as const;
  return [...inputProblems(name, spec, inputs), ...options.map(([path]) => ({ path, message: 'begins with -; give the parameter a pattern that allows it' }))];
}

/** Whether something may be used for a service. */
export function within({ services, environments }: Scope, place: { readonly service: string; readonly environment: string }): boolean {
  return services?.includes(place.service) !== false && environments?.includes(place.environment) !== false;
}
