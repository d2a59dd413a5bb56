import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../config/types';

/** Folder among the user's caches where a program that we are compared with is kept. */
export function peerFolder(env: Environment, name: string): string {
  const cache = env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache');
  return join(cache, 'nightshift', 'peers', name);
}
