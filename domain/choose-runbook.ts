import type { Attempt, Hypothesis } from './diagnosis';
import { FORETOLD } from './prediction/shortage';
import { renderRunbook } from './runbook-render';
import { BUILT_IN } from './runbook';
import type { Runbook, RunbookSnapshot } from './runbook';

/** A runbook with the values that a hypothesis gives its parameters. */
export interface Remedy {
  readonly runbook: RunbookSnapshot;
  readonly parameters: Readonly<Record<string, string>>;
}

const RISKS: readonly Runbook['risk'][] = ['low', 'medium', 'high'];

/**
 * The runbook to propose for a hypothesis that names a remedy: for its cause, with parameters that it can fill, and not given with the same values before. A team's own come first, then
 * the built-in one that the hypothesis names, then other built-in ones; then the lower risk, then the id. Undefined when none is left.
 */
export function chooseRunbook(catalogue: readonly RunbookSnapshot[], hypothesis: Hypothesis, attempts: readonly Attempt[]): Remedy | undefined {
  const group = ({ runbook, origin }: RunbookSnapshot): number => (runbook.id === hypothesis.runbook ? 1 : origin === BUILT_IN ? 2 : 0);
  const rank = (each: RunbookSnapshot): number => group(each) * RISKS.length + RISKS.indexOf(each.runbook.risk);
  return catalogue
    .filter(({ runbook }) => runbook.id === hypothesis.runbook || (runbook.causes.includes(hypothesis.cause) && fitsTime(runbook, hypothesis)))
    .sort((a, b) => rank(a) - rank(b) || (a.runbook.id < b.runbook.id ? -1 : 1))
    .map((runbook) => ({ runbook, parameters: filled(runbook.runbook, hypothesis.parameters ?? {}) }))
    .find((remedy): remedy is Remedy => remedy.parameters !== undefined && !wasGiven(remedy.runbook, remedy.parameters, attempts));
}

/** What is only foretold is answered by what takes the time that was told, and not by what mends something broken. */
function fitsTime(runbook: Runbook, { id, parameters = {} }: Hypothesis): boolean {
  return !id.startsWith(FORETOLD) || Object.keys(parameters).every((name) => Object.hasOwn(runbook.parameters, name));
}

function filled(runbook: Runbook, known: Readonly<Record<string, string>>): Readonly<Record<string, string>> | undefined {
  const given = Object.fromEntries(Object.entries(known).filter(([name]) => Object.hasOwn(runbook.parameters, name)));
  try {
    return renderRunbook(runbook, given).parameters;
  } catch {
    return undefined;
  }
}

function wasGiven({ runbook }: RunbookSnapshot, parameters: Readonly<Record<string, string>>, attempts: readonly Attempt[]): boolean {
  const names = Object.keys(parameters);
  return attempts.some(
    (a) => a.runbook === runbook.id && Object.keys(a.parameters).length === names.length && names.every((n) => a.parameters[n] === parameters[n]),
  );
}
