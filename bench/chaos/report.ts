import type { RunResult } from './run';

/** What `npm run chaos -- --json` prints. */
export interface ChaosReport {
  readonly runs: number;
  /** Runs in which the incident was resolved and the supervisor's ledger shows exactly one rollback or restart. */
  readonly completed: number;
  /** Effects beyond the first of their run. */
  readonly doubledEffects: number;
  /** Runs in which no incident was opened, or it did not come to its end. */
  readonly lostIncidents: number;
  /** Kills by the stage that the incident was in. */
  readonly killedAt: Readonly<Record<string, number>>;
  /** Kills by what was killed. */
  readonly killed: Readonly<Record<string, number>>;
  readonly from: number;
  readonly mutation?: string;
  readonly seconds: number;
  readonly secondsPerSeed: number;
  readonly failures: readonly { readonly seed: number; readonly why: string }[];
}

/** Sums runs up. `seconds` is the whole time, start and end included. */
export function reportOf(
  results: readonly RunResult[],
  { from, mutation, seconds }: { readonly from: number; readonly mutation?: string; readonly seconds: number },
): ChaosReport {
  const kills = results.flatMap((result) => result.killed);
  return {
    runs: results.length,
    completed: results.filter((result) => result.completed).length,
    doubledEffects: results.reduce((sum, result) => sum + Math.max(0, result.effects - 1), 0),
    lostIncidents: results.filter((result) => !result.completed && result.effects < 2).length,
    killedAt: countOf(kills.map((kill) => kill.stage)),
    killed: countOf(kills.map((kill) => kill.victim)),
    from,
    ...(mutation === undefined ? {} : { mutation }),
    seconds: Math.round(seconds),
    secondsPerSeed: Number((seconds / Math.max(1, results.length)).toFixed(1)),
    failures: results.flatMap(({ seed, why }) => (why === undefined ? [] : [{ seed, why }])),
  };
}

function countOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
