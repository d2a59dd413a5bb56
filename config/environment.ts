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
