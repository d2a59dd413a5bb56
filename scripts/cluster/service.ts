import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../config/package-root';

/** A program with its surroundings. */
export interface Launch {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** A service that runs as a plain process; one that dies is started again, as `restart: unless-stopped` says. */
export interface Service {
  readonly name: string;
  readonly logFile: string;
  /** Process id of the program itself. */
  pid(): number;
  /** Whether the health check succeeds now. */
  healthy(): Promise<boolean>;
  /** Waits until it is healthy; throws with the end of its log. */
  whenHealthy(ms?: number): Promise<void>;
  /** Kills the program with SIGKILL; its keeper starts it again. */
  kill(): void;
  /** Kills it with SIGKILL, and nobody starts it again. */
  destroy(): Promise<void>;
  /** Ends it for good. */
  stop(): Promise<void>;
}

const HEALTHY_MS = 90_000;
const PROBE_MS = 8_000;
const LOOK_EVERY_MS = 200;
const TRIES = 5;

/** Starts a service under a keeper, which ends it when this process ends in any way. */
export function startService(name: string, launch: Launch, probe: readonly string[] | undefined, folder: string): Service {
  const logFile = join(folder, `${name}.log`);
  const pidFile = join(folder, `${name}.pid`);
  const log = createWriteStream(logFile, { flags: 'a' });
  const keeper = [join(packageRoot(), 'dist', 'workers', 'keeper.js'), '--pid-file', pidFile, '--', ...launch.argv];
  const child = spawn(process.execPath, keeper, { cwd: launch.cwd, env: { ...launch.env }, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  child.stdin.on('error', () => undefined);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const pid = (): number => Number(readFileSync(pidFile, 'utf8'));
  const healthy = async (): Promise<boolean> => probe === undefined || (await run(probe, launch)).code === 0;
  return {
    ...{ name, logFile, pid, healthy },
    async whenHealthy(ms = HEALTHY_MS) {
      const until = Date.now() + ms;
      while (!(await healthy())) {
        if (ended(child) || Date.now() > until) throw new Error(`${name} is not healthy. The end of ${logFile}:\n${tail(logFile)}`);
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
    },
    kill: () => void process.kill(pid(), 'SIGKILL'),
    async destroy() {
      const end = exitOf(child);
      child.kill('SIGKILL');
      process.kill(pid(), 'SIGKILL');
      await end;
    },
    async stop() {
      const end = exitOf(child);
      child.stdin.end();
      await end;
    },
  };
}

/** Runs a service that ends by itself until it ends well, as `restart: on-failure` says. */
export async function runToEnd(name: string, launch: Launch): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const { code, output } = await run(launch.argv, launch, HEALTHY_MS);
    if (code === 0) return;
    if (tries === TRIES) throw new Error(`${name} ended with ${String(code)}:\n${output.slice(-2000)}`);
  }
}

/** Runs a program to its end; resolves to its exit code and the end of what it wrote. */
export function run(
  argv: readonly string[],
  { env, cwd }: Omit<Launch, 'argv'>,
  timeout = PROBE_MS,
): Promise<{ readonly code: number | string; readonly output: string }> {
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    execFile(program, args, { env: { ...env }, cwd, timeout, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? error.signal ?? 1) : 0, output: `${stdout}${stderr}${error && !stderr ? error.message : ''}` });
    });
  });
}

function exitOf(child: ChildProcess): Promise<void> {
  return ended(child) ? Promise.resolve() : new Promise((resolve) => child.once('exit', () => resolve()));
}

function ended(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').slice(-3000);
}
