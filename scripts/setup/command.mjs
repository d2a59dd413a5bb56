import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { ensureTemporal } from './temporal.mjs';
import { ensureTemporalCluster } from './temporal-cluster.mjs';

/** Commands of the system that use a Temporal server program when no running server is named. */
const SERVING = ['start', 'demo'];

/**
 * What a command needs of the Temporal program: `get` (find or obtain it), `look` (find it, never download), or `none`.
 * `args` is the command with its arguments.
 */
export function temporalNeed(args, env) {
  const command = args.find((arg) => !arg.startsWith('-'));
  const asks = args.includes('--help') || args.includes('-h') || /--fault[= ]list\b/.test(args.join(' '));
  if (command === 'doctor') return 'look';
  // A role of its own never starts a server: without an address it is refused.
  const alone = /--role[= ](worker|api)\b/.test(args.join(' '));
  return SERVING.includes(command) && !asks && !alone && !env.TEMPORAL_ADDRESS ? 'get' : 'none';
}

/** The compiled script that arguments mean, where it is not the system itself: the one after `--script`, `redact`, or the demo in a world that only a clone has. */
export function scriptOf(args) {
  if (args[0] === '--script') return { script: args[1], rest: args.slice(2) };
  // By itself it begins in a tenth of the time.
  if (args[0] === 'redact') return { script: 'workers/redact.js', rest: args };
  const demo = args.indexOf('demo');
  const inAws = demo >= 0 && /--target[= ]aws\b/.test(args.join(' '));
  return inAws ? { script: 'scripts/demo-aws.js', rest: args.toSpliced(demo, 1) } : { script: undefined, rest: args };
}

/**
 * Installs, finds Temporal as `temporal` asks (see `temporalNeed`) and the programs of a cluster as `cluster` does (`get`, `try`: get them, and go on without when that fails, `look`,
 * `none`), and builds; resolves to the environment for the program that runs next.
 */
export async function prepare({ root, env, log, temporal, cluster = 'none', compile = true }) {
  await ensureDependencies({ root, log, env });
  const program = await find(ensureTemporal, temporal, { env, log });
  const programs = await find(ensureTemporalCluster, cluster, { env, log });
  if (compile) await build({ root, log });
  return { ...env, ...(program && { NIGHTSHIFT_TEMPORAL_CLI: program.path }), ...(programs && { NIGHTSHIFT_TEMPORAL_PROGRAMS: programs }) };
}

/** Gets it, or what is there already; where it only looks or tries, a failure is told and left for the command to judge. */
async function find(ensure, need, options) {
  if (need === 'none') return undefined;
  if (need === 'get') return ensure(options);
  try {
    return await ensure({ ...options, lookOnly: need === 'look' });
  } catch (error) {
    options.log.line(error.message);
    return undefined;
  }
}

/** An environment that names no running server: tests, chaos and benchmarks start their own. */
export function withoutServer(env) {
  const { TEMPORAL_ADDRESS: _address, ...rest } = env;
  return rest;
}

// glibc gives every thread an arena of its own, which keeps what was freed: two are enough for a process that is mostly one thread.
const FRUGAL = { MALLOC_ARENA_MAX: '2' };

/** Runs a compiled program of `dist/` in this terminal; resolves to its exit code. Signals are handed on. */
export function runProgram({ root, script, args, env }) {
  return runInTerminal(process.execPath, ['--enable-source-maps', join(root, 'dist', script), ...args], { env: { ...FRUGAL, ...env } });
}

/** Runs a program in this terminal until it ends; resolves to its exit code, 128 and the signal's number when a signal ended it. */
export function runInTerminal(program, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: 'inherit' });
    // A terminal sends its Ctrl-C to the child as well; handing it on would look like a second one.
    const terminal = Boolean(process.stdin.isTTY);
    const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => [signal, () => (signal === 'SIGINT' && terminal ? undefined : child.kill(signal))]);
    for (const [signal, handler] of handlers) process.on(signal, handler);
    const release = () => handlers.forEach(([signal, handler]) => process.off(signal, handler));
    child.once('error', (error) => {
      release();
      reject(error);
    });
    child.once('close', (code, signal) => {
      release();
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}
