import { Client, Connection } from '@temporalio/client';
import type { Environment } from '../../../config/types';
import { postgresPrograms } from '../../../scripts/cluster/postgres';
import { startPostgres } from '../../../scripts/cluster/postgres-server';
import type { PostgresServer } from '../../../scripts/cluster/postgres-server';
import { Closing } from '../../stage/closing';
import { startStageServer } from '../../stage/stage';
import { Lane } from './lane';
import type { LaneOptions } from './lane';
import type { AwsMutation } from './mutation';
import { awsPlanOf } from './plan';
import { awsReportOf } from './report';
import type { AwsChaosReport } from './report';
import { runAwsSeed } from './run';
import type { AwsRunResult } from './run';

/** What is asked of a run. */
export interface AwsChaosOptions {
  readonly seeds: number;
  readonly from: number;
  readonly lanes: number;
  readonly mutation?: AwsMutation;
  /** The `temporal` program. */
  readonly program: string;
  readonly env: Environment;
  readonly tell: (line: string) => void;
}

/** Runs seeds on one Temporal server and one database server, side by side in lanes; with a mutation it ends with the first seed that shows it. */
export async function awsChaos(options: AwsChaosOptions): Promise<AwsChaosReport> {
  const began = performance.now();
  const closing = new Closing();
  try {
    const results = await runAll(options, closing);
    return awsReportOf(results, { ...options, seconds: (performance.now() - began) / 1000 });
  } finally {
    await closing.close();
  }
}

/** Whether nothing went wrong. */
export function isGood({ doubledEffects, lostEffects, stuck, failures }: AwsChaosReport): boolean {
  return doubledEffects + lostEffects + stuck + failures.length === 0;
}

async function runAll({ seeds, from, lanes, mutation, program, env, tell }: AwsChaosOptions, closing: Closing): Promise<AwsRunResult[]> {
  const programs = postgresPrograms(env['PATH'] ?? '');
  const postgres: PostgresServer | undefined = programs === undefined ? undefined : await startPostgres(programs);
  if (postgres) closing.add(() => postgres.stop());
  const server = await startStageServer(program);
  closing.add(() => server.stop());
  const connection = await Connection.connect({ address: server.address });
  closing.add(() => connection.close());
  const shared = { address: server.address, client: new Client({ connection }), mutation, env };
  const results: AwsRunResult[] = [];
  let next = from;
  const shown = (): boolean => mutation !== undefined && results.some(isWrong);
  const work = async (index: number): Promise<void> => {
    const options: LaneOptions = { ...shared, environment: `chaos-${String(index)}`, databaseUrl: await postgres?.database() };
    const lane = await Lane.open(options);
    let keep = false;
    try {
      while (next < from + seeds && !shown()) {
        const result = await runAwsSeed(lane, awsPlanOf(next++));
        results.push(result);
        tell(lineOf(result, mutation === undefined ? lane.dir : undefined));
        keep ||= isWrong(result) && mutation === undefined;
      }
    } finally {
      await lane.close(keep);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, seeds) }, (_, index) => work(index + 1)));
  return results.sort((a, b) => a.seed - b.seed);
}

function isWrong({ actions }: AwsRunResult): boolean {
  return actions.some(({ why }) => why !== undefined);
}

function lineOf({ seed, focus, killedAt, seconds, actions }: AwsRunResult, dir: string | undefined): string {
  const wrong = actions.flatMap(({ action, variant, fate, reason, why }) =>
    why === undefined ? [] : [`  FAILED ${action} (${variant}): ${why}: ${fate}, ${reason}`],
  );
  const kept = wrong.length === 0 || dir === undefined ? [] : [`  (kept in ${dir})`];
  return [
    `seed ${String(seed).padEnd(5)} ${seconds.toFixed(1).padStart(5)} s  ${focus}, killed after ${killedAt.join(' and ') || 'never'}`,
    ...wrong,
    ...kept,
  ].join('\n');
}
