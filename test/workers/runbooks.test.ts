import { Registry } from 'prom-client';
import pino from 'pino';
import { loadConfig } from '../../config/load';
import type { NightshiftConfig } from '../../config/types';
import { runbookFindings } from '../../workers/doctor-runbooks';
import { measureRunbooks, runbookLibrary, startRunbooks } from '../../workers/runbooks';
import { startGithub } from '../fakes/github';
import type { FakeGithub } from '../fakes/github';
import { RunbookWorld } from '../fakes/runbook-world';
import { runbookText } from '../fakes/runbook-texts';

let github: FakeGithub;
let world: RunbookWorld;
let config: NightshiftConfig;
beforeEach(async () => {
  github = await startGithub();
  world = new RunbookWorld(github);
  config = { ...loadConfig({ env: {}, cwd: '/nowhere' }), runbooks: { github: { ...world.place, everyMs: 10, timeoutMs: 1_000 } } };
});
afterEach(() => github.close());

const options = () => ({ config, catalogue: world.own, store: world.store, clock: { now: () => Date.now() }, log: pino({ level: 'silent' }) });
const looked = () => runbookFindings(config, world.own, world.clock);

/** The numbers that are shown of a process. */
async function numbers(runbooks: NightshiftConfig['runbooks'] = config.runbooks): Promise<Readonly<Record<string, string>>> {
  const registry = new Registry();
  measureRunbooks(registry, { runbooks }, world.book);
  return Object.fromEntries([...(await registry.metrics()).matchAll(/^nightshift_runbooks_(\w+) (\S+)$/gm)].map(([, name = '', value = '']) => [name, value]));
}

describe('doctor', () => {
  it('reads the repository and names the commit', async () => {
    const commit = github.commit({ 'runbooks/flush.yaml': runbookText('flush') });
    const { findings, runbooks } = await looked();
    expect(findings).toEqual([{ check: 'runbooks', ok: true, detail: `acme/ops@${commit}: 1 runbook(s)` }]);
    expect(runbooks.map(({ runbook }) => runbook.id)).toEqual(['flush']);
    expect(await world.store.state.load('runbooks:look')).toBeUndefined();
  });

  it('says why it cannot be read, or must wait', async () => {
    github.manner = { status: 404, body: { message: 'Not Found' } };
    expect((await looked()).findings).toMatchObject([{ ok: false, detail: expect.stringContaining('A private repository needs') as string }]);
    github.manner = { status: 429, headers: { 'retry-after': '120' } };
    expect((await looked()).findings).toMatchObject([{ ok: false, detail: expect.stringContaining('again in 2 m') as string }]);
  });

  it('tells every problem of a commit, and rules that match nothing', async () => {
    github.commit({ 'runbooks/a.yaml': runbookText('restart-service'), 'runbooks/b.yaml': 'id: 1' });
    expect((await looked()).findings).toMatchObject([{ ok: false, detail: expect.stringMatching(/refused as a whole: .*a\.yaml: id: .*b\.yaml: /) as string }]);
    github.commit({ 'runbooks/flush.yaml': runbookText('flush') });
    config = { ...config, policy: { ...config.policy, rules: [{ mode: 'observe', runbook: 'flsh', reason: '' }] } };
    expect((await looked()).findings).toMatchObject([{ ok: true }, { ok: false, detail: 'policy.rules.0.runbook: flsh is in no source of runbooks' }]);
  });

  it('has nothing to say without a repository', async () => {
    config = { ...config, runbooks: {} };
    expect(await looked()).toEqual({ findings: [], runbooks: [] });
  });
});

test('the process that leads reads the repository until it is stopped, and another process on the store has its runbooks', async () => {
  github.commit({ 'runbooks/flush.yaml': runbookText('flush', 'one') });
  const library = runbookLibrary(options());
  const loop = startRunbooks(options(), runbookLibrary(options()));
  const titles = async (): Promise<readonly string[]> => (await library.current()).map(({ runbook }) => runbook.title);
  while (!(await titles()).includes('one')) await new Promise((resolve) => setImmediate(resolve));
  github.manner = 'hang';
  await loop?.stop();
  expect(startRunbooks({ ...options(), config: { ...config, runbooks: {} } }, library)).toBeUndefined();
});

test('the metrics say how old the catalogue is, how much of it is from the repository, and whether a commit is refused', async () => {
  expect(await numbers({})).toEqual({});
  expect(await numbers()).toEqual({ last_read_timestamp_seconds: '0', refused: '0', from_repository: '0' });
  github.commit({ 'runbooks/flush.yaml': runbookText('flush') });
  await world.look();
  const at = String((world.now - 1_000) / 1000);
  expect(await numbers()).toEqual({ last_read_timestamp_seconds: at, refused: '0', from_repository: '1' });
  github.commit({ 'runbooks/flush.yaml': 'nonsense' });
  await world.look();
  expect(await numbers()).toMatchObject({ refused: '1', from_repository: '1' });
});
