import { inputProblems } from './actions/inputs';
import { ACTIONS, specOf } from './actions/table';
import type { ActionName } from './actions/table';
import { formatDuration } from './duration';
import { NightshiftError } from './errors';
import type { Problem } from './errors';
import { requireParameters } from './parameters';
import { fillPlaceholders, placeholdersIn } from './placeholders';
import { CHECKS } from './runbook';
import type { CheckName, Runbook, RunbookStep } from './runbook';

/** A step with every placeholder filled. */
export interface RenderedStep {
  readonly id: string;
  readonly name: string;
  readonly uses: ActionName;
  readonly with: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly idempotent?: true;
}

/** A precondition with every placeholder filled. */
export interface RenderedCheck {
  readonly check: CheckName;
  readonly with: Readonly<Record<string, string>>;
}

/** A runbook filled with the parameters of one proposal; exactly this runs. */
export interface RenderedRunbook {
  readonly parameters: Readonly<Record<string, string>>;
  readonly preconditions: readonly RenderedCheck[];
  readonly steps: readonly RenderedStep[];
  /** Empty when the runbook cannot be undone. */
  readonly inverse: readonly RenderedStep[];
}

/** Fills a runbook. Throws `invalid_input` when a parameter is missing, unknown or wrong, or a placeholder or an action is unknown. */
export function renderRunbook(runbook: Runbook, given: Readonly<Record<string, string>>): RenderedRunbook {
  const parameters = requireParameters(runbook, given);
  return {
    parameters,
    preconditions: runbook.preconditions.map((each, i) => ({
      check: known(CHECKS, each.check, `preconditions.${i}.check`),
      with: fillAll(each.with, parameters, `preconditions.${i}.with`),
    })),
    steps: runbook.steps.map((step, i) => renderStep(step, parameters, `steps.${i}`)),
    inverse: (runbook.inverse?.steps ?? []).map((step, i) => renderStep(step, parameters, `inverse.steps.${i}`)),
  };
}

/** Lines that say exactly what would be done, in order: conditions first, then numbered steps. Throws like `renderRunbook`. */
export function previewLines(runbook: Runbook, given: Readonly<Record<string, string>>): string[] {
  const rendered = renderRunbook(runbook, given);
  return [...rendered.preconditions.map((each) => `only if ${call(each.check, each.with)}`), ...rendered.steps.map(stepLine)];
}

/** Lines that say how it is undone and when; empty when it cannot be. Throws like `renderRunbook`. */
export function inverseLines(runbook: Runbook, given: Readonly<Record<string, string>>): string[] {
  const rendered = renderRunbook(runbook, given);
  if (runbook.inverse === undefined) return [];
  return [`when the result is ${runbook.inverse.on.join(' or ')}:`, ...rendered.inverse.map(stepLine)];
}

function renderStep(step: RunbookStep, parameters: Readonly<Record<string, string>>, path: string): RenderedStep {
  const uses = known(ACTIONS, step.uses, `${path}.uses`);
  const inputs = fillAll(step.with, parameters, `${path}.with`);
  const problems = inputProblems(uses, specOf(uses), inputs).map((each) => ({ ...each, path: `${path}.with.${each.path}` }));
  if (problems.length > 0) throw new NightshiftError('invalid_input', `The values do not fit the action ${uses}: ${problemText(problems)}`, problems);
  return {
    id: step.id,
    name: fillAll({ name: step.name }, parameters, path)['name'] ?? step.id,
    ...{ uses, with: inputs, timeoutMs: step.timeoutMs },
    ...(step.idempotent ? { idempotent: step.idempotent } : {}),
  };
}

function fillAll(texts: Readonly<Record<string, string>>, parameters: Readonly<Record<string, string>>, path: string): Record<string, string> {
  const problems: Problem[] = Object.entries(texts).flatMap(([key, text]) => {
    const { names, malformed } = placeholdersIn(text);
    const unknown = names.filter((name) => !Object.hasOwn(parameters, name)).map((name) => `parameters.${name}`);
    return [...malformed, ...unknown].map((each) => ({ path: `${path}.${key}`, message: `${each} stands for nothing` }));
  });
  if (problems.length > 0) throw new NightshiftError('invalid_input', 'The runbook holds placeholders that stand for nothing', problems);
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, fillPlaceholders(text, parameters)]));
}

function problemText(problems: readonly Problem[]): string {
  return problems.map(({ path, message }) => `${path} ${message}`).join('; ');
}

function known<T extends object>(table: T, name: string, path: string): keyof T {
  if (Object.hasOwn(table, name)) return name as keyof T;
  throw new NightshiftError('invalid_input', `The runbook uses ${name}, which is not known here`, [{ path, message: `${name} is not known` }]);
}

function stepLine(step: RenderedStep, index: number): string {
  return `${index + 1}. ${step.name}: ${call(step.uses, step.with)} (at most ${formatDuration(step.timeoutMs)})`;
}

function call(name: string, inputs: Readonly<Record<string, string>>): string {
  return [name, ...Object.entries(inputs).map(([key, value]) => `${key}=${value}`)].join(' ');
}
