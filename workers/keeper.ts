import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** Longer than a worker takes to let go of its work. */
const KILL_AFTER_MS = 15_000;
const RESTART = { firstMs: 300, maxMs: 10_000 } as const;
/** A program that fails by itself before it ever ran for so long cannot start: running it again would not help. */
const LASTS_MS = 5_000;

/**
 * Runs a program for as long as its own stdin is open: `keeper [--once] [--pid-file F] -- <program> <arguments…>`. The one who started it may be killed in any way; the pipe
 * closes with it, and the program ends too. A program that dies is started again, with the same arguments and so on the same ports; with `--once` the
 * keeper ends with it and passes its code on. The pid file is for the case that the keeper itself is killed: whoever comes next ends the program by it.
 */
function keep(command: string, args: readonly string[], { once, pidFile }: { readonly once: boolean; readonly pidFile: string | undefined }): void {
  let child: ChildProcess | undefined;
  let ending = false;
  let lasted = false;
  let deaths = 0;
  const run = (): void => {
    if (ending) process.exit(0);
    const startedAt = performance.now();
    child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    if (pidFile !== undefined) writeFileSync(pidFile, String(child.pid ?? ''), { mode: 0o600 });
    child.on('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      process.exit(1);
    });
    child.on('exit', (code, signal) => {
      const ran = performance.now() - startedAt >= LASTS_MS;
      lasted ||= ran;
      if (ending || once || (!lasted && code !== null && code !== 0)) process.exit(code ?? (ending ? 0 : 1));
      deaths = ran ? 0 : deaths + 1;
      process.stderr.write(`keeper: the program ended (${signal ?? `code ${String(code)}`}); it is started again\n`);
      setTimeout(run, Math.min(RESTART.maxMs, RESTART.firstMs * 2 ** Math.min(deaths, 10)));
    });
  };
  const end = (): void => {
    if (ending) return;
    ending = true;
    child?.kill('SIGTERM');
    setTimeout(() => {
      child?.kill('SIGKILL');
      process.exit(0);
    }, KILL_AFTER_MS).unref();
    if (child && (child.exitCode !== null || child.signalCode !== null)) process.exit(0);
  };
  process.stdin.on('end', end).on('close', end).on('error', end).resume();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
  run();
}

const { values, positionals } = parseArgs({ options: { once: { type: 'boolean', default: false }, 'pid-file': { type: 'string' } }, allowPositionals: true });
const [command, ...args] = positionals;
if (command !== undefined) keep(command, args, { once: values.once, pidFile: values['pid-file'] });
