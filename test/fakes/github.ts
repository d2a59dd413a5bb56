import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeActions } from './github-actions';
import { json } from './github-json';

/** Files of a commit by their paths; a value that is an object is no plain file. */
export type FakeFiles = Readonly<Record<string, string | Buffer | { readonly link: string }>>;

/** One request that the fake got. */
export interface GithubCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How the next requests are answered in place of what the repository holds; `hang` never. */
export type GithubManner = 'ok' | 'hang' | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown };

/** One repository of a GitHub on loopback: commits, trees and blobs with their true ids, etags, and whatever manner a test sets. */
export interface FakeGithub {
  readonly url: string;
  readonly repository: string;
  readonly calls: GithubCall[];
  /** For requests whose path holds `of` alone, where it is given. */
  manner: GithubManner;
  of: string;
  /** Bytes that are handed out in place of an object's own, by its id. */
  readonly swapped: Map<string, Buffer>;
  /** Asked of every request, where one is set. */
  token: string | undefined;
  /** What is told of the repository itself, to whoever asks. */
  about: { readonly body: Readonly<Record<string, unknown>>; readonly headers?: Readonly<Record<string, string>> };
  /** Its runs and workflows, under every path of Actions. */
  readonly actions: FakeActions;
  /** Makes a commit and lets a branch name it; returns its id. */
  commit(files: FakeFiles, branch?: string): string;
  /** Lets a branch name an earlier commit again. */
  reset(branch: string, commit: string): void;
  close(): Promise<void>;
}

interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size?: number;
}

const sha1 = (kind: string, bytes: Buffer): string =>
  createHash('sha1')
    .update(`${kind} ${String(bytes.length)}\0`)
    .update(bytes)
    .digest('hex');

/** Git's objects of one repository. */
class Objects {
  readonly blobs = new Map<string, Buffer>();
  readonly trees = new Map<string, readonly Entry[]>();
  readonly commits = new Map<string, string>();
  readonly refs = new Map<string, string>();

  commit(files: FakeFiles, branch: string): string {
    const tree = this.tree(Object.entries(files).map(([path, content]) => [path.split('/'), content]));
    const text = `tree ${tree}\nparent ${this.refs.get(branch) ?? ''}\n\ncommit ${String(this.commits.size)}`;
    const sha = sha1('commit', Buffer.from(text));
    this.commits.set(sha, tree);
    this.refs.set(branch, sha);
    return sha;
  }

  private tree(files: readonly (readonly [readonly string[], FakeFiles[string]])[]): string {
    const names = [...new Set(files.map(([[name = '']]) => name))];
    const entries = names.map((name): Entry => {
      const [first, ...others] = files.filter(([[begin]]) => begin === name);
      if (first && first[0].length === 1 && others.length === 0) return this.file(name, first[1]);
      const below = [first, ...others].flatMap((each) => (each ? [[each[0].slice(1), each[1]] as const] : []));
      return { path: name, mode: '040000', type: 'tree', sha: this.tree(below) };
    });
    // Git orders folders as if their names ended in a slash.
    const key = ({ path, type }: Entry): Buffer => Buffer.from(type === 'tree' ? `${path}/` : path);
    entries.sort((a, b) => Buffer.compare(key(a), key(b)));
    const bytes = entries.flatMap(({ path, mode, sha }) => [Buffer.from(`${mode.replace(/^0/, '')} ${path}\0`), Buffer.from(sha, 'hex')]);
    const sha = sha1('tree', Buffer.concat(bytes));
    this.trees.set(sha, entries);
    return sha;
  }

  private file(path: string, content: FakeFiles[string]): Entry {
    const linked = typeof content === 'object' && 'link' in content;
    const bytes = Buffer.from(linked ? content.link : content);
    const sha = sha1('blob', bytes);
    this.blobs.set(sha, bytes);
    return { path, mode: linked ? '120000' : '100644', type: 'blob', sha, size: bytes.length };
  }
}

/** Starts one on a free port of loopback, with no commit yet. */
export async function startGithub(repository = 'acme/ops'): Promise<FakeGithub> {
  const objects = new Objects();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      answer(fake, objects, { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeGithub = {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    repository,
    calls: [],
    manner: 'ok',
    of: '',
    swapped: new Map(),
    token: undefined,
    about: { body: { full_name: repository, private: true, archived: false, permissions: { admin: false, push: true, pull: true } } },
    actions: new FakeActions(),
    commit: (files, branch = 'main') => objects.commit(files, branch),
    reset: (branch, commit) => void objects.refs.set(branch, commit),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
}

function answer(fake: FakeGithub, objects: Objects, call: GithubCall, response: ServerResponse): void {
  fake.calls.push(call);
  const { manner, of } = fake;
  if (manner !== 'ok' && call.path.includes(of)) {
    if (manner !== 'hang') json(response, manner.status, manner.body ?? { message: 'no' }, manner.headers);
    return;
  }
  if (fake.token !== undefined && call.headers.authorization !== `Bearer ${fake.token}`) return json(response, 404, { message: 'Not Found' });
  if (call.path === '/user') return fake.actions.user(response);
  const [, owner, name, ...rest] = call.path.slice(1).split('/').map(decodeURIComponent);
  if (`${owner ?? ''}/${name ?? ''}` !== fake.repository) return json(response, 404, { message: 'Not Found' });
  if (rest.length === 0) return json(response, 200, fake.about.body, fake.about.headers);
  if (rest[0] === 'actions') return fake.actions.answer(call, response);
  if (rest[0] === 'commits') return refOf(objects, rest.slice(1).join('/'), call, response);
  const found = objectOf(fake, objects, rest[1] ?? '', rest[2] ?? '');
  return found ? json(response, 200, found) : json(response, 404, { message: 'Not Found' });
}

/** The commit that a ref names, in the media type that holds nothing but its id. */
function refOf(objects: Objects, ref: string, { headers }: GithubCall, response: ServerResponse): void {
  const commit = objects.refs.get(ref) ?? (objects.commits.has(ref) ? ref : undefined);
  if (commit === undefined) return json(response, 422, { message: `No commit found for SHA: ${ref}` });
  if (headers.accept !== 'application/vnd.github.sha') return json(response, 415, { message: 'the fake knows the media type sha alone' });
  const etag = `"${commit}"`;
  const unchanged = headers['if-none-match'] === etag;
  response.writeHead(unchanged ? 304 : 200, { etag, 'content-type': 'application/vnd.github.sha; charset=utf-8' }).end(unchanged ? '' : commit);
}

function objectOf({ swapped }: FakeGithub, { commits, trees, blobs }: Objects, kind: string, sha: string): unknown {
  const tree = trees.get(sha);
  const blob = swapped.get(sha) ?? blobs.get(sha);
  if (kind === 'commits' && commits.has(sha)) return { sha, tree: { sha: commits.get(sha) }, message: 'a commit' };
  if (kind === 'trees' && tree) return { sha, tree: swapped.has(sha) ? tree.slice(1) : tree, truncated: false };
  if (kind === 'blobs' && blob) return { sha, size: blob.length, encoding: 'base64', content: blob.toString('base64').replace(/.{60}/g, '$&\n') };
  return undefined;
}
