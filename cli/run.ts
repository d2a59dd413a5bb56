import type { Command } from 'commander';
import type { ApiClient } from './client';
import { createClient } from './client';
import type { CliDeps } from './deps';
import { EXIT } from './exit-codes';
import { safeJson } from './render/safe-json';
import type { Style } from './render/style';
import { createStyle } from './render/style';

/** One run of the command line: what commands share, and the exit code that they leave. */
export interface Run {
  readonly deps: CliDeps;
  /** Colours for stdout. */
  readonly style: Style;
  /** Characters that a line on stdout may have; infinite in a pipe. */
  readonly width: number;
  exitCode: number;
  /** Client of the API, for the configuration file that the person named, if any. */
  client(command: Command): Promise<ApiClient>;
  /** Prints a command's result on stdout: the value as one JSON value where `--json` was given, else the text. */
  emit(command: Command, value: unknown, text: () => string): void;
  /** Tells the person something on stderr. */
  tell(text: string): void;
}

/** Begins a run. */
export function createRun(deps: CliDeps): Run {
  const { io } = deps;
  return {
    deps,
    style: createStyle(io.color && io.stdoutIsTty),
    width: io.stdoutIsTty ? io.columns : Infinity,
    exitCode: EXIT.ok,
    client: async (command) => createClient(await deps.clientSettings(configOf(command))),
    emit: (command, value, text) => {
      io.stdout.write(isJson(command) ? `${safeJson(value)}\n` : withBreak(text()));
    },
    tell: (text) => {
      io.stderr.write(withBreak(text));
    },
  };
}

/** Whether `--json` was given, before or after the command's name. */
export function isJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json === true;
}

/** The configuration file that the person named with `--config`. */
export function configOf(command: Command): string | undefined {
  return command.optsWithGlobals<{ config?: string }>().config;
}

/** Adds a command with the options that all have. */
export function leaf(parent: Command, usage: string, description: string): Command {
  return parent.command(usage).description(description).option('--json', 'print exactly one JSON value on stdout');
}

function withBreak(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
