import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../../config/package-root';

/** A release that does what another one does, under another number. */
export interface ReleaseCopy {
  readonly of: string;
  readonly as: string;
}

/** A copy of the practice service's releases in a folder, with more that are like others. Returns the folder of the releases. */
export async function releasesWith(dir: string, copies: readonly ReleaseCopy[]): Promise<string> {
  const own = join(dir, 'bookshop');
  const releases = join(own, 'releases');
  await cp(join(packageRoot(), 'examples', 'bookshop'), own, { recursive: true });
  for (const { of, as } of copies) {
    await cp(join(releases, of), join(releases, as), { recursive: true });
    const file = join(releases, as, 'server.mjs');
    await writeFile(file, (await readFile(file, 'utf8')).replace(`'${of}'`, `'${as}'`));
  }
  return releases;
}
