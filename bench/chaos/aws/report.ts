import type { AwsActionName } from '../../../domain/actions/table';
import type { AwsRunResult } from './run';

/** What became of one action over all runs. */
export interface ActionReport {
  readonly runs: number;
  readonly doubled: number;
  readonly lost: number;
  readonly stuck: number;
  readonly asked: number;
  /** Runs by how they ended. */
  readonly fates: Readonly<Record<string, number>>;
}

/** What `npm run chaos -- --target aws --json` prints. */
export interface AwsChaosReport {
  readonly runs: number;
  /** Effects beyond those of one intent. */
  readonly doubledEffects: number;
  /** Intents of which the product says another thing than what happened. */
  readonly lostEffects: number;
  /** Intents that had not ended by their deadline. */
  readonly stuck: number;
  /** Intents that ended with a question to a person. */
  readonly unsettledAskedPerson: number;
  readonly kills: number;
  /** Kills by what the focus had called last. */
  readonly killedAt: Readonly<Record<string, number>>;
  readonly byAction: Readonly<Partial<Record<AwsActionName, ActionReport>>>;
  readonly from: number;
  readonly mutation?: string;
  readonly seconds: number;
  readonly secondsPerSeed: number;
  readonly failures: readonly { readonly seed: number; readonly action: string; readonly why: string }[];
}

/** Sums runs up. `seconds` is the whole time, start and end included. */
export function awsReportOf(
  results: readonly AwsRunResult[],
  { from, mutation, seconds }: { readonly from: number; readonly mutation?: string; readonly seconds: number },
): AwsChaosReport {
  const all = results.flatMap(({ seed, actions }) => actions.map((action) => ({ seed, ...action })));
  const names = [...new Set(all.map(({ action }) => action))];
  const byAction = Object.fromEntries(names.map((name) => [name, reportOf(all.filter(({ action }) => action === name))]));
  const killedAt = results.flatMap((result) => result.killedAt);
  const { doubled, lost, stuck, asked } = reportOf(all);
  return {
    runs: results.length,
    ...{ doubledEffects: doubled, lostEffects: lost, stuck, unsettledAskedPerson: asked },
    kills: killedAt.length,
    killedAt: countOf(killedAt),
    byAction,
    from,
    ...(mutation === undefined ? {} : { mutation }),
    seconds: Math.round(seconds),
    secondsPerSeed: Number((seconds / Math.max(1, results.length)).toFixed(2)),
    failures: all.flatMap(({ seed, action, variant, fate, reason, why }) =>
      why === undefined ? [] : [{ seed, action: `${action} (${variant})`, why: `${why}: ${fate}${reason === '' ? '' : `, ${reason}`}` }],
    ),
  };
}

function reportOf(all: readonly AwsRunResult['actions'][number][]): ActionReport {
  const count = (key: 'lost' | 'stuck' | 'asked'): number => all.filter((one) => one[key]).length;
  const doubled = all.reduce((sum, one) => sum + one.doubled, 0);
  return { runs: all.length, doubled, lost: count('lost'), stuck: count('stuck'), asked: count('asked'), fates: countOf(all.map(({ fate }) => fate)) };
}

function countOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
