import { readFileSync } from 'node:fs';
import { errorMessage } from '../domain/errors';

/** Text of a file, or in plain words why it could not be read. */
export type FileText = { readonly text: string; readonly missing: false } | { readonly text: undefined; readonly missing: boolean; readonly reason: string };

/** Reads a file as UTF-8; never throws. */
export function readText(path: string): FileText {
  try {
    return { text: readFileSync(path, 'utf8'), missing: false };
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { text: undefined, missing: true, reason: `there is no file ${path}` };
    if (code === 'EACCES' || code === 'EPERM') return { text: undefined, missing: false, reason: `the file ${path} may not be read by this user` };
    if (code === 'EISDIR') return { text: undefined, missing: false, reason: `${path} is a folder, not a file` };
    return { text: undefined, missing: false, reason: `the file ${path} cannot be read: ${errorMessage(error)}` };
  }
}
