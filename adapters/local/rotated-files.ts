import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What rotation puts at the end of a name: a number, or a date with or without a time; and `.gz` once it is packed. */
const ROTATED = /^[.-](\d{1,4}|\d{4}-?\d\d-?\d\d([-T_.]?\d{2,6})?)(\.gz)?$/;

/** Files that a log was rotated into, the one written last first. A folder that cannot be read has none. */
export async function rotatedFiles(file: string): Promise<readonly string[]> {
  const folder = dirname(file);
  const names = await readdir(folder).catch(() => []);
  const own = names.filter((name) => name.startsWith(basename(file)) && ROTATED.test(name.slice(basename(file).length)));
  const dated = await Promise.all(
    own.map(async (name) => {
      const path = join(folder, name);
      const found = await stat(path).catch(() => undefined);
      return { path, at: found?.isFile() ? found.mtimeMs : -1 };
    }),
  );
  return dated
    .filter(({ at }) => at >= 0)
    .sort((a, b) => b.at - a.at || a.path.localeCompare(b.path, 'en', { numeric: true }))
    .map(({ path }) => path);
}
