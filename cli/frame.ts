import { Command, CommanderError } from 'commander';
import type { NightshiftError } from '../domain/errors';
import { ERRORS, errorCode, errorMessage } from '../domain/errors';
import { plainText } from '../domain/plain-text';
import type { CliDeps, CliIo } from './deps';
import { EXIT, exitCodeOf } from './exit-codes';
import { safeJson } from './render/safe-json';

const EXIT_CODES = '\nExit codes: 0 ok, 1 failed, 2 usage, 3 unreachable, 4 refused.';

/** The command line without a command: what all share. It never ends the process: usage errors are thrown as commander's own. */
export function programFrame({ io, version }: Pick<CliDeps, 'io' | 'version'>): Command {
  return new Command('nightshift')
    .description('One durable incident, from a live failure to a proven fix.')
    .version(version)
    .option('--json', 'print exactly one JSON value on stdout')
    .option('--config <file>', 'the configuration file')
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('(add --help for what can be given)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => (io.stdoutIsTty ? io.columns : 100),
      getErrHelpWidth: () => (io.stderrIsTty ? io.columns : 100),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
}

/** Tells what went wrong on stderr and returns the exit code. Commander has told its own errors already; with `--json` stdout holds one JSON value even then. */
export function reportFailure(io: CliIo, error: unknown, json: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    if (json) io.stdout.write(`${safeJson({ error: { code: 'invalid_input', message: error.message, problems: [] } })}\n`);
    return EXIT.usage;
  }
  const code = errorCode(error) ?? 'internal';
  const problems = errorCode(error) === undefined ? [] : (error as NightshiftError).problems;
  if (json) io.stdout.write(`${safeJson({ error: { code, message: errorMessage(error), problems } })}\n`);
  io.stderr.write(
    [
      `nightshift: ${plainText(errorMessage(error))}`,
      ...problems.map((p) => `  ${plainText(p.path === '' ? p.message : `${p.path}: ${p.message}`)}`),
      `  (${code}: ${ERRORS[code].title})\n`,
    ].join('\n'),
  );
  return exitCodeOf(error);
}
