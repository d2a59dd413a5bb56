import { RunbookBook } from '../../activities/runbook-book';
import { readCatalogue } from '../../config/catalogue';
import { packageRoot } from '../../config/package-root';
import { startGithub } from '../fakes/github';
import type { FakeGithub } from '../fakes/github';
import { RunbookWorld } from '../fakes/runbook-world';
import { runbookText } from '../fakes/runbook-texts';

const BUILT_IN = readCatalogue({ root: packageRoot() }).runbooks.map(({ runbook }) => runbook.id);
/** With the built-in ones, by their ids. */
const beside = (...own: readonly string[]): string[] => [...own, ...BUILT_IN].sort();
let github: FakeGithub;
let world: RunbookWorld;
beforeEach(async () => {
  github = await startGithub();
  world = new RunbookWorld(github);
});
afterEach(() => github.close());

const flush = (title: string): Readonly<Record<string, string>> => ({ 'runbooks/flush.yaml': runbookText('flush', title) });
const warned = (words: RegExp): unknown => expect.arrayContaining([expect.objectContaining({ message: expect.stringMatching(words) as string })]);

describe('a commit', () => {
  it('is taken with all its runbooks, each with the commit that it is from, in every process on the store', async () => {
    const commit = github.commit({ ...flush('one'), 'runbooks/drain.yaml': runbookText('drain') });
    const other = world.newBook();
    expect(await world.known(other)).toEqual(BUILT_IN);
    await world.look();
    expect(await world.known(other)).toEqual(beside('drain: Take the release back', 'flush: one'));
    expect((await other.current()).find(({ runbook }) => runbook.id === 'flush')?.origin).toBe(`acme/ops@${commit}:runbooks/flush.yaml`);
    expect(world.notes()).toEqual([`The runbooks of acme/ops@${commit} are in use: added drain, flush.`]);
  });

  it('follows the one before, and the audit says what changed', async () => {
    github.commit({ ...flush('one'), 'runbooks/drain.yaml': runbookText('drain') });
    await world.look();
    github.commit({ ...flush('two'), 'runbooks/extra.yaml': runbookText('extra') });
    await world.look();
    expect(await world.known()).toEqual(beside('extra: Take the release back', 'flush: two'));
    expect(world.notes()[1]).toMatch(/are in use: added extra; changed flush; removed drain\.$/);
  });

  it('that stays is asked for with one request, which counts as read', async () => {
    github.commit(flush('one'));
    await world.look();
    github.calls.length = 0;
    await world.look();
    expect(github.calls).toHaveLength(1);
    expect(github.calls[0]?.headers['if-none-match']).toBeDefined();
    expect((await world.book.repository())?.checkedAt).toBe(new Date(world.now - 1_000).toISOString());
    expect(world.notes()).toHaveLength(1);
  });
});

describe('a commit that is not good', () => {
  it('is refused as a whole with every problem, and the one before stays', async () => {
    const good = github.commit(flush('one'));
    await world.look();
    const files = { ...flush('two'), 'runbooks/bad.yaml': runbookText('bad').replace('release/deploy', 'release/destroy'), 'runbooks/worse.yaml': 'id: 7' };
    const bad = github.commit(files);
    expect(await world.look()).toBe(300_000);
    expect(await world.known()).toEqual(beside('flush: one'));
    const { commit, refused } = (await world.book.repository()) ?? {};
    expect([commit, refused?.commit]).toEqual([good, bad]);
    expect(refused?.problems.map(({ path }) => path)).toEqual(
      expect.arrayContaining([`acme/ops@${bad}:runbooks/bad.yaml: steps.0.uses`, expect.stringContaining('runbooks/worse.yaml: ') as string]),
    );
    expect(world.logged).toEqual(warned(/refused as a whole/));
    expect(world.notes()[1]).toContain(`acme/ops@${bad} is refused`);
  });

  it('is told once, is not read again while it stays, and is over with the next good one', async () => {
    github.commit(flush('one'));
    await world.look();
    github.commit({ 'runbooks/flush.yaml': 'nonsense' });
    await world.look();
    github.calls.length = 0;
    await world.look();
    world.restart();
    await world.look();
    expect(github.calls.filter(({ path }) => path.includes('commits/main'))).toHaveLength(2);
    expect(world.notes()).toHaveLength(2);
    github.commit(flush('three'));
    await world.look();
    expect(await world.known()).toEqual(beside('flush: three'));
    expect((await world.book.repository())?.refused).toBeUndefined();
  });

  it('is also one whose id another source has, and good again once the branch goes back', async () => {
    const good = github.commit(flush('one'));
    await world.look();
    github.commit({ 'runbooks/a.yaml': runbookText('restart-service') });
    await world.look();
    const [problem] = (await world.book.repository())?.refused?.problems ?? [];
    expect(problem?.message).toContain('restart-service is already the id of built-in');
    github.reset('main', good);
    await world.look();
    expect((await world.book.repository())?.refused).toBeUndefined();
    expect(await world.known()).toEqual(beside('flush: one'));
  });
});

