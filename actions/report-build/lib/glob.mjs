import { readdirSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/** Folders that are looked into at most. */
const MOST_FOLDERS = 20_000;
/** Folders that hold what others made, unless a glob names them. */
const PASSED_OVER = ['node_modules', '.git'];

/** Files below `root` that fit one of the globs and none of those with `!` before them, sorted. `**` is any number of folders, `*` and `?` stay within one, `{a,b}` is one of some. Links are not followed. */
export function filesOf(globs, root) {
  const wanted = globs.filter((glob) => !glob.startsWith('!')).map((glob) => patternOf(inside(glob, root)));
  const unwanted = globs.filter((glob) => glob.startsWith('!')).map((glob) => patternOf(inside(glob.slice(1), root)));
  const named = PASSED_OVER.filter((folder) => globs.some((glob) => glob.split(/[\\/]/).includes(folder)));
  const found = [];
  let looked = 0;
  const queue = [''];
  while (queue.length > 0 && (looked += 1) <= MOST_FOLDERS) {
    const folder = queue.shift();
    for (const entry of entriesOf(join(root, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && (!PASSED_OVER.includes(entry.name) || named.includes(entry.name))) queue.push(path);
      if (entry.isFile() && wanted.some((each) => each.test(path)) && !unwanted.some((each) => each.test(path))) found.push(path);
    }
  }
  return found.sort();
}

/** The glob seen from the root, with slashes. */
function inside(glob, root) {
  const path = isAbsolute(glob) ? relative(resolve(root), glob) : glob;
  return path
    .split(sep)
    .join('/')
    .replace(/^(?:\.\/)+/, '');
}

const SPECIAL = /\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[.+^$()|[\]\\{}]/g;
const MEANING = { '**/': '(?:[^/]+/)*', '**': '.*', '*': '[^/]*', '?': '[^/]' };

function patternOf(glob) {
  const literal = (text) => text.replace(/[.+^$()|[\]\\{}*?]/g, '\\$&');
  const source = glob.replace(SPECIAL, (found) => {
    if (MEANING[found] !== undefined) return MEANING[found];
    if (found.length === 1) return `\\${found}`;
    return `(?:${found.slice(1, -1).split(',').map(literal).join('|')})`;
  });
  return new RegExp(`^${source}$`);
}

function entriesOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
