import { githubRunbooks } from '../../../adapters/github/runbooks';
import type { GithubApiOptions } from '../../../adapters/github/api';
import { gitObjectId } from '../../../domain/git-object';
import type { RunbookPlace } from '../../../domain/runbook-source';
import type { KnownHead, RepositoryReading } from '../../../ports/runbooks';
import { startGithub } from '../../fakes/github';
import type { FakeGithub } from '../../fakes/github';

const NOW = Date.UTC(2026, 10, 22);
let github: FakeGithub;
beforeEach(async () => {
  github = await startGithub();
});
afterEach(() => github.close());

const read = (known?: KnownHead, over: Partial<GithubApiOptions & RunbookPlace> = {}, signal = AbortSignal.timeout(5_000)): Promise<RepositoryReading> => {
  const { url, repository } = github;
  return githubRunbooks({ url, repository, ref: 'main', path: 'runbooks', timeoutMs: 2_000, clock: { now: () => NOW }, ...over }).read(known, signal);
};
const asked = (): string[] => github.calls.map(({ path }) => path.replace(/[0-9a-f]{40}/, 'SHA'));
const unreachable = (words: RegExp): unknown => expect.objectContaining({ code: 'unreachable', message: expect.stringMatching(words) as string });

describe('reading', () => {
  it('gives all runbooks of the folder as the commit has them, and nothing else', async () => {
    const commit = github.commit({
      'runbooks/a.yaml': 'é: 1\n',
      'runbooks/b.yml': 'b: 2\n',
      'runbooks/README.md': '#',
      'runbooks/old/c.yaml': 'c: 3',
      'd.yaml': 'd: 4',
    });
    const reading = await read();
    expect(reading).toMatchObject({ kind: 'commit', head: { commit, etag: `"${commit}"` }, problems: [] });
    expect(reading.kind === 'commit' && reading.files.map(({ path, text }) => [path, text])).toEqual([
      ['runbooks/a.yaml', 'é: 1\n'],
      ['runbooks/b.yml', 'b: 2\n'],
    ]);
  });

  it('finds a folder within folders, and the root', async () => {
    github.commit({ 'ops/night/a.yaml': 'a: 1', 'b.yaml': 'b: 1' });
    const paths = (reading: RepositoryReading): unknown => reading.kind === 'commit' && reading.files.map(({ path }) => path);
    expect(paths(await read(undefined, { path: 'ops/night' }))).toEqual(['ops/night/a.yaml']);
    expect(paths(await read(undefined, { path: '' }))).toEqual(['b.yaml']);
  });

  it('asks with the token, as GitHub wants to be asked, and for a branch whose name has a slash', async () => {
    github.token = 'secret-token';
    github.commit({ 'runbooks/a.yaml': 'a: 1' }, 'team/next #1');
    await read(undefined, { token: 'secret-token', ref: 'team/next #1' });
    expect(github.calls[0]?.path).toBe('/repos/acme/ops/commits/team/next%20%231');
    expect(github.calls[0]?.headers).toMatchObject({ authorization: 'Bearer secret-token', 'user-agent': 'nightshift', 'x-github-api-version': '2022-11-28' });
  });
});

describe('what has not changed', () => {
  it('is one request with the etag, answered 304', async () => {
    const commit = github.commit({ 'runbooks/a.yaml': 'a: 1' });
    expect(await read({ commit, etag: `"${commit}"` })).toEqual({ kind: 'same' });
    expect(asked()).toEqual(['/repos/acme/ops/commits/main']);
    expect(github.calls[0]?.headers['if-none-match']).toBe(`"${commit}"`);
  });

  it('is known by the commit too, and the tag is told anew', async () => {
    const commit = github.commit({ 'runbooks/a.yaml': 'a: 1' });
    expect(await read({ commit })).toEqual({ kind: 'same', head: { commit, etag: `"${commit}"` } });
  });

  it('is not asked for where the ref is that commit', async () => {
    const commit = github.commit({ 'runbooks/a.yaml': 'a: 1' });
    github.commit({ 'runbooks/a.yaml': 'a: 2' });
    expect(await read(undefined, { ref: commit })).toMatchObject({ kind: 'commit', files: [{ text: 'a: 1' }] });
    github.calls.length = 0;
    expect(await read({ commit }, { ref: commit })).toEqual({ kind: 'same' });
    expect(asked()).toEqual([]);
  });
});

