import { readdirSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { isAbsolute, join, parse, resolve, sep } from 'node:path';

/** Folders below the first that `**` looks into. */
const DEEPEST = 12;
/** Never holds what a team wrote itself. */
const PASSED_OVER: ReadonlySet<string> = new Set(['node_modules', '.git']);

/** True for a path in which `*` or `?` stand for other characters. */
export function isPattern(path: string): boolean {
  return /[*?]/.test(path);
}

/** Files that fit a pattern, sorted: `*` and `?` are characters within a name, `**` any number of folders. Folders that cannot be read hold none. */
export function filesMatching(pattern: string, base: string): readonly string[] {
  const whole = isAbsolute(pattern) ? pattern : resolve(base, '.') + sep + pattern;
  const { root } = parse(whole);
  const parts = whole
    .slice(root.length)
    .split(/[\\/]/)
    .filter((part) => part !== '' && part !== '.');
  return [...new Set(search(root, parts, DEEPEST))].sort();
}

function search(folder: string, [first, ...rest]: readonly string[], depth: number): string[] {
  if (first === undefined) return [];
  if (first === '**') {
    const below = depth > 0 ? entriesOf(folder).filter((each) => each.isDirectory() && !PASSED_OVER.has(each.name)) : [];
    return [...search(folder, rest, depth), ...below.flatMap((each) => search(join(folder, each.name), ['**', ...rest], depth - 1))];
  }
  if (!isPattern(first) && rest.length > 0) return search(join(folder, first), rest, depth);
  const fits = matcher(first);
  const found = entriesOf(folder).filter((each) => fits.test(each.name));
  if (rest.length === 0) return found.filter((each) => each.isFile() || each.isSymbolicLink()).map((each) => join(folder, each.name));
  return found.filter((each) => each.isDirectory()).flatMap((each) => search(join(folder, each.name), rest, depth));
}

function matcher(part: string): RegExp {
  const escaped = part
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  // As a shell does: a hidden file is only meant by a pattern that begins with a dot.
  return new RegExp(`^${part.startsWith('.') ? '' : '(?!\\.)'}${escaped}$`);
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
