import pino from 'pino';
import { processEnvironment, temporalProgram } from '../config/environment';
import { errorMessage, NightshiftError } from '../domain/errors';
import { installRuntime } from '../workers/system';
import { benchIncidents } from './incidents';
import { incidentsTable } from './table';

const USAGE = `Usage: npm run bench -- <name> [--json]

  incidents   Priced incidents (1 firing, 1 repeated and 1 resolved alert, approved by update, one step,
              measured, not watched) against a bare workflow with one activity that does nothing, on one
              server of their own, in 5 interleaved pairs. About 3 minutes.

  --json      One object on stdout: pairs (the figures of each pair), incidentsPerSecond, p50Ms, p95Ms,
              eventsPerIncident, actionsPerIncident, bareWorkflowsPerSecond, ratio (medians of the pairs).
`;

async function main(args: readonly string[]): Promise<number> {
  const names = args.filter((arg) => !arg.startsWith('-'));
  const unknown = args.filter((arg) => arg.startsWith('-') && !['--json', '--help', '-h'].includes(arg));
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (names.length !== 1 || names[0] !== 'incidents' || unknown.length > 0) {
    const what =
      unknown.length > 0 ? `There is no option ${unknown.join(' ')}.` : names.length === 0 ? 'Name a benchmark.' : `There is no benchmark ${names.join(' ')}.`;
    process.stderr.write(`${what}\n\n${USAGE}`);
    return 2;
  }
  const program = temporalProgram(processEnvironment());
  if (program === undefined) throw new NightshiftError('unreachable', 'There is no Temporal server program: use `npm run bench`, which finds or gets it.');
  const log = pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true }));
  installRuntime(log);
  const result = await benchIncidents({ program, log, tell: (line) => process.stderr.write(`${line}\n`) });
  if (args.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`);
  else process.stderr.write(incidentsTable(result));
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    const problems = error instanceof NightshiftError ? error.problems.map((p) => `  ${p.path}: ${p.message}`) : [];
    process.stderr.write(`${[errorMessage(error), ...problems].join('\n')}\n`);
    process.exitCode = error instanceof NightshiftError && error.code === 'unreachable' ? 3 : 1;
  },
);