describe('what is not what the commit names', () => {
  it('is refused: a file with other bytes, a folder with other entries', async () => {
    github.commit({ 'runbooks/a.yaml': 'a: 1', 'runbooks/b.yaml': 'b: 1' });
    github.swapped.set(gitObjectId('blob', Buffer.from('a: 1')), Buffer.from('a: 2'));
    await expect(read()).rejects.toEqual(unreachable(/a\.yaml came with other bytes than/));
    github.swapped.clear();
    const tree = github.calls.map(({ path }) => /trees\/(.*)/.exec(path)?.[1]).filter((each) => each !== undefined)[1] ?? '';
    github.swapped.set(tree, Buffer.from(''));
    await expect(read()).rejects.toEqual(unreachable(/listed with other content/));
  });

  it('or cannot be a runbook is told, every file of it: a link, one that is too large, one that is no text', async () => {
    const commit = github.commit({ 'runbooks/a.yaml': { link: 'b.yaml' }, 'runbooks/b.yaml': 'x'.repeat(70_000), 'runbooks/c.yaml': 'c: 1' });
    const at = `acme/ops@${commit}:runbooks`;
    expect(await read()).toMatchObject({
      files: [],
      problems: [
        { path: `${at}/a.yaml`, message: expect.stringContaining('no plain file') as string },
        { path: `${at}/b.yaml`, message: expect.stringContaining('larger than 65536 bytes') as string },
      ],
    });
    github.commit({ 'runbooks/a.yaml': Buffer.from([0x61, 0xff]) });
    expect(await read()).toMatchObject({ files: [], problems: [{ message: expect.stringContaining('UTF-8') as string }] });
  });

  it('is too many of them', async () => {
    github.commit(Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`runbooks/${String(i)}.yaml`, 'a: 1'])));
    expect(await read()).toMatchObject({ files: [], problems: [{ message: expect.stringContaining('at most 200') as string }] });
    expect(asked().filter((path) => path.includes('blobs'))).toEqual([]);
  });

  it('or has no such folder', async () => {
    github.commit({ 'runbooks.yaml': 'a: 1' });
    expect(await read()).toMatchObject({ problems: [{ message: expect.stringContaining('no folder of this commit') as string }] });
  });
});

describe('limits of the API', () => {
  const limited = async (status: number, headers: Record<string, string>, message = 'slow down'): Promise<RepositoryReading> => {
    github.manner = { status, headers, body: { message } };
    return read();
  };

  it('are kept: retry-after, the time of the reset, a minute where neither is told', async () => {
    expect(await limited(429, { 'retry-after': '30' })).toMatchObject({ kind: 'later', waitMs: 30_000, why: expect.stringContaining('slow down') as string });
    const reset = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 600) };
    expect(await limited(403, reset)).toMatchObject({ kind: 'later', waitMs: 600_000 });
    expect(await limited(403, {}, 'You have exceeded a secondary rate limit.')).toMatchObject({ kind: 'later', waitMs: 60_000 });
    expect(await limited(429, {})).toMatchObject({ kind: 'later', waitMs: 60_000 });
  });

  it('are never believed to last longer than an hour', async () => {
    expect(await limited(429, { 'retry-after': '999999' })).toMatchObject({ kind: 'later', waitMs: 3_600_000 });
  });

  it('in the middle of a commit leave nothing of it', async () => {
    github.commit({ 'runbooks/a.yaml': 'a: 1', 'runbooks/b.yaml': 'b: 1' });
    github.of = 'blobs';
    expect(await limited(429, { 'retry-after': '5' })).toMatchObject({ kind: 'later', waitMs: 5_000 });
  });
});

describe('what cannot be read', () => {
  const failing = async (status: number, words: RegExp, token?: string): Promise<void> => {
    github.manner = { status, body: { message: 'Bad \u001b[31mthing' } };
    await expect(read(undefined, token === undefined ? {} : { token })).rejects.toEqual(unreachable(words));
  };

  it('is told with what to do, by the status', async () => {
    await failing(401, /answered 401: Bad \\x1b\[31mthing\. The token is not valid/, 't');
    await failing(404, /A private repository needs runbooks\.github\.token/);
    await failing(404, /may the token read the contents/, 't');
    await failing(403, /may the token read the contents/, 't');
    await failing(500, /answered 500.*It is tried again/);
    github.manner = 'ok';
    await expect(read()).rejects.toEqual(unreachable(/No commit found for SHA: main\. Is runbooks\.github\.ref a branch/));
  });

  it('never holds the token', async () => {
    github.manner = { status: 401 };
    await expect(read(undefined, { token: 'secret-token' })).rejects.toEqual(
      expect.objectContaining({ message: expect.not.stringContaining('secret-token') as string }),
    );
  });

  it('may have moved: no redirection is followed', async () => {
    github.manner = { status: 301, headers: { location: 'http://127.0.0.1:9/elsewhere' } };
    await expect(read()).rejects.toEqual(unreachable(/It has moved: write its new name/));
  });

  it('is not waited for longer than the time-out, nor after it was broken off', async () => {
    github.manner = 'hang';
    await expect(read(undefined, { timeoutMs: 50 })).rejects.toEqual(unreachable(/timeout/));
    await expect(read(undefined, { timeoutMs: 60_000 }, AbortSignal.timeout(50))).rejects.toEqual(unreachable(/./));
  });

  it('may be another server', async () => {
    github.manner = { status: 200, body: '<html>' };
    await expect(read()).rejects.toEqual(unreachable(/is it the API of GitHub\?/));
  });
});
