import type { ParseArgsConfig } from 'node:util';
import type { Logger } from 'pino';
import type { Environment } from '../config/types';

/** One of `npm run bench -- <name>`. */
export interface Benchmark {
  /** What it is and about how long it takes, for `--help`: one paragraph. */
  readonly about: string;
  /** Options of its own beside `--json`, as `parseArgs` of Node takes them. */
  readonly options?: NonNullable<ParseArgsConfig['options']>;
  /** Whether it starts a Temporal server of its own. */
  readonly temporal: boolean;
  run(bench: BenchRun): Promise<Outcome>;
}

/** What a benchmark is run with. */
export interface BenchRun {
  readonly options: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly env: Environment;
  /** The Temporal server's program; empty for a benchmark that takes none. */
  readonly program: string;
  readonly log: Logger;
  /** One line of progress for the person who waits. */
  readonly tell: (line: string) => void;
}

/** What was measured: for `--json`, and as a table for people. */
export interface Outcome {
  readonly result: object;
  readonly table: string;
  /** What was not reached, a sentence each: the benchmark fails then. */
  readonly failures?: readonly string[];
}
