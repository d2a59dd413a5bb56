import type { Agreement, ShadowEntry } from './entry';

/** One runbook in the shadow ledger. */
export interface ShadowSummary {
  readonly runbook: string;
  readonly rounds: number;
  readonly agreements: Readonly<Record<Agreement, number>>;
  /** Share of the rounds with a known answer in which a person did the same, 0 to 1; null where none is known. */
  readonly rate: number | null;
  /** How its incidents ended, and what was measured where it was given. */
  readonly ended: Readonly<Record<string, number>>;
  /** Codes of rejections. */
  readonly rejected: Readonly<Record<string, number>>;
}

/** Agreement by runbook, the most rounds first. */
export function summarise(entries: readonly ShadowEntry[]): readonly ShadowSummary[] {
  const runbooks = [...new Set(entries.map(({ would }) => would.runbook))];
  return runbooks
    .map((runbook) =>
      summaryOf(
        runbook,
        entries.filter(({ would }) => would.runbook === runbook),
      ),
    )
    .sort((a, b) => b.rounds - a.rounds || (a.runbook < b.runbook ? -1 : 1));
}

function summaryOf(runbook: string, entries: readonly ShadowEntry[]): ShadowSummary {
  const agreements = { same: 0, 'other-parameters': 0, different: 0, 'nothing-done': 0, unknown: 0, ...countOf(entries.map(({ agreement }) => agreement)) };
  const known = entries.length - agreements.unknown;
  return {
    ...{ runbook, rounds: entries.length, agreements, rate: known === 0 ? null : agreements.same / known },
    ended: countOf(entries.map(endOf)),
    rejected: countOf(entries.flatMap(({ answer }) => (answer.kind === 'rejected' ? [answer.code ?? 'no code'] : []))),
  };
}

/** What became of it in a word: what was measured after it, else how its incident ended. */
export function endOf({ verdict, ended }: Pick<ShadowEntry, 'verdict' | 'ended'>): string {
  return verdict ?? ended?.kind ?? 'open';
}

function countOf(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
