import { githubFindings } from '../../workers/doctor-github';
import type { Finding } from '../../workers/doctor-services';
import { startGithub } from '../fakes/github';
import type { FakeGithub } from '../fakes/github';

const TOKEN = 'ghp_of-somebody';
let github: FakeGithub;
beforeEach(async () => {
  github = await startGithub('acme/shop');
  github.token = TOKEN;
});
afterEach(() => github.close());

/** What is said with this token. */
async function said(token = TOKEN, url = github.url): Promise<Finding> {
  const allowed = { repository: 'acme/shop', url, scope: {}, workflows: [] };
  const config = {
    commands: [],
    calls: [],
    environments: {},
    headers: {},
    secrets: [],
    github: allowed,
    githubAccess: { token, timeoutMs: 1_000, namesRuns: false },
  };
  const [finding, ...more] = await githubFindings(config, { now: () => Date.now() });
  if (!finding || more.length > 0) throw new Error('one finding is expected');
  return finding;
}

/** How the repository itself is told, with these scopes of a classic token. */
function tell(scopes: string | undefined, over: object = {}): void {
  const headers = scopes === undefined ? {} : { 'x-oauth-scopes': scopes };
  github.about = { body: { private: true, archived: false, permissions: { push: true }, ...over }, headers };
}

test('a classic token with the scope of repositories may read and write', async () => {
  tell('repo, read:org');
  expect(await said()).toMatchObject({ ok: true, detail: 'the token may read Actions of acme/shop and write them' });
});

test('of a fine-grained token it is said that GitHub does not tell all', async () => {
  tell(undefined);
  expect(await said()).toMatchObject({ ok: true, detail: expect.stringContaining('only when something is done') as string });
});

test.each<[string, string | undefined, object, RegExp]>([
  ['a classic token without the scope', 'read:org, workflow', {}, /not write them: it has the scopes read:org, workflow alone/],
  ['a classic token without any', '', {}, /no scope alone/],
  ['public repositories alone, of a private one', 'public_repo', {}, /public_repo alone/],
  ['one who may only read', undefined, { permissions: { push: false } }, /whoever it belongs to may not push/],
  ['an archived repository', undefined, { archived: true }, /is archived/],
])('%s is told', async (_what, scopes, over, detail) => {
  tell(scopes, over);
  expect(await said()).toMatchObject({ ok: false, detail: expect.stringMatching(detail) as string });
});

test('public repositories alone are enough for a public one', async () => {
  tell('public_repo', { private: false });
  expect(await said()).toMatchObject({ ok: true });
});

test("an app's token is not judged by what a person may do", async () => {
  github.token = 'ghs_of-an-app';
  tell(undefined, { permissions: { push: false } });
  expect(await said('ghs_of-an-app')).toMatchObject({ ok: true });
});

test.each<[number, RegExp, RegExp]>([
  [401, /does not know the token: no/, /expired or was revoked/],
  [403, /may not look at acme\/shop: no/, /approve it/],
  [404, /not there, or hidden from this token: no/, /among those that the token is for/],
  [301, /has moved/, /new name/],
  [502, /answered 502/, /tried again/],
])('an answer of %p says what to do', async (status, detail, mend) => {
  github.manner = { status };
  expect(await said()).toMatchObject({ ok: false, detail: expect.stringMatching(detail) as string, mend: expect.stringMatching(mend) as string });
});

test('where Actions may not be read, what GitHub asks for is told', async () => {
  github.of = '/actions/runs';
  github.manner = {
    status: 403,
    headers: { 'x-accepted-github-permissions': 'actions=read' },
    body: { message: 'Resource not accessible by personal access token' },
  };
  expect(await said()).toMatchObject({
    ok: false,
    detail: expect.stringMatching(/may not read Actions of acme\/shop: Resource not accessible.*asks for actions=read/) as string,
  });
});

test('a limit, another server and one that is away are told, and never the token', async () => {
  github.manner = { status: 429, headers: { 'retry-after': '60' } };
  expect(await said()).toMatchObject({ ok: false, detail: expect.stringContaining('takes no more requests') as string });
  github.manner = { status: 200, body: 'hello' };
  expect(await said()).toMatchObject({ ok: false, detail: expect.stringContaining('does not answer as the API of GitHub') as string });
  const away = await said(TOKEN, 'http://127.0.0.1:9');
  expect(away).toMatchObject({ ok: false, mend: expect.stringContaining('actions.github.url') as string });
  expect(JSON.stringify(away)).not.toContain(TOKEN);
});

test('nothing is changed', async () => {
  await said();
  expect(github.calls.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /repos/acme/shop', 'GET /repos/acme/shop/actions/runs?per_page=1']);
});

test('without a repository there is nothing to say', async () => {
  expect(await githubFindings({ commands: [], calls: [], environments: {}, headers: {}, secrets: [] }, { now: () => 0 })).toEqual([]);
});
