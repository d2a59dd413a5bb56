import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { NightshiftError } from '../../domain/errors';
import type { SealedTexts } from '../../ports/sealed';

/** Texts as files of a folder that can be read only and are never replaced; whoever owns the folder can take them away all the same. */
export function sealedFolder(folder: string): SealedTexts {
  const root = resolve(folder);
  return {
    name: folder,
    async seal(key, text) {
      await mkdir(root, { recursive: true });
      const path = join(root, key);
      const draft = join(root, `.${key}.${String(process.pid)}.draft`);
      await writeFile(draft, text, { mode: 0o444 });
      try {
        // It appears when it is whole, and only where nothing stands yet.
        await link(draft, path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        throw new NightshiftError('conflict', `${path} is there already; what is sealed is never replaced.`);
      } finally {
        await rm(draft, { force: true });
      }
    },
    async *all(prefix) {
      const names = await readdir(root).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      for (const key of names.filter((name) => name.startsWith(prefix)).sort()) {
        yield { key, name: join(folder, key), read: () => readFile(join(root, key), 'utf8') };
      }
    },
  };
}