describe('while GitHub is down', () => {
  it('a first start knows the runbooks of this machine, says so, and keeps trying', async () => {
    github.manner = { status: 503 };
    expect([await world.look(), await world.look(), await world.look()]).toEqual([5_000, 10_000, 20_000]);
    expect(await world.known()).toEqual(BUILT_IN);
    expect(world.logged).toHaveLength(1);
    expect(world.logged).toEqual(warned(/it is tried again, and only built-in runbooks and those of the folder are known/));
    const view = await world.book.repository();
    expect(view).toMatchObject({ failing: { since: new Date(world.now - 5_000).toISOString(), why: expect.stringContaining('answered 503') as string } });
    expect([view?.commit, view?.checkedAt]).toEqual([undefined, undefined]);
    github.manner = 'ok';
    github.commit(flush('one'));
    expect(await world.look()).toBe(300_000);
    expect(await world.known()).toEqual(beside('flush: one'));
    expect((await world.book.repository())?.failing).toBeUndefined();
  });

  it('a restart begins with the runbooks that were read last', async () => {
    const commit = github.commit(flush('one'));
    await world.look();
    const checkedAt = (await world.book.repository())?.checkedAt;
    await github.close();
    world.restart();
    expect(await world.known()).toEqual(beside('flush: one'));
    await world.look();
    expect(world.logged).toEqual(warned(/the runbooks that were read before stay in use/));
    expect(await world.book.repository()).toMatchObject({ commit, checkedAt, failing: { why: expect.stringContaining('fetch failed') as string } });
  });

  it('a limit is kept, and one that breaks off a commit leaves the one before whole', async () => {
    github.commit(flush('one'));
    await world.look();
    github.commit({ ...flush('two'), 'runbooks/drain.yaml': runbookText('drain') });
    github.manner = { status: 429, headers: { 'retry-after': '1800' } };
    github.of = 'blobs';
    expect(await world.look()).toBe(1_800_000);
    expect(await world.known()).toEqual(beside('flush: one'));
    github.manner = 'ok';
    await world.look();
    expect(await world.known()).toEqual(beside('drain: Take the release back', 'flush: two'));
  });
});

describe('what the store keeps', () => {
  const altered = async (change: (kept: { commit: string; files: { text: string }[] }) => void): Promise<void> => {
    const kept = structuredClone(await world.store.state.load('runbooks:files')) as { commit: string; files: { text: string }[] };
    change(kept);
    await world.store.state.save('runbooks:files', kept);
    world.restart();
  };

  it('is not used where its bytes are not what the commit names, and is read anew', async () => {
    github.commit({ ...flush('one'), 'runbooks/drain.yaml': runbookText('drain') });
    await world.look();
    await altered(({ files }) => files.forEach((file) => (file.text = file.text.replace('one', 'gone'))));
    expect(await world.known()).toEqual(BUILT_IN);
    expect((await world.book.repository())?.refused?.problems).toEqual([
      expect.objectContaining({ message: expect.stringContaining('is not what the commit names') as string }),
    ]);
    await world.look();
    expect(await world.known()).toEqual(beside('drain: Take the release back', 'flush: one'));
  });

  it('is left out as a whole where a runbook of this machine has taken an id meanwhile', async () => {
    github.commit({ ...flush('one'), 'runbooks/drain.yaml': runbookText('drain') });
    await world.look();
    world.own = (await world.book.current()).filter(({ runbook }) => runbook.id !== 'flush').map((each) => ({ ...each, origin: 'built-in' }));
    world.restart();
    expect(await world.known()).toEqual(beside('drain'));
    await world.look();
    expect((await world.book.repository())?.refused?.problems[0]?.message).toContain('drain is already the id of built-in');
  });

  it('of another repository, folder or ref is not used', async () => {
    github.commit(flush('one'));
    await world.look();
    world.place = { ...world.place, ref: 'v2' };
    world.restart();
    expect(await world.known()).toEqual(BUILT_IN);
  });
});

test('a rule of policy that names a runbook of no source is told', async () => {
  world.rules = [{ runbook: 'flush' }, { runbook: 'flsh' }, { runbook: '*' }];
  world.restart();
  github.commit(flush('one'));
  await world.look();
  expect(world.logged.filter(({ message }) => message.includes('matches nothing'))).toEqual([
    { fields: { path: 'policy.rules.1.runbook' }, message: 'flsh is in no source of runbooks, so this rule matches nothing' },
  ]);
});

test('without a repository the catalogue is that of this machine, and the store is not asked', async () => {
  const { own, clock } = world;
  const book = new RunbookBook({ own, clock, log: { info: () => undefined, warn: () => undefined } });
  expect(await book.current()).toBe(own);
  expect(await book.repository()).toBeUndefined();
});
