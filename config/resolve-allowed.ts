import type { ActionInput } from '../domain/actions/action';
import type { Scope } from '../domain/actions/allowed';
import { KNOWN_NAMES, templateNames } from '../domain/actions/template';
import { defined } from '../domain/defined';
import type { Problem } from '../domain/errors';
import { suggestion } from '../domain/nearest';
import { parameterProblems } from '../domain/runbook-check';
import type { ActionsSource } from './schema-actions';

type CommandSource = NonNullable<ActionsSource['commands']>[number];
type Parameters = NonNullable<CommandSource['parameters']>;

/** Parameters as the actions use them. */
export function parametersOf(parameters: Parameters): Readonly<Record<string, ActionInput>> {
  return Object.fromEntries(Object.entries(parameters).map(([name, each]) => [name, defined(each)]));
}

/** Where something may be used. */
export function scopeOf({ services, environments }: Pick<CommandSource, 'services' | 'environments'>): Scope {
  return defined({ services, environments });
}

/** A name that is declared a second time. */
export function repeated(all: readonly { readonly name: string }[], i: number, kind: string): Problem[] {
  const { name = '' } = all[i] ?? {};
  return all.findIndex((each) => each.name === name) < i
    ? [{ path: `actions.${kind}.${String(i)}.name`, message: `${name} is declared twice; names are used once` }]
    : [];
}

/** What is wrong with the parameters of something allowed, which have none of the names that a runbook calls it by. */
export function namesProblems(parameters: Parameters, path: string, own: readonly string[] = ['command', 'call']): Problem[] {
  const taken = Object.keys(parameters).filter((name) => [...KNOWN_NAMES, ...own].includes(name));
  return [
    ...taken.map((name) => ({ path: `${path}.parameters.${name}`, message: 'is the name of something else here; give the parameter another' })),
    ...Object.entries(parameters).flatMap(([name, each]) => parameterProblems(name, defined(each)).map((one) => ({ ...one, path: `${path}.${one.path}` }))),
  ];
}

/** Placeholders of a text that nothing fills. */
export function nameProblems(text: string, parameters: object, path: string): Problem[] {
  const known = [...Object.keys(parameters), ...KNOWN_NAMES];
  return templateNames(text)
    .filter((name) => !known.includes(name))
    .map((name) => ({ path, message: `{${name}} is no parameter; ${suggestion(name, known)}, or write {{${name}}} to pass braces on` }));
}
