import type { Problem } from './errors';
import { inputProblems } from './actions/inputs';
import { ACTIONS, specOf } from './actions/table';
import type { ActionName } from './actions/table';
import { suggestion } from './nearest';
import { placeholdersIn } from './placeholders';
import { parameterComplaint } from './parameters';
import { CHECKS } from './runbook';
import type { CheckName, Runbook, RunbookParameter, RunbookStep } from './runbook';

/** What is wrong with a runbook beyond its shape: unknown actions, checks, inputs and placeholders, ids used twice, parameters that nothing uses, an undo that does not fit. */
export function runbookProblems(runbook: Runbook): Problem[] {
  const undo = runbook.inverse?.steps ?? [];
  return [
    ...Object.entries(runbook.parameters).flatMap(([name, parameter]) => parameterProblems(name, parameter)),
    ...runbook.preconditions.flatMap((each, i) => [
      ...checkProblems(`preconditions.${i}`, each.check, each.with),
      ...placeholderProblems(`preconditions.${i}.with`, each.with, runbook),
    ]),
    ...runbook.steps.flatMap((step, i) => stepProblems(`steps.${i}`, step, runbook)),
    ...undo.flatMap((step, i) => stepProblems(`inverse.steps.${i}`, step, runbook)),
    ...repeatedIds(runbook.steps, undo),
    ...unusedParameters(runbook),
    ...undoProblems(runbook),
  ];
}

function stepProblems(path: string, step: RunbookStep, runbook: Runbook): Problem[] {
  return [
    ...actionProblems(path, step),
    ...placeholderProblems(`${path}.with`, step.with, runbook),
    ...placeholderProblems(path, { name: step.name }, runbook),
  ];
}

function actionProblems(path: string, { uses, with: given }: RunbookStep): Problem[] {
  if (!Object.hasOwn(ACTIONS, uses)) return [{ path: `${path}.uses`, message: `${uses} is not known; ${suggestion(uses, Object.keys(ACTIONS))}` }];
  // What a placeholder stands for is looked at when it is filled.
  const literal = (text: string): boolean => !text.includes('${{');
  return inputProblems(uses, specOf(uses as ActionName), given, literal).map(({ path: at, message }) => ({ path: `${path}.with.${at}`, message }));
}

function checkProblems(path: string, called: string, given: Readonly<Record<string, string>>): Problem[] {
  const wanted: readonly string[] | undefined = Object.hasOwn(CHECKS, called) ? CHECKS[called as CheckName] : undefined;
  if (wanted === undefined) return [{ path: `${path}.check`, message: `${called} is not known; ${suggestion(called, Object.keys(CHECKS))}` }];
  const missing = wanted.filter((input) => !Object.hasOwn(given, input));
  const extra = Object.keys(given).filter((input) => !wanted.includes(input));
  return [
    ...missing.map((input) => ({ path: `${path}.with.${input}`, message: `is missing; ${called} needs it` })),
    ...extra.map((input) => ({ path: `${path}.with.${input}`, message: `${called} does not take this; ${suggestion(input, wanted)}` })),
  ];
}

function placeholderProblems(path: string, texts: Readonly<Record<string, string>>, runbook: Runbook): Problem[] {
  const known = Object.keys(runbook.parameters);
  return Object.entries(texts).flatMap(([key, text]) => {
    const { names, malformed } = placeholdersIn(text);
    const unknown = names.filter((name) => !known.includes(name));
    return [
      ...malformed.map((each) => ({ path: `${path}.${key}`, message: `${each} is not a placeholder; write \${{ parameters.name }}` })),
      ...unknown.map((name) => ({ path: `${path}.${key}`, message: `${name} is not a parameter of this runbook; ${suggestion(name, known)}` })),
    ];
  });
}

/** What does not fit together in a declared parameter. Paths are `parameters.<name>` and below. */
export function parameterProblems(name: string, parameter: RunbookParameter): Problem[] {
  const path = `parameters.${name}`;
  if (parameter.type === 'enum' && parameter.values === undefined) return [{ path: `${path}.values`, message: 'is missing; an enum lists its values' }];
  if (parameter.type !== 'enum' && parameter.values !== undefined)
    return [{ path: `${path}.values`, message: `only an enum has values; this is ${parameter.type}` }];
  if (!compiles(parameter.pattern)) return [{ path: `${path}.pattern`, message: 'is not a regular expression' }];
  const complaint = parameter.default === undefined ? undefined : parameterComplaint(parameter, parameter.default);
  return complaint === undefined ? [] : [{ path: `${path}.default`, message: complaint }];
}

function compiles(pattern: string | undefined): boolean {
  try {
    return pattern === undefined || new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

/** Tokens of effects are made from step ids, so an id must not come twice, in the undo neither. */
function repeatedIds(steps: readonly RunbookStep[], undo: readonly RunbookStep[]): Problem[] {
  const placed = [
    ...steps.map((step, i) => ({ id: step.id, path: `steps.${i}.id` })),
    ...undo.map((step, i) => ({ id: step.id, path: `inverse.steps.${i}.id` })),
  ];
  return placed
    .filter((each, i) => placed.findIndex((other) => other.id === each.id) < i)
    .map(({ id, path }) => ({ path, message: `${id} is the id of an earlier step; ids are used once over steps and inverse` }));
}

function unusedParameters(runbook: Runbook): Problem[] {
  const steps = [...runbook.steps, ...(runbook.inverse?.steps ?? [])];
  const texts = [...steps.flatMap((step) => [step.name, ...Object.values(step.with)]), ...runbook.preconditions.flatMap((each) => Object.values(each.with))];
  const used = new Set(texts.flatMap((text) => placeholdersIn(text).names));
  return Object.keys(runbook.parameters)
    .filter((name) => !used.has(name))
    .map((name) => ({ path: `parameters.${name}`, message: 'is used by no step and no precondition; remove it' }));
}

function undoProblems(runbook: Runbook): Problem[] {
  if (runbook.reversible && runbook.inverse === undefined) return [{ path: 'inverse', message: 'is missing; a reversible runbook says how it is undone' }];
  if (!runbook.reversible && runbook.inverse !== undefined)
    return [{ path: 'reversible', message: 'is false although there is an inverse; say true, or remove the inverse' }];
  return [];
}
