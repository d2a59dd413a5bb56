import type { RunbookSnapshot } from '../domain/runbook';
import { readCatalogue } from './catalogue';
import { programProblems } from './command-checks';
import { deepFreeze } from './deep-freeze';
import { inspectConfig, invalidConfig } from './load';
import type { LoadOptions } from './load';
import type { NightshiftConfig } from './types';

/** The configuration with the catalogue that its rules speak of. */
export interface Startup {
  readonly config: NightshiftConfig;
  readonly catalogue: readonly RunbookSnapshot[];
}

/** Loads configuration and catalogue together, `root` being Nightshift's own folder. Throws one `invalid_config` with the problems of both. */
export function loadStartup(options: Omit<LoadOptions, 'runbookIds'> & { readonly root: string }): Startup {
  const { config, problems } = inspectConfig({ ...options, runbookIds: (directory) => idsOf(readCatalogue({ root: options.root, directory }).runbooks) });
  const catalogue = readCatalogue({ root: options.root, directory: config.runbooks.directory });
  const all = [...problems, ...catalogue.problems];
  if (all.length > 0) throw invalidConfig(config.file ?? 'the environment', all);
  return deepFreeze({ config, catalogue: catalogue.runbooks });
}

/** The same, where every program that the configuration names is there; throws `invalid_config` with those that are not. */
export function withPrograms(startup: Startup): Startup {
  const problems = programProblems(startup.config);
  if (problems.length > 0) throw invalidConfig(startup.config.file ?? 'the environment', problems);
  return startup;
}

function idsOf(runbooks: readonly RunbookSnapshot[]): string[] {
  return runbooks.map((each) => each.runbook.id);
}
