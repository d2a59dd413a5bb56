import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Objects } from '../../ports/objects';

/** Texts under keys as files of a folder, which comes to be with the first; a file appears when it is whole. */
export function objectFolder(folder: string): Objects {
  const root = resolve(folder);
  return {
    name: folder,
    async put(key, text) {
      const path = join(root, key);
      await mkdir(dirname(path), { recursive: true });
      const draft = `${path}.${String(process.pid)}.draft`;
      await writeFile(draft, text);
      await rename(draft, path);
    },
    async get(key) {
      return readFile(join(root, key), 'utf8').catch(noneWhenMissing);
    },
    async *keys(prefix) {
      const names = (await readdir(join(root, prefix), { recursive: true, withFileTypes: true }).catch(noneWhenMissing)) ?? [];
      const keys = names.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name).slice(root.length + 1));
      yield* keys.map((key) => key.split(sep).join('/')).sort();
    },
  };
}

function noneWhenMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
