import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Problem } from '../domain/errors';
import type { ServiceCatalogue } from '../domain/service-catalogue/entry';
import { readServiceCatalogue } from '../domain/service-catalogue/read';
import type { CatalogueFile } from '../domain/service-catalogue/read';
import { readText } from './files';
import { filesMatching, isPattern } from './glob';
import type { CatalogueSource } from './schema-catalogue';

const MOST_FILES = 2_000;
const MOST_BYTES = 16 * 1024 * 1024;

/** Reads the files of the service catalogue. Never throws; a named file that is not there is a problem, a pattern that fits none a warning. */
export function loadServiceCatalogue(source: CatalogueSource | undefined, base: string): ServiceCatalogue {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const paths = (source?.file ?? []).flatMap((path) => {
    const found = isPattern(path) ? filesMatching(path, base) : [resolve(base, path)];
    if (found.length === 0) warnings.push({ path: 'catalogue.file', message: `no file fits ${path}` });
    return found;
  });
  const files = [...new Set(paths)].slice(0, MOST_FILES);
  if (paths.length > MOST_FILES) problems.push({ path: 'catalogue.file', message: `names ${String(paths.length)} files; at most ${String(MOST_FILES)}` });
  const read = readServiceCatalogue(files.flatMap((file) => textOf(file, problems)));
  return { ...read, problems: [...problems, ...read.problems], warnings: [...warnings, ...read.warnings] };
}

function textOf(file: string, problems: Problem[]): CatalogueFile[] {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const read = size > MOST_BYTES ? { text: undefined, reason: `${file} is larger than ${String(MOST_BYTES)} bytes` } : readText(file);
  if (read.text !== undefined) return [{ file, text: read.text }];
  problems.push({ path: 'catalogue.file', message: read.reason });
  return [];
}
