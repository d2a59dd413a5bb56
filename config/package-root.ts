import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NightshiftError } from '../domain/errors';

/** The folder of Nightshift itself, found upward from `from`: by its built-in runbooks, whether it runs from source or from `dist`. Throws `internal` when there is none. */
export function packageRoot(from: string = __dirname): string {
  if (existsSync(join(from, 'package.json')) && existsSync(join(from, 'runbooks'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new NightshiftError('internal', 'The folder of Nightshift with its runbooks was not found; install it again.');
  return packageRoot(parent);
}
