import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Environment } from '../../config/types';
import { errorMessage } from '../../domain/errors';
import { seasonalNaive } from '../../domain/forecast/naive';
import type { Task } from './evaluate';
import { filled, insample } from './evaluate';
import { peerFolder } from '../peer-folder';

/** Figures of statsmodels on the same values, or why there are none. */
export type PeerResult = PeerFigures | { readonly why: string };

interface PeerFigures {
  readonly name: string;
  /** Figures of the better of its two methods, series by series, as ours are. */
  readonly mase: number;
  readonly relativeMae: number;
  readonly byMethod: Readonly<Record<string, { readonly mase: number; readonly relativeMae: number }>>;
  /** Forecasts that it could not make; they count as the seasonal naive one. */
  readonly failed: number;
}

interface Asked {
  readonly task: Task;
  readonly origin: number;
  readonly values: Float64Array;
}

const NAME = 'statsmodels 0.14';
const METHODS = ['holtWinters', 'stl'] as const;
/** Values a forecast is made from, of which there are many in series of five minutes: statsmodels takes minutes for more. */
const MOST_VALUES = 2000;
const INSTALL_MS = 600_000;
const RUN_MS = 3_600_000;

/** Has statsmodels, in an environment of its own in the cache folder, forecast the same times. Never fails: what is missing is said. */
export async function measurePeer(tasks: readonly Task[], env: Environment, tell: (line: string) => void): Promise<PeerResult> {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-peer-'));
  try {
    const python = await install(env, tell);
    const asked = tasks.flatMap((task) => task.origins.map((origin) => ({ task, origin, values: known(task, origin) })));
    const file = join(folder, 'tasks.json');
    await writeFile(file, JSON.stringify(asked.map(({ task, values }) => ({ values: [...values], season: task.season, leads: task.leads }))));
    tell(`${NAME} makes ${asked.length} forecasts`);
    const script = join(process.cwd(), 'bench', 'forecast', 'peer.py');
    const lines = await output(python, [script, file], RUN_MS);
    return figures(
      tasks,
      asked,
      lines.map((line) => JSON.parse(line) as Record<string, number[] | null>),
    );
  } catch (error) {
    return { why: `${NAME} could not be measured: ${errorMessage(error)}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function install(env: Environment, tell: (line: string) => void): Promise<string> {
  const folder = peerFolder(env, 'statsmodels');
  const python = join(folder, 'bin', 'python');
  const there = await output(python, ['-c', 'import statsmodels'], 60_000).then(
    () => true,
    () => false,
  );
  if (there) return python;
  tell(`Installing ${NAME} into ${folder}`);
  await mkdir(folder, { recursive: true });
  await output('python3', ['-m', 'venv', folder], INSTALL_MS);
  await output(python, ['-m', 'pip', 'install', '-q', 'statsmodels==0.14.*'], INSTALL_MS);
  return python;
}

/** Lines on stdout of a program that ends well; rejects where it does not, or takes longer. */
async function output(program: string, args: readonly string[], withinMs: number): Promise<readonly string[]> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: withinMs });
  const lines: string[] = [];
  let complaint = '';
  child.stderr.on('data', (part: Buffer) => (complaint = `${complaint}${part.toString()}`.slice(-500)));
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`${program} ended with ${code ?? 'a signal'}. ${complaint.trim()}`);
  return lines;
}

function known({ grid, season }: Task, origin: number): Float64Array {
  const values = filled(grid.values.subarray(0, origin), season);
  return values.subarray(Math.max(0, values.length - Math.max(MOST_VALUES, 4 * season)));
}

function figures(tasks: readonly Task[], asked: readonly Asked[], made: readonly Record<string, number[] | null>[]): PeerFigures {
  let failed = 0;
  const byTask = tasks.map((task) => {
    const sums: Record<string, number> = { naive: 0 };
    let count = 0;
    asked.forEach((each, i) => {
      if (each.task !== task) return;
      const naive = [...seasonalNaive(each.values, task.season, task.leads)];
      const forecasts: Record<string, readonly number[]> = { naive };
      for (const method of METHODS) {
        if (!made[i]?.[method]) failed += 1;
        forecasts[method] = made[i]?.[method] ?? naive;
      }
      for (let lead = 0; lead < task.leads; lead += 1) {
        const actual = task.grid.values[each.origin + lead] ?? NaN;
        if (!Number.isFinite(actual)) continue;
        count += 1;
        for (const [name, values] of Object.entries(forecasts)) sums[name] = (sums[name] ?? 0) + Math.abs(actual - (values[lead] ?? NaN));
      }
    });
    const scale = insample(task.grid.values.subarray(0, task.origins[0]), task.season) * count;
    const of = (name: string): { mase: number; relativeMae: number } => ({
      mase: (sums[name] ?? NaN) / scale,
      relativeMae: (sums[name] ?? NaN) / (sums['naive'] ?? NaN),
    });
    return Object.fromEntries(METHODS.map((method) => [method, of(method)]));
  });
  const mean = (pick: (row: Record<string, { mase: number; relativeMae: number }>) => number): number =>
    byTask.reduce((sum, row) => sum + pick(row), 0) / byTask.length;
  const best = (row: Record<string, { mase: number; relativeMae: number }>, field: 'mase' | 'relativeMae'): number =>
    Math.min(...METHODS.map((method) => row[method]?.[field] ?? Infinity));
  return {
    name: NAME,
    mase: mean((row) => best(row, 'mase')),
    relativeMae: mean((row) => best(row, 'relativeMae')),
    byMethod: Object.fromEntries(
      METHODS.map((method) => [method, { mase: mean((row) => row[method]?.mase ?? NaN), relativeMae: mean((row) => row[method]?.relativeMae ?? NaN) }]),
    ),
    failed,
  };
}
