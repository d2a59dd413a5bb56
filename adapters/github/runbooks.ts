import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { errorCode, errorMessage, NightshiftError } from '../../domain/errors';
import type { Problem } from '../../domain/errors';
import { gitObjectId, gitTreeId } from '../../domain/git-object';
import type { GitEntry } from '../../domain/git-object';
import type { RepositoryFile, RunbookPlace } from '../../domain/runbook-source';
import { originOf } from '../../domain/runbook-origin';
import type { KnownHead, RepositoryReading, RunbookRepository } from '../../ports/runbooks';
import { askGithub } from './api';
import type { GithubApiOptions } from './api';

/** More is no folder of runbooks: files, bytes of one and of all, bytes of the listing of a folder, and of what else is answered. */
const LIMITS = { files: 200, fileBytes: 64 * 1024, allBytes: 2 * 1024 * 1024, listingBytes: 4 * 1024 * 1024, wordBytes: 1024 * 1024 } as const;
/** Files that are asked for at the same time. */
const AT_ONCE = 4;
const FOLDER = '040000';
const FILES: readonly string[] = ['100644', '100755'];

const objectId = z.string().regex(/^[0-9a-f]{40}$/);
const commitObject = z.object({ sha: objectId, tree: z.object({ sha: objectId }) });
const treeEntry = z.object({ path: z.string().min(1).max(1000), mode: z.string().regex(/^\d{6}$/), sha: objectId, size: z.number().optional() });
const treeObject = z.object({ sha: objectId, tree: z.array(treeEntry), truncated: z.boolean().optional() });
const blobObject = z.object({ content: z.string(), encoding: z.literal('base64') });

type Entry = GitEntry & { readonly size?: number | undefined };
type Ask = <T>(path: string, shape: z.ZodType<T>, maxBytes: number) => Promise<T>;

/** The runbooks (`*.yaml`, `*.yml`) of one folder of a GitHub repository, by its REST API. Each file is checked against the folder, and each folder against the one above, up to the commit's. */
export function githubRunbooks(given: GithubApiOptions & RunbookPlace): RunbookRepository {
  const options = { ...given, advice };
  const base = `/repos/${options.repository}`;
  const read = async (known: KnownHead | undefined, signal: AbortSignal): Promise<RepositoryReading> => {
    // A commit never becomes another one.
    if (known?.commit === options.ref) return { kind: 'same' };
    const path = `${base}/commits/${options.ref.split('/').map(encodeURIComponent).join('/')}`;
    const answer = await askGithub(options, { path, media: 'sha', etag: known?.etag, maxBytes: LIMITS.wordBytes }, signal);
    const commit = answer.status === 304 ? (known?.commit ?? '') : answer.text.trim();
    if (!objectId.safeParse(commit).success)
      throw new NightshiftError('unreachable', `${options.url} named no commit for ${options.ref}; is it the API of GitHub?`);
    const head = { commit, ...(answer.etag !== undefined && { etag: answer.etag }) };
    if (commit === known?.commit) return { kind: 'same', ...(answer.status === 200 && { head }) };
    const ask: Ask = async (below, shape, maxBytes) =>
      parsed(shape, options.url, (await askGithub(options, { path: `${base}${below}`, maxBytes }, signal)).text);
    return { kind: 'commit', head, ...(await filesAt(options, commit, ask)) };
  };
  return {
    async read(known, signal) {
      try {
        return await read(known, signal);
      } catch (error) {
        const waitMs = errorCode(error) === 'rate_limited' && error instanceof NightshiftError ? error.retryAfterMs : undefined;
        if (waitMs === undefined) throw error;
        return { kind: 'later', waitMs, why: errorMessage(error) };
      }
    },
  };
}

