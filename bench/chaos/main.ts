import { parseArgs } from 'node:util';
import { processEnvironment, temporalProgram } from '../../config/environment';
import type { Environment } from '../../config/types';
import { errorMessage, NightshiftError } from '../../domain/errors';
import { awsChaos, isGood } from './aws/main';
import { AWS_MUTATIONS } from './aws/mutation';
import { Lane } from './lane';
import type { LaneOptions } from './lane';
import { MUTATIONS } from './mutant';
import { planOf } from './plan';
import { reportOf } from './report';
import { runSeed } from './run';
import type { RunResult } from './run';

const USAGE = `Usage: npm run chaos -- [--target local|aws] --seeds N [--from K] [--lanes L] [--mutate M] [--json]

  Brings faults about in the practice service, answers as the person who is asked, and kills Nightshift, its
  Temporal server, the supervisor, or all of them, with SIGKILL at a stage and moment that follow from the
  seed. Each incident must come to its end with exactly one rollback or restart in the supervisor's ledger.

  With --target aws it carries out every action on AWS against a fake AWS, with faults in its answers, and kills
  the worker alone; what the product says of each intent is compared with the fake's ledger of effects.

  --target T     local (the practice service), which it is without it, or aws
  --seeds N      how many runs
  --from K       first seed (1); odd seeds are a bad release, even ones a memory leak
  --lanes L      whole systems side by side (2; on AWS, which waits more than it computes, 4)
  --mutate M     breaks what keeps an effect from happening twice: no-intent (each process makes tokens of its
                 own) or no-look (it never looks before acting). On AWS: random-token (each attempt has a token of
                 its own), no-search (only what was answered is found) or retry-mutations (the SDK sends what
                 changes something again). Such a run must fail, and ends with the first.
  --json         one object on stdout

  Exit code 0 when every run completed, 1 when one did not, 2 for wrong usage.
`;

interface Wanted {
  readonly target: 'local' | 'aws';
  readonly seeds: number;
  readonly from: number;
  readonly lanes: number;
  readonly mutation?: string;
  readonly json: boolean;
}

const LANES = { local: '2', aws: '4' } as const;

function wantedOf(args: readonly string[]): Wanted | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { target: text, seeds: text, from: text, lanes: text, mutate: text, json: flag, help: { ...flag, short: 'h' } },
  });
  if (values.help) return undefined;
  const { target = 'local', mutate: mutation } = values;
  if (target !== 'local' && target !== 'aws') throw new Error(`--target takes local or aws, not "${target}".`);
  const known: readonly string[] = target === 'aws' ? AWS_MUTATIONS : MUTATIONS;
  if (mutation !== undefined && !known.includes(mutation)) throw new Error(`--mutate takes ${known.join(' or ')}, not "${mutation}".`);
  return {
    ...{
      target,
      seeds: count('seeds', values.seeds),
      from: count('from', values.from ?? '1'),
      lanes: count('lanes', values.lanes ?? LANES[target]),
      json: values.json,
    },
    ...(mutation === undefined ? {} : { mutation }),
  };
}

function count(name: string, text: string | undefined): number {
  if (text === undefined || !/^[1-9]\d{0,5}$/.test(text))
    throw new Error(`--${name} takes a whole number from 1 to 999999${text === undefined ? '' : `, not "${text}"`}.`);
  return Number(text);
}

function laneOptions(env: Environment, mutation: string | undefined): LaneOptions {
  return mutation === undefined ? { env, entry: 'workers/main.js', before: [] } : { env, entry: 'bench/chaos/mutant.js', before: [mutation] };
}

/** Runs seeds side by side; a lane in which one failed is closed, its folder is kept, and a fresh one takes its place. */
async function runAll({ seeds, from, lanes, mutation }: Wanted, options: LaneOptions, tell: (line: string) => void): Promise<RunResult[]> {
  const results: RunResult[] = [];
  let next = from;
  const failed = (): boolean => mutation !== undefined && results.some((result) => !result.completed);
  const work = async (): Promise<void> => {
    let lane: Lane | undefined;
    try {
      while (next < from + seeds && !failed()) {
        const plan = planOf(next++);
        lane ??= await Lane.open(options);
        const result = await runSeed(lane, plan);
        results.push(result);
        tell(lineOf(result, result.completed ? undefined : lane.dir));
        if (result.completed) continue;
        await lane.close(true);
        lane = undefined;
      }
    } finally {
      await lane?.close(false);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, seeds) }, work));
  return results.sort((a, b) => a.seed - b.seed);
}

function lineOf({ seed, killed, seconds, why }: RunResult, kept: string | undefined): string {
  const kills = killed.map(({ stage, victim }) => `${victim} at ${stage}`).join(', ');
  return `seed ${String(seed).padEnd(5)} ${seconds.toFixed(1).padStart(5)} s  ${kills}${why === undefined ? '' : `  FAILED: ${why} (kept in ${kept ?? ''})`}`;
}

async function main(args: readonly string[]): Promise<number> {
  let wanted: Wanted | undefined;
  try {
    wanted = wantedOf(args);
  } catch (error) {
    process.stderr.write(`${errorMessage(error)}\n\n${USAGE}`);
    return 2;
  }
  if (!wanted) {
    process.stdout.write(USAGE);
    return 0;
  }
  const env = processEnvironment();
  const program = temporalProgram(env);
  if (program === undefined) throw new NightshiftError('unreachable', 'There is no Temporal server program: use `npm run chaos`, which finds or gets it.');
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  const { report, good } = await (wanted.target === 'aws' ? onAws(wanted, env, program, tell) : locally(wanted, env, tell));
  if (wanted.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else process.stderr.write(`${JSON.stringify(report, null, 2)}\n`);
  return good ? 0 : 1;
}

interface Found {
  readonly report: object;
  readonly good: boolean;
}

async function onAws(wanted: Wanted, env: Environment, program: string, tell: (line: string) => void): Promise<Found> {
  const mutation = AWS_MUTATIONS.find((one) => one === wanted.mutation);
  const { seeds, from, lanes } = wanted;
  const report = await awsChaos({ seeds, from, lanes, program, env, tell, ...(mutation === undefined ? {} : { mutation }) });
  return { report, good: isGood(report) };
}

async function locally(wanted: Wanted, env: Environment, tell: (line: string) => void): Promise<Found> {
  const began = performance.now();
  const results = await runAll(wanted, laneOptions(env, wanted.mutation), tell);
  const report = reportOf(results, { ...wanted, seconds: (performance.now() - began) / 1000 });
  return { report, good: report.completed === report.runs && report.doubledEffects === 0 };
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${errorMessage(error)}\n`);
    process.exitCode = error instanceof NightshiftError && error.code === 'unreachable' ? 3 : 1;
  },
);
