import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { argumentProblems, COMMANDS } from '../domain/command-hands';
import type { Problem } from '../domain/errors';
import { targetId } from '../domain/inventory';
import type { Service } from '../domain/inventory';
import type { NightshiftConfig } from './types';

/** What does not fit together in the commands of a service. */
export function commandProblems(service: Service, path: string): Problem[] {
  if (service.hands?.kind !== 'commands') return [];
  const { commands } = service.hands;
  const at = `${path}.hands.commands`;
  const problems = COMMANDS.flatMap((name) => (commands[name] ? argumentProblems(name, commands[name], `${at}.${name}`) : []));
  if (COMMANDS.every((name) => commands[name] === undefined)) problems.push({ path: at, message: `holds no command; give some of ${COMMANDS.join(', ')}` });
  if (commands.deploy && !commands.current) problems.push({ path: `${at}.deploy`, message: 'cannot be confirmed without the command current; add it' });
  if (commands.restart && !commands.current && !service.metrics) {
    problems.push({ path: `${at}.restart`, message: 'cannot be confirmed: add the command current, or metrics.url, which tells when the process began' });
  }
  return problems;
}

/**
 * Programs and folders of commands that are not there on this machine. Looked at where commands will run or a person asks (start, `config check`, `doctor`), not at every reading of the
 * configuration.
 */
export function programProblems(config: NightshiftConfig): Problem[] {
  return config.services.flatMap((service, i) => {
    const { hands } = service;
    if (hands?.kind !== 'commands') return [];
    const at = `services.${i}.hands`;
    if (!isFolder(hands.directory)) return [{ path: `${at}.directory`, message: `there is no folder ${hands.directory}` }];
    const searched = config.commandEnvironments[targetId(hands.target)]?.variables['PATH'] ?? '';
    return COMMANDS.flatMap((name) => {
      const program = hands.commands[name]?.[0];
      if (program === undefined || findProgram(program, hands.directory, searched) !== undefined) return [];
      const where = program.includes('/')
        ? `${resolve(hands.directory, program)} is not there, or may not be executed`
        : `there is no program ${program} in PATH (${searched})`;
      return [{ path: `${at}.commands.${name}.0`, message: where }];
    });
  });
}

function findProgram(program: string, directory: string, path: string): string | undefined {
  const places = program.includes('/')
    ? [resolve(directory, program)]
    : path
        .split(':')
        .filter(isAbsolute)
        .map((folder) => join(folder, program));
  return places.find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