async function filesAt(
  place: RunbookPlace,
  commit: string,
  ask: Ask,
): Promise<{ readonly files: readonly RepositoryFile[]; readonly problems: readonly Problem[] }> {
  const entries = await folderAt(place, commit, ask);
  if (!entries)
    return {
      files: [],
      problems: [{ path: originOf(place.repository, commit, place.path), message: 'is no folder of this commit; set runbooks.github.path' }],
    };
  const wanted = entries.filter(({ path }) => /\.ya?ml$/.test(path));
  const told = ({ path, message }: Problem): Problem => ({ path: originOf(place.repository, commit, pathIn(place, path)), message });
  const problems = unfit(wanted);
  if (problems.length > 0) return { files: [], problems: problems.map(told) };
  const blobs: { readonly entry: Entry; readonly bytes: Buffer }[] = [];
  for (let i = 0; i < wanted.length; i += AT_ONCE) blobs.push(...(await Promise.all(wanted.slice(i, i + AT_ONCE).map((entry) => blobOf(entry, ask)))));
  const garbled = blobs.filter(({ bytes }) => !isUtf8(bytes)).map(({ entry }) => told({ path: entry.path, message: 'is no text in UTF-8' }));
  const files = blobs.map(({ entry: { path, sha }, bytes }) => ({ path: pathIn(place, path), sha, text: bytes.toString('utf8') }));
  return { files: garbled.length > 0 ? [] : files, problems: garbled };
}

/** Entries of the folder with the runbooks; undefined where the commit has none of that name. */
async function folderAt(place: RunbookPlace, commit: string, ask: Ask): Promise<readonly Entry[] | undefined> {
  const { tree } = await ask(`/git/commits/${commit}`, commitObject, LIMITS.wordBytes);
  let entries = await treeOf(tree.sha, ask);
  for (const name of place.path === '' ? [] : place.path.split('/')) {
    const folder = entries.find(({ path, mode }) => path === name && mode === FOLDER);
    if (!folder) return undefined;
    entries = await treeOf(folder.sha, ask);
  }
  return entries;
}

async function treeOf(sha: string, ask: Ask): Promise<readonly Entry[]> {
  const { tree, truncated } = await ask(`/git/trees/${sha}`, treeObject, LIMITS.listingBytes);
  if (truncated === true)
    throw new NightshiftError('unreachable', `The folder ${sha} has more entries than GitHub lists; keep runbooks in a folder of their own.`);
  if (gitTreeId(tree) !== sha) throw new NightshiftError('unreachable', `The folder ${sha} was listed with other content than its name says; it is not used.`);
  return tree;
}

/** What cannot be a runbook of ours, before it is asked for. */
function unfit(entries: readonly Entry[]): Problem[] {
  const sizeOf = ({ size }: Entry): number => size ?? 0;
  const all = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  return [
    ...entries.filter(({ mode }) => !FILES.includes(mode)).map(({ path }) => ({ path, message: 'is no plain file; a runbook is no link and no folder' })),
    ...entries.filter((entry) => sizeOf(entry) > LIMITS.fileBytes).map(({ path }) => ({ path, message: `is larger than ${String(LIMITS.fileBytes)} bytes` })),
    ...(entries.length > LIMITS.files ? [{ path: '', message: `holds ${String(entries.length)} runbooks; at most ${String(LIMITS.files)} are read` }] : []),
    ...(all > LIMITS.allBytes ? [{ path: '', message: `holds ${String(all)} bytes of runbooks; at most ${String(LIMITS.allBytes)} are read` }] : []),
  ];
}

async function blobOf(entry: Entry, ask: Ask): Promise<{ readonly entry: Entry; readonly bytes: Buffer }> {
  const { path, sha } = entry;
  const { content } = await ask(`/git/blobs/${sha}`, blobObject, 2 * LIMITS.fileBytes);
  const bytes = Buffer.from(content, 'base64');
  if (gitObjectId('blob', bytes) !== sha) throw new NightshiftError('unreachable', `${path} came with other bytes than ${sha} names; it is not used.`);
  return { entry, bytes };
}

function pathIn({ path: folder }: RunbookPlace, name: string): string {
  return [folder, name].filter((part) => part !== '').join('/');
}

function parsed<T>(shape: z.ZodType<T>, url: string, text: string): T {
  try {
    return shape.parse(JSON.parse(text));
  } catch (error) {
    throw new NightshiftError('unreachable', `${url} answered with something else than GitHub's API does; is this its address?`, [], { cause: error });
  }
}

function advice(status: number, withToken: boolean): string | undefined {
  if (status === 401) return 'The token is not valid (any more): make a new one that may read the contents of the repository.';
  if (status === 404 && !withToken) return 'Are repository and ref named right? A private repository needs runbooks.github.token.';
  if (status === 403 || status === 404) return 'Are repository and ref named right, and may the token read the contents of the repository?';
  if (status === 422) return 'Is runbooks.github.ref a branch, a tag or a commit of it?';
  if (status >= 300 && status < 400) return 'It has moved: write its new name as runbooks.github.repository.';
  return undefined;
}
