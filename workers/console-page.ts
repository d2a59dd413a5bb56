import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../config/package-root';
import { NightshiftError } from '../domain/errors';

/** The page for people as the build wrote it. Throws `internal` when it was not built. */
export function consolePage(): string {
  try {
    return readFileSync(join(packageRoot(), 'dist', 'console.html'), 'utf8');
  } catch (error) {
    throw new NightshiftError('internal', 'The console was not built: run `npm run build`.', [], { cause: error });
  }
}
