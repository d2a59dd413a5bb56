import type { ShadowEntry } from '../../domain/shadow/entry';
import { endOf } from '../../domain/shadow/summary';
import type { ShadowSummary } from '../../domain/shadow/summary';
import type { ShadowPage } from '../client-shadow';
import { table } from './table';

/** The rounds, newest first, and below them how far people agree by runbook; empty for none. */
export function shadowPage({ entries, runbooks }: ShadowPage, width: number): string {
  if (entries.length === 0) return '';
  const rounds = table(
    ['TIME', 'INCIDENT', 'MODE', 'WOULD HAVE DONE', 'AGREEMENT', 'ENDED', 'PEOPLE'],
    entries.map((entry) => [
      entry.at.slice(0, 16).replace('T', ' '),
      `${entry.incidentId}/${String(entry.round)}`,
      entry.mode,
      `${entry.would.runbook} on ${entry.would.suspect}${valuesText(entry.would.parameters)}`,
      entry.agreement,
      endOf(entry),
      peopleText(entry),
    ]),
    width,
  );
  const summary = table(
    ['RUNBOOK', 'ROUNDS', 'AGREED', 'SAME', 'OTHER VALUES', 'DIFFERENT', 'NOTHING DONE', 'UNKNOWN', 'ENDED'],
    runbooks.map(summaryRow),
    width,
  );
  return `${rounds}\n${summary}`;
}

function summaryRow({ runbook, rounds, rate, agreements, ended, rejected }: ShadowSummary): string[] {
  const { same, different, unknown } = agreements;
  const numbers = [same, agreements['other-parameters'], different, agreements['nothing-done'], unknown].map(String);
  const codes = countsText(rejected);
  return [
    runbook,
    String(rounds),
    rate === null ? '-' : `${String(Math.round(100 * rate))} %`,
    ...numbers,
    `${countsText(ended)}${codes === '' ? '' : `; rejected: ${codes}`}`,
  ];
}

function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([word, count]) => `${word} ${String(count)}`)
    .join(', ');
}

/** What people answered, and what they did. */
function peopleText({ answer, did, takenBy }: Pick<ShadowEntry, 'answer' | 'did' | 'takenBy'>): string {
  const who = answer.persons?.join(', ') ?? '';
  const why = [answer.code, answer.reason].filter((part) => part !== undefined).join(': ');
  const answered = {
    none: '',
    approved: `approved by ${who}`,
    edited: `approved with other values by ${who}${valuesText(answer.parameters ?? {})}`,
    rejected: `rejected by ${who === '' ? 'a person' : who}${why === '' ? '' : ` (${why})`}`,
    unanswered: 'nobody answered',
    withdrawn: 'withdrawn',
    'acted-alone': 'nobody was asked',
  }[answer.kind];
  const parts = [answered, takenBy === undefined ? '' : `taken over by ${takenBy}`, did === undefined ? '' : didText(did)].filter((part) => part !== '');
  return parts.length === 0 ? 'nothing yet' : parts.join('; ');
}

function didText({ kind, what, runbook, changes = [] }: NonNullable<ShadowEntry['did']>): string {
  switch (kind) {
    case 'by-hand':
      return `by hand${runbook === undefined ? '' : ` (${runbook})`}: ${what ?? ''}`;
    case 'other-proposal':
      return `another proposal was approved: ${runbook ?? ''}`;
    case 'changes':
      return `seen meanwhile: ${changes.map((change) => `${change.kind}${change.to === undefined ? '' : ` to ${change.to}`}`).join(', ')}`;
    case 'nothing':
      return 'nothing was done, and it healed';
    case 'not-told':
      return 'closed; what was done is not told';
  }
}

function valuesText(values: Readonly<Record<string, string>>): string {
  const text = Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
  return text === '' ? '' : ` ${text}`;
}
