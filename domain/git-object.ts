import { createHash } from 'node:crypto';

/** An entry of a git tree as the API of GitHub lists it: modes have six digits, and `sha` is the id of what it names. */
export interface GitEntry {
  readonly path: string;
  readonly mode: string;
  readonly sha: string;
}

/** Id that git gives a content: SHA-1 over kind, length and bytes, 40 hex characters. https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export function gitObjectId(kind: 'blob' | 'tree', content: Uint8Array): string {
  return createHash('sha1')
    .update(`${kind} ${String(content.byteLength)}\0`)
    .update(content)
    .digest('hex');
}

/** Id of the tree with these entries, in the order in which git has them. */
export function gitTreeId(entries: readonly GitEntry[]): string {
  // Git writes the mode of a folder with five digits.
  const parts = entries.flatMap(({ path, mode, sha }) => [Buffer.from(`${mode.replace(/^0+/, '')} ${path}\0`), Buffer.from(sha, 'hex')]);
  return gitObjectId('tree', Buffer.concat(parts));
}
