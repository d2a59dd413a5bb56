import { plainText } from '../../domain/plain-text';
import type { WhatIfReport } from '../../ports/what-if';
import { table } from './table';
import { wrap } from './wrap';

const INDENT = 4;

/** What would change, a row for each thing of each round; what cannot be judged again stands below. */
export function replayPage({ incidents, rounds, changed, leftOut, left }: WhatIfReport, width: number): string {
  const judged = `${counted(rounds, 'round')} of ${counted(incidents, 'incident')} judged again`;
  const head = changed.length === 0 ? `Nothing changes: ${judged}.\n` : `${counted(changed.length, 'round')} would come out differently; ${judged}.\n`;
  const rows = changed.flatMap((round) =>
    round.changes.map((change, i) => [
      i === 0 ? `${round.incidentId}/${String(round.round)}` : '',
      i === 0 ? `${round.environment}/${round.service}` : '',
      change.what,
      change.before ?? 'none',
      change.after ?? 'none',
      i === 0 ? `${round.already ? '(already so by what runs now) ' : ''}${round.why}` : '',
    ]),
  );
  const body = rows.length === 0 ? '' : `\n${table(['ROUND', 'SERVICE', 'WHAT', 'WAS', 'WOULD BE', 'WHY'], rows, width)}`;
  return `${head}${body}${leftText(leftOut, left, width)}`;
}

function leftText(leftOut: number, left: WhatIfReport['left'], width: number): string {
  if (leftOut === 0) return '';
  const lines = left.flatMap(({ incidentId, round, why }) => wrap(plainText(`${incidentId}/${String(round)}: ${why}`), width - INDENT));
  const more = leftOut > left.length ? [`and ${String(leftOut - left.length)} more`] : [];
  return `\n${counted(leftOut, 'round')} cannot be judged again:\n${[...lines, ...more].map((line) => `${' '.repeat(INDENT)}${line}\n`).join('')}`;
}

function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? '' : 's'}`;
}
