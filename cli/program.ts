import type { Command } from 'commander';
import { addArchiveCommands } from './commands/archive';
import { addAuditCommands } from './commands/audit';
import { addAutonomyCommands } from './commands/autonomy';
import { addBackupCommands } from './commands/backup';
import { addBuildCommands } from './commands/build';
import { addCatalogueCommands } from './commands/catalogue';
import { addConfigCommands } from './commands/config';
import { addCorrelateCommands } from './commands/correlate';
import { addDataCommands } from './commands/data';
import { addDetectCommand } from './commands/detect';
import { addFeedbackCommand } from './commands/feedback';
import { addForecastCommand } from './commands/forecast';
import { addHaltCommands } from './commands/halt';
import { addHealthCommand } from './commands/health';
import { addIncidentCommands } from './commands/incident';
import { addIngestCommands } from './commands/ingest';
import { addKeyCommands } from './commands/keys';
import { addLaunchCommands } from './commands/launch';
import { addLookbackCommand } from './commands/lookback';
import { addPolicyCommands } from './commands/policy';
import { addRedactCommand } from './commands/redact';
import { addReplayCommand } from './commands/replay';
import { addRunbookCommands } from './commands/runbook';
import { addShadowCommand } from './commands/shadow';
import { addSilenceCommands } from './commands/silence';
import type { CliDeps } from './deps';
import { programFrame, reportFailure } from './frame';
import type { Run } from './run';
import { createRun } from './run';

/** The command line as a commander program. It never ends the process: usage errors are thrown as commander's own, others as ours. */
export function buildProgram(deps: CliDeps, run: Run = createRun(deps)): Command {
  const program = programFrame(deps);
  addLaunchCommands(program, run);
  addIncidentCommands(program, run);
  addIngestCommands(program, run);
  addBuildCommands(program, run);
  addHealthCommand(program, run);
  addCatalogueCommands(program, run);
  addRunbookCommands(program, run);
  addPolicyCommands(program, run);
  addAutonomyCommands(program, run);
  addReplayCommand(program, run);
  addShadowCommand(program, run);
  addConfigCommands(program, run);
  addKeyCommands(program, run);
  addHaltCommands(program, run);
  addDetectCommand(program, run);
  addFeedbackCommand(program, run);
  addDataCommands(program, run);
  addArchiveCommands(program, run);
  addSilenceCommands(program, run);
  addCorrelateCommands(program, run);
  addAuditCommands(program, run);
  addBackupCommands(program, run);
  addForecastCommand(program, run);
  addLookbackCommand(program, run);
  addRedactCommand(program, deps.io);
  return program;
}

/** Runs the command line and returns the exit code. `argv` holds the arguments alone, without node and the script. */
export async function runCli(deps: CliDeps, argv: readonly string[]): Promise<number> {
  const run = createRun(deps);
  try {
    await buildProgram(deps, run).parseAsync([...argv], { from: 'user' });
    return run.exitCode;
  } catch (error) {
    return reportFailure(deps.io, error, argv.includes('--json'));
  }
}
