import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from './package-root';

/** Version of this build, from its package.json. */
export function buildVersion(): string {
  return versionIn(packageRoot());
}

/** Version of an installed package. */
export function packageVersion(name: string): string {
  return versionIn(join(packageRoot(), 'node_modules', name));
}

function versionIn(folder: string): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).version;
}
