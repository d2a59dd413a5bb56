import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { errorMessage } from '../domain/errors';
import type { Problem } from '../domain/errors';
import { BUILT_IN } from '../domain/runbook';
import type { RunbookSnapshot } from '../domain/runbook';
import { loadCatalogue } from '../domain/runbook-schema';
import { readText } from './files';

/** Runbooks that can be used, sorted by id, and what is wrong with the others. */
export interface Catalogue {
  readonly runbooks: readonly RunbookSnapshot[];
  readonly problems: readonly Problem[];
}

/** Reads the built-in runbooks of `root` and, beside them, a team's own in `directory`. Never throws: problems name the file. */
export function readCatalogue(folders: { readonly root: string; readonly directory?: string | undefined }): Catalogue {
  const own = folders.directory === undefined ? { files: [], problems: [] } : filesIn(folders.directory, 'runbooks.directory');
  const builtIn = filesIn(join(folders.root, 'runbooks'), 'built-in runbooks');
  const read = readRunbooks([...builtIn.files, ...own.files], (file) => (builtIn.files.includes(file) ? BUILT_IN : `directory:${basename(file)}`));
  return { runbooks: read.runbooks, problems: [...builtIn.problems, ...own.problems, ...read.problems] };
}

/** Reads the given runbook files; `originOf` says where each is from. Never throws. */
export function readRunbooks(files: readonly string[], originOf?: (file: string) => string): Catalogue {
  const read = files.map((file) => ({ file, found: readText(file) }));
  const unreadable = read.flatMap(({ file, found }) => (found.text === undefined ? [{ path: file, message: found.reason }] : []));
  const texts = read.flatMap(({ file, found }) => (found.text === undefined ? [] : [{ file, text: found.text, ...(originOf && { origin: originOf(file) }) }]));
  const loaded = loadCatalogue(texts);
  return { runbooks: loaded.runbooks, problems: [...unreadable, ...loaded.problems] };
}

function filesIn(folder: string, path: string): { files: readonly string[]; problems: readonly Problem[] } {
  try {
    const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
    return { files: names.sort().map((name) => join(folder, name)), problems: [] };
  } catch (error) {
    return { files: [], problems: [{ path, message: `the folder ${folder} cannot be read: ${errorMessage(error)}` }] };
  }
}
