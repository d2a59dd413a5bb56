import { defined } from '../domain/defined';
import type { Problem } from '../domain/errors';
import { SEVERITIES } from '../domain/names';
import { DEFAULT_TRIAGE, LEVELS } from '../domain/triage-rules';
import type { BusinessHours, TriageRules } from '../domain/triage-rules';
import { overlay } from './overlay';
import type { ConfigSource } from './schema';

type TriageSource = NonNullable<ConfigSource['triage']>;

const DEFAULT_HOURS: Omit<BusinessHours, 'zone'> = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' };

/** Rules of triage with defaults filled in. */
export function resolveTriage({ rules = [], matrix = {}, hours }: TriageSource = {}): TriageRules {
  return {
    rules: rules.map(({ when = {}, ...rule }) => ({ ...defined(rule), when: defined(when) })),
    matrix: overlay(DEFAULT_TRIAGE.matrix, matrix),
    ...(hours === undefined ? {} : { hours: overlay({ zone: hours.zone, ...DEFAULT_HOURS }, hours) }),
  };
}

/** What does not fit together in rules of triage. */
export function triageProblems({ rules, matrix, hours }: TriageRules): Problem[] {
  const hourless = rules.flatMap(({ when }, i) =>
    when.hours !== undefined && hours === undefined
      ? [{ path: `triage.rules.${String(i)}.when.hours`, message: 'needs to know when people work; add triage.hours with a zone' }]
      : [],
  );
  const rank = (impact: number, urgency: number): number => SEVERITIES.indexOf(matrix[LEVELS[impact] ?? 'low'][urgency] ?? 'sev4');
  const milder = LEVELS.flatMap((impact, i) =>
    LEVELS.flatMap((urgency, j) => {
      const path = `triage.matrix.${impact}.${String(j)}`;
      const here = SEVERITIES[rank(i, j)] ?? '';
      if (i > 0 && rank(i, j) < rank(i - 1, j))
        return [{ path, message: `${here} is worse than at ${LEVELS[i - 1] ?? ''} impact and the same urgency; less impact must not be worse` }];
      return j > 0 && rank(i, j) < rank(i, j - 1) ? [{ path, message: `${here} is worse than at more urgency; ${urgency} urgency must not be worse` }] : [];
    }),
  );
  return [...hourless, ...milder];
}
