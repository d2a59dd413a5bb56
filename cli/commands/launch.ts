import type { Command } from 'commander';
import type { Run } from '../run';
import { configOf, isJson, leaf } from '../run';

/** Adds the commands that run a system of their own: `start`, `demo`, `doctor`. */
export function addLaunchCommands(program: Command, run: Run): void {
  const { launchers } = run.deps;
  leaf(program, 'start', 'run Nightshift until it is stopped: Temporal, worker and API').action(async (_options: unknown, command: Command) => {
    run.exitCode = await launchers.start(common(command));
  });
  leaf(program, 'demo', 'break a real service and watch Nightshift mend it')
    .option('--fault <name>', 'the fault; "list" names them')
    .option('--yes', 'approve as "demo" without asking', false)
    .option('--keep', 'leave everything running at the end', false)
    .action(async (options: { fault?: string; yes: boolean; keep: boolean }, command: Command) => {
      const fault = options.fault === undefined ? {} : { fault: options.fault };
      run.exitCode = await launchers.demo({ ...fault, yes: options.yes, json: isJson(command), keep: options.keep });
    });
  leaf(program, 'doctor', 'check what Nightshift needs and how it is, and say how to mend it').action(async (_options: unknown, command: Command) => {
    run.exitCode = await launchers.doctor(common(command));
  });
}

function common(command: Command): { readonly config?: string; readonly json: boolean } {
  const config = configOf(command);
  return { ...(config === undefined ? {} : { config }), json: isJson(command) };
}
