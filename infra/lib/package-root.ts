import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folder of this package, from its sources and from what is compiled. */
export const PACKAGE_ROOT = upTo(__dirname);

function upTo(folder: string): string {
  return existsSync(join(folder, 'cdk.json')) ? folder : upTo(dirname(folder));
}
