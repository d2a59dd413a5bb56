import { digestOf } from './digest';
import type { Problem } from './errors';
import { gitObjectId } from './git-object';
import type { Runbook, RunbookSnapshot } from './runbook';
import { originOf } from './runbook-origin';
import { loadCatalogue } from './runbook-schema';

/** Folder of a repository that runbooks are read from, at whatever commit the ref names. */
export interface RunbookPlace {
  /** `owner/name`. */
  readonly repository: string;
  /** Branch, tag or commit. */
  readonly ref: string;
  /** From the root of the repository; empty for the root itself. */
  readonly path: string;
  /** Address of the API, without a slash at its end. */
  readonly url: string;
}

/** A file of a commit with the id that git gives its bytes. */
export interface RepositoryFile {
  readonly path: string;
  readonly sha: string;
  readonly text: string;
}

/** What is known of a repository with runbooks, for people. Times are ISO 8601. */
export interface RepositoryView {
  readonly repository: string;
  readonly ref: string;
  readonly path: string;
  /** Commit whose runbooks are in use; absent for none. */
  readonly commit?: string;
  /** When it was last asked which commit the ref names. */
  readonly checkedAt?: string;
  /** It cannot be read since. */
  readonly failing?: { readonly since: string; readonly why: string };
  /** The commit that the ref names cannot be used. */
  readonly refused?: { readonly commit: string; readonly at: string; readonly problems: readonly Problem[] };
}

/** Names a place, so that what was read of one is not taken for another's. */
export function placeName({ url, repository, ref, path }: RunbookPlace): string {
  return `${url} ${repository} ${ref} ${path}`;
}

/** The runbooks of one commit, which are good together and beside `others`; with any problem there are none. Problem paths name the file at its commit. */
export function catalogueAt(
  { repository, commit }: { readonly repository: string; readonly commit: string },
  files: readonly RepositoryFile[],
  others: readonly RunbookSnapshot[],
): { readonly runbooks: readonly RunbookSnapshot[]; readonly problems: readonly Problem[] } {
  const altered = files
    .filter(({ sha, text }) => gitObjectId('blob', Buffer.from(text, 'utf8')) !== sha)
    .map(({ path, sha }) => ({ path: originOf(repository, commit, path), message: `is not what the commit names: its bytes do not give ${sha}` }));
  const texts = files.map(({ path, text }) => ({ file: originOf(repository, commit, path), text, origin: originOf(repository, commit, path) }));
  const read = loadCatalogue(texts, others);
  const problems = [...altered, ...read.problems];
  return { runbooks: problems.length > 0 ? [] : read.runbooks, problems };
}

/** Rules of policy that name a runbook which is none of `ids`, and so match nothing; `say` gives the words for one. */
export function unmatchedRules(rules: readonly { readonly runbook?: string }[], ids: readonly string[], say: (id: string) => string): Problem[] {
  return rules.flatMap(({ runbook }, i) =>
    runbook === undefined || runbook === '*' || ids.includes(runbook) ? [] : [{ path: `policy.rules.${String(i)}.runbook`, message: say(runbook) }],
  );
}

/** What changed from one catalogue to the next, as a sentence without its end: `added a; changed b; removed c`. */
export function catalogueChange(before: readonly RunbookSnapshot[], after: readonly RunbookSnapshot[]): string {
  const hashes = (list: readonly RunbookSnapshot[]): Map<string, string> => new Map(list.map(({ hash, runbook }) => [runbook.id, hash]));
  const [old, now] = [hashes(before), hashes(after)];
  const named = (what: string, ids: readonly string[]): string[] => (ids.length === 0 ? [] : [`${what} ${ids.join(', ')}`]);
  const parts = [
    ...named(
      'added',
      [...now.keys()].filter((id) => !old.has(id)),
    ),
    ...named(
      'changed',
      [...now].filter(([id, hash]) => old.has(id) && old.get(id) !== hash).map(([id]) => id),
    ),
    ...named(
      'removed',
      [...old.keys()].filter((id) => !now.has(id)),
    ),
  ];
  return parts.length === 0 ? 'nothing changed' : parts.join('; ');
}

/** Whether a snapshot's content still gives the hash that it is kept under. */
export function isIntact({ hash, runbook }: { readonly hash: string; readonly runbook: Runbook }): boolean {
  return digestOf(runbook) === hash;
}
