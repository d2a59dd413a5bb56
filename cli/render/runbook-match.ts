import { plainText } from '../../domain/plain-text';
import type { RunbookCandidate } from '../../domain/runbook-match/candidates';
import type { IncidentRanking } from '../../domain/runbook-match/incident-ranking';
import { wrap } from './wrap';

const HEADINGS: Readonly<Record<RunbookCandidate['standing'], string>> = {
  first: 'Would be proposed',
  possible: 'Possible after it',
  not: 'Declared for the cause, and cannot be given',
  near: 'Only resemble it: text alone proposes nothing',
};
const INDENT = 4;

/** A ranking of runbooks with the reasons of each. */
export function candidatesText({ cause, suspect, candidates }: Partial<IncidentRanking> & Pick<IncidentRanking, 'candidates'>, width: number): string {
  const head = cause === undefined || suspect === undefined ? [] : [plainText(`For ${cause} on ${suspect}`)];
  const parts = (['first', 'possible', 'not', 'near'] as const).flatMap((standing) => {
    const here = candidates.filter((each) => each.standing === standing);
    return here.length === 0 ? [] : [HEADINGS[standing], ...here.flatMap((each) => candidateLines(each, width))];
  });
  return [...head, ...parts].join('\n');
}

function candidateLines({ runbook, version, title, score, reasons }: RunbookCandidate, width: number): string[] {
  const head = `  ${plainText(`${runbook} v${String(version)}`)}  ${plainText(title)}  (text ${score.toFixed(2)})`;
  const why = reasons.flatMap((reason) => wrap(plainText(reason), width - INDENT - 2).map((line, i) => `${' '.repeat(INDENT)}${i === 0 ? '- ' : '  '}${line}`));
  return [head, ...why];
}
