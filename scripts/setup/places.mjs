import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Nightshift's folder among the user's caches; XDG_CACHE_HOME wins everywhere. */
export function cacheFolder(env, platform = process.platform) {
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'nightshift');
  const home = env.HOME || homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'nightshift');
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'nightshift', 'cache');
  return join(home, '.cache', 'nightshift');
}

/** Name of a program's file on this system. */
export function programName(name, platform = process.platform) {
  return platform === 'win32' ? `${name}.exe` : name;
}

/** Path of the first program of that name on the PATH, or undefined. */
export function findOnPath(name, env) {
  const path = env.PATH ?? env.Path ?? '';
  return path
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, programName(name)))
    .find(isProgram);
}

/** True for a file that may be run. */
export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
