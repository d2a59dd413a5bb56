import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/**
 * Runs a program for as long as its own stdin is open: `keeper [--once] <program> <arguments…>`. The one who started it may be killed in any way; the pipe
 * closes with it, and the program ends too. A program that dies is started again, with the same arguments and so on the same ports; with `--once` the
 * keeper ends with it and passes its code on.
 */
const KILL_AFTER_MS = 5_000;
const RESTART_AFTER_MS = 300;

function keep(command: string, args: readonly string[], once: boolean): void {
  let child: ChildProcess | undefined;
  let ending = false;
  const run = (): void => {
    child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      process.exit(1);
    });
    child.on('exit', (code) => {
      if (ending || once) process.exit(code ?? (ending ? 0 : 1));
      setTimeout(run, RESTART_AFTER_MS);
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
    if (child?.exitCode !== null && child?.exitCode !== undefined) process.exit(0);
  };
  process.stdin.on('end', end).on('close', end).on('error', end).resume();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
  run();
}

const given = process.argv.slice(2);
const once = given[0] === '--once';
const [command, ...args] = once ? given.slice(1) : given;
if (command !== undefined) keep(command, args, once);
