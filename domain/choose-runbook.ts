import type { Attempt, Hypothesis } from './diagnosis';
import { FORETOLD } from './prediction/shortage';
import { NO_MATCHES, type TextMatches } from './runbook-match/text-match';
import { NO_DEMOTIONS } from './shadow/demotion';
import type { Demotions } from './shadow/demotion';
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
 * The runbook to propose for a hypothesis that names a remedy: the first of those declared for it, with parameters that it can fill, and not given with the same values before.
 * Undefined when none is left.
 */
export function chooseRunbook(
  catalogue: readonly RunbookSnapshot[],
  hypothesis: Hypothesis,
  attempts: readonly Attempt[],
  matches: TextMatches = NO_MATCHES,
  demotions: Demotions = NO_DEMOTIONS,
): Remedy | undefined {
  return declaredFor(catalogue, hypothesis, matches, demotions)
    .map((runbook) => ({ runbook, parameters: filled(runbook.runbook, hypothesis.parameters ?? {}) }))
    .find((remedy): remedy is Remedy => remedy.parameters !== undefined && !wasGiven(remedy.runbook, remedy.parameters, attempts));
}

/**
 * Runbooks that are declared for the cause of a hypothesis, in the order in which they are tried. A team's own come first, then the built-in one that the hypothesis names, then other
 * built-in ones; one that people rejected as the wrong choice falls by a group or two. Then those whose symptoms stand in what we measured, then the lower risk. What somebody outside
 * can write decides only where all that is equal; then comes the id.
 */
export function declaredFor(
  catalogue: readonly RunbookSnapshot[],
  hypothesis: Hypothesis,
  matches: TextMatches,
  demotions: Demotions = NO_DEMOTIONS,
): RunbookSnapshot[] {
  const fallen = (each: RunbookSnapshot): number => demotions.get(each.runbook.id)?.steps ?? 0;
  const strength = (each: RunbookSnapshot, by: 'measured' | 'outside'): number => matches.get(each.runbook.id)?.[by] ?? 0;
  return catalogue
    .filter(({ runbook }) => runbook.id === hypothesis.runbook || (runbook.causes.includes(hypothesis.cause) && fitsTime(runbook, hypothesis)))
    .sort(
      (a, b) =>
        groupOf(a, hypothesis) + fallen(a) - groupOf(b, hypothesis) - fallen(b) ||
        fallen(a) - fallen(b) ||
        strength(b, 'measured') - strength(a, 'measured') ||
        RISKS.indexOf(a.runbook.risk) - RISKS.indexOf(b.runbook.risk) ||
        strength(b, 'outside') - strength(a, 'outside') ||
        (a.runbook.id < b.runbook.id ? -1 : 1),
    );
}

/** 0 for a team's own, 1 for the one that the hypothesis names, 2 for other built-in ones. */
export function groupOf({ runbook, origin }: RunbookSnapshot, hypothesis: Hypothesis): 0 | 1 | 2 {
  return runbook.id === hypothesis.runbook ? 1 : origin === BUILT_IN ? 2 : 0;
}

/** What is only foretold is answered by what takes the time that was told, and not by what mends something broken. */
function fitsTime(runbook: Runbook, { id, parameters = {} }: Hypothesis): boolean {
  return !id.startsWith(FORETOLD) || Object.keys(parameters).every((name) => Object.hasOwn(runbook.parameters, name));
}

/** The parameters of a runbook with what a hypothesis knows; undefined where one is left without a value, or a value does not fit. */
export function filled(runbook: Runbook, known: Readonly<Record<string, string>>): Readonly<Record<string, string>> | undefined {
  const given = Object.fromEntries(Object.entries(known).filter(([name]) => Object.hasOwn(runbook.parameters, name)));
  try {
    return renderRunbook(runbook, given).parameters;
  } catch {
    return undefined;
  }
}

/** Whether it was given in this incident with the same values. */
export function wasGiven({ runbook }: RunbookSnapshot, parameters: Readonly<Record<string, string>>, attempts: readonly Attempt[]): boolean {
  const names = Object.keys(parameters);
  return attempts.some(
    (a) => a.runbook === runbook.id && Object.keys(a.parameters).length === names.length && names.every((n) => a.parameters[n] === parameters[n]),
  );
}
