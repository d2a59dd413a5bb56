import { parseArgs } from 'node:util';
import pino from 'pino';
import { processEnvironment, temporalProgram } from '../config/environment';
import { errorMessage, NightshiftError } from '../domain/errors';
import { installRuntime } from '../workers/system';
import type { Benchmark, BenchRun } from './benchmark';
import { BENCHMARKS } from './registry';

function usage(): string {
  const indented = (about: string): string => about.replaceAll('\n', '\n      ');
  const each = Object.entries(BENCHMARKS).map(([name, { about }]) => `  ${name}\n      ${indented(about)}\n`);
  return `Usage: npm run bench -- <name> [options] [--json]\n\n${each.join('\n')}\n  --json\n      One object on stdout instead of a table on stderr; bench/README.md says what its fields are.\n`;
}

async function main(args: readonly string[]): Promise<number> {
  const name = args.find((arg) => !arg.startsWith('-')) ?? '';
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usage());
    return 0;
  }
  const benchmark = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
  if (!benchmark) return refuse(name === '' ? 'Name a benchmark.' : `There is no benchmark ${name}.`);
  const options = optionsOf(
    benchmark,
    args.filter((arg, i) => i !== args.indexOf(name)),
  );
  if (typeof options === 'string') return refuse(options);
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  const { result, table, failures = [] } = await benchmark.run({ options, tell, ...settings(benchmark) });
  if (options['json'] === true) process.stdout.write(`${JSON.stringify(result)}\n`);
  else process.stderr.write(table);
  failures.forEach(tell);
  return failures.length > 0 ? 1 : 0;
}

function refuse(why: string): number {
  process.stderr.write(`${why}\n\n${usage()}`);
  return 2;
}

/** The options, or a sentence about what is wrong with them. */
function optionsOf(benchmark: Benchmark, args: string[]): BenchRun['options'] | string {
  try {
    return parseArgs({ args, options: { ...benchmark.options, json: { type: 'boolean' } } }).values;
  } catch (error) {
    return errorMessage(error);
  }
}

function settings(benchmark: Benchmark): Pick<BenchRun, 'env' | 'program' | 'log'> {
  const env = processEnvironment();
  const log = pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true }));
  if (!benchmark.temporal) return { env, program: '', log };
  const program = temporalProgram(env);
  if (program === undefined) throw new NightshiftError('unreachable', 'There is no Temporal server program: use `npm run bench`, which finds or gets it.');
  installRuntime(log);
  return { env, program, log };
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    const problems = error instanceof NightshiftError ? error.problems.map((p) => `  ${p.path}: ${p.message}`) : [];
    process.stderr.write(`${[errorMessage(error), ...problems].join('\n')}\n`);
    process.exitCode = error instanceof NightshiftError && error.code === 'unreachable' ? 3 : 1;
  },
);
