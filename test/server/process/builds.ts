import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../config/package-root';

/** Changes of source files, by path from the root. */
export type Changes = Readonly<Record<string, (source: string) => string>>;

const LEFT_OUT = ['node_modules', '.git', 'test', 'dist', '.nightshift', 'coverage', 'secrets'];

/** Another build: a copy of this one in a new folder in which files were changed, compiled and bundled. Throws where a change changes nothing. */
export function changedBuild(folder: string, changes: Changes): string {
  const root = packageRoot();
  mkdirSync(join(folder, 'dist'), { recursive: true });
  for (const name of readdirSync(root).filter((each) => !LEFT_OUT.includes(each))) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  // The empty database that first starts copy takes long to make, and is the same.
  for (const name of readdirSync(join(root, 'dist')).filter((each) => /^empty-store-[^/]*\d$/.test(each))) {
    symlinkSync(join(root, 'dist', name), join(folder, 'dist', name));
  }
  for (const [path, change] of Object.entries(changes)) {
    const source = readFileSync(join(folder, path), 'utf8');
    const changed = change(source);
    if (changed === source) throw new Error(`the change of ${path} changes nothing`);
    writeFileSync(join(folder, path), changed);
  }
  const script = `import { build } from './scripts/setup/build.mjs'; await build({ root: process.cwd(), log: { line: () => undefined } });`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: folder, stdio: 'pipe' });
  return folder;
}
