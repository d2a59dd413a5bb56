import type { Environment } from './types';

/** What a terminal should know of the environment. */
export interface TerminalSettings {
  /** NO_COLOR is set to anything. */
  readonly noColor: boolean;
  /** Runs in continuous integration. */
  readonly ci: boolean;
}

/** The variables of this process, copied; the one place that reads them. */
export function processEnvironment(): Environment {
  return { ...process.env };
}

/** NO_COLOR and CI; `CI=false` and `CI=0` mean no. */
export function terminalSettings(env: Environment): TerminalSettings {
  const ci = env['CI'] ?? '';
  return { noColor: (env['NO_COLOR'] ?? '') !== '', ci: !['', '0', 'false'].includes(ci.toLowerCase()) };
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
