import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Environment } from './types';

/** What a terminal should know of the environment. */
export interface TerminalSettings {
  /** NO_COLOR is set to anything. */
  readonly noColor: boolean;
}

/** The variables of this process, copied; the one place that reads them. */
export function processEnvironment(): Environment {
  return { ...process.env };
}

/** Reads NO_COLOR, which counts when it is not empty. */
export function terminalSettings(env: Environment): TerminalSettings {
  return { noColor: (env['NO_COLOR'] ?? '') !== '' };
}

/** Whether the environment names a running Temporal server. */
export function sharedTemporal(env: Environment): boolean {
  return (env['TEMPORAL_ADDRESS']?.trim() ?? '') !== '';
}

/** Path of the Temporal server program that set-up found, or undefined. */
export function temporalProgram(env: Environment): string | undefined {
  const path = env['NIGHTSHIFT_TEMPORAL_CLI']?.trim();
  return path === '' ? undefined : path;
}

/** Folder for what a person's commands keep between two runs: `$XDG_STATE_HOME/nightshift`, else `~/.local/state/nightshift`. https://specifications.freedesktop.org/basedir-spec/latest/ */
export function stateFolder(env: Environment): string {
  const named = env['XDG_STATE_HOME'] ?? '';
  const home = env['HOME'] ?? homedir();
  return join(isAbsolute(named) ? named : join(home, '.local', 'state'), 'nightshift');
}
