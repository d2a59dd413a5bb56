import { Command, CommanderError } from 'commander';
import type { NightshiftError } from '../domain/errors';
import { ERRORS, errorCode, errorMessage } from '../domain/errors';
import { plainText } from '../domain/plain-text';
import { addAuditCommands } from './commands/audit';
import { addBackupCommands } from './commands/backup';
import { addBuildCommands } from './commands/build';
import { addCatalogueCommands } from './commands/catalogue';
import { addConfigCommands } from './commands/config';
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
import { addRunbookCommands } from './commands/runbook';
import { addSilenceCommands } from './commands/silence';
import type { CliDeps } from './deps';
import { EXIT, exitCodeOf } from './exit-codes';
import { safeJson } from './render/safe-json';
import type { Run } from './run';
import { createRun } from './run';

const EXIT_CODES = '\nExit codes: 0 ok, 1 failed, 2 usage, 3 unreachable, 4 refused.';

/** The command line as a commander program. It never ends the process: usage errors are thrown as commander's own, others as ours. */
export function buildProgram(deps: CliDeps, run: Run = createRun(deps)): Command {
  const program = new Command('nightshift')
    .description('One durable incident, from a live failure to a proven fix.')
    .version(deps.version)
    .option('--json', 'print exactly one JSON value on stdout')
    .option('--config <file>', 'the configuration file')
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('(add --help for what can be given)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => deps.io.stdout.write(text),
      writeErr: (text) => deps.io.stderr.write(text),
      getOutHelpWidth: () => (deps.io.stdoutIsTty ? deps.io.columns : 100),
      getErrHelpWidth: () => (deps.io.stderrIsTty ? deps.io.columns : 100),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  addLaunchCommands(program, run);
  addIncidentCommands(program, run);
  addIngestCommands(program, run);
  addBuildCommands(program, run);
  addHealthCommand(program, run);
  addCatalogueCommands(program, run);
  addRunbookCommands(program, run);
  addPolicyCommands(program, run);
  addConfigCommands(program, run);
  addKeyCommands(program, run);
  addHaltCommands(program, run);
  addDetectCommand(program, run);
  addFeedbackCommand(program, run);
  addDataCommands(program, run);
  addSilenceCommands(program, run);
  addAuditCommands(program, run);
  addBackupCommands(program, run);
  addForecastCommand(program, run);
  addLookbackCommand(program, run);
  return program;
}

/** Runs the command line and returns the exit code. `argv` holds the arguments alone, without node and the script. */
export async function runCli(deps: CliDeps, argv: readonly string[]): Promise<number> {
  const run = createRun(deps);
  try {
    await buildProgram(deps, run).parseAsync([...argv], { from: 'user' });
    return run.exitCode;
  } catch (error) {
    return report(run, error, argv.includes('--json'));
  }
}

/** Commander has already told its own errors on stderr. With `--json` stdout holds one JSON value even then. */
function report(run: Run, error: unknown, json: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    if (json) run.deps.io.stdout.write(`${safeJson({ error: { code: 'invalid_input', message: error.message, problems: [] } })}\n`);
    return EXIT.usage;
  }
  const code = errorCode(error) ?? 'internal';
  const problems = errorCode(error) === undefined ? [] : (error as NightshiftError).problems;
  if (json) run.deps.io.stdout.write(`${safeJson({ error: { code, message: errorMessage(error), problems } })}\n`);
  run.tell(
    [
      `nightshift: ${plainText(errorMessage(error))}`,
      ...problems.map((p) => `  ${plainText(p.path === '' ? p.message : `${p.path}: ${p.message}`)}`),
      `  (${code}: ${ERRORS[code].title})`,
    ].join('\n'),
  );
  return exitCodeOf(error);
}
