import { buildWatcher } from '../../activities/build-watch';
import type { BuildWatchDeps } from '../../activities/build-watch';
import type { Build } from '../../domain/build';
import type { Service } from '../../domain/inventory';
import { MemoryStore } from '../fakes/memory-store';

const MINUTE = 60_000;
const T0 = Date.parse('2026-03-01T12:00:00Z');
const SHOP: Service = { name: 'shop', environment: 'prod', tier: 'standard', dependsOn: [] };

function build(i: number, minutes: number): Build {
  return {
    ...{ id: `ci-${String(i)}`, source: 'ci', environment: 'prod', service: 'shop', name: 'ci / test', run: String(i), result: 'succeeded' },
    ...{ endedAt: new Date(T0 + i * 10 * MINUTE).toISOString(), durationMs: minutes * MINUTE },
  };
}

async function world() {
  const store = new MemoryStore();
  const clock = { at: T0, now: () => clock.at };
  const keep = (builds: readonly Build[]) => store.archive.writer.keep({ builds }, clock.at);
  await keep(Array.from({ length: 20 }, (_, i) => build(i - 20, 5)));
  const deps: BuildWatchDeps = {
    ...{ builds: store.archive.builds, inbox: store.inbox, anomalies: store.anomalies, state: store.state, clock, log: { warn: () => undefined } },
    ...{ inboxLimit: 100, onAlerts: () => undefined, inventory: { services: [] }, unusual: true },
  };
  let watcher = buildWatcher(deps);
  const restart = (more: Partial<BuildWatchDeps> = {}): void => void (watcher = buildWatcher({ ...deps, ...more }));
  const turnAt = async (at: number) => {
    clock.at = at;
    await watcher.turn();
  };
  await turnAt(T0);
  const told = () => store.inbox.waiting.map(({ alert }) => alert.status);
  return { store, keep, restart, turnAt, told };
}

test('every build is judged once, in the order of their ends, also by one that begins anew at every look', async () => {
  const { store, keep, restart, turnAt, told } = await world();
  for (const [i, minutes] of [5, 20, 20, 20, 5].entries()) {
    await keep([build(i + 1, minutes)]);
    for (const later of [1, 3, 4]) {
      restart();
      await turnAt(T0 + (i + 1) * 10 * MINUTE + later * MINUTE);
    }
  }
  expect(told()).toEqual(['firing', 'resolved']);
  expect(store.anomalies.rows.size).toBe(3);
});

test('what was committed and not saved is told again under the same ids', async () => {
  const { store, keep, restart, turnAt, told } = await world();
  await keep([build(1, 20), build(2, 20)]);
  const { state } = store;
  restart({ state: { load: (name) => state.load(name), create: () => Promise.resolve(false), save: () => Promise.reject(new Error('killed')) } });
  await expect(turnAt(T0 + 30 * MINUTE)).rejects.toThrow('killed');
  restart();
  await turnAt(T0 + 31 * MINUTE);
  expect(told()).toEqual(['firing']);
  expect(store.anomalies.rows.size).toBe(2);
});

test('what ended before the first start is history, and a build that is told an hour late is judged', async () => {
  const { store, keep, turnAt } = await world();
  await turnAt(T0 + 100 * MINUTE);
  await keep([build(1, 20)]);
  await turnAt(T0 + 101 * MINUTE);
  expect([...store.anomalies.rows.values()].map(({ anomaly }) => anomaly.at)).toEqual([T0 + 10 * MINUTE]);
});

test('a build that came too late for the running process is too late after a restart in a quiet time, too', async () => {
  const { store, keep, restart, turnAt } = await world();
  await turnAt(T0 + 200 * MINUTE);
  await keep([build(1, 20)]);
  restart();
  await turnAt(T0 + 201 * MINUTE);
  expect(store.anomalies.rows.size).toBe(0);
});

test('that builds fail is remembered over a restart, also by a store from before failures were followed', async () => {
  const { store, keep, restart, turnAt } = await world();
  const failed: Build = { ...build(1, 5), result: 'failed', branch: 'main' };
  const rules = { inventory: { services: [{ ...SHOP, builds: { branches: ['main'] } }] }, unusual: false };
  const { failing: _failing, ...older } = (await store.state.load('build-watch')) as { failing: object };
  await store.state.save('build-watch', older);
  restart(rules);
  await keep([failed]);
  await turnAt(T0 + 13 * MINUTE);
  restart(rules);
  await keep([{ ...build(2, 5), branch: 'main' }]);
  await turnAt(T0 + 23 * MINUTE);
  expect(store.inbox.waiting.map(({ alert }) => `${alert.name} ${alert.status}`)).toEqual(['BuildFailed firing', 'BuildFailed resolved']);
});

describe('reruns of CodeBuild', () => {
  const main = { source: 'codebuild', branch: 'main' };
  const id = (i: number): string => `codebuild:arn:aws:codebuild:eu-central-1:111122223333:build/shop:000${String(i)}`;
  const failed = (i: number): Build => ({ ...build(i, 5), ...main, id: id(i), result: 'failed' });
  /** It tells the commit that it was begun by, and no branch. */
  const rerun = (i: number): Build => ({ ...build(i, 5), id: id(i), source: 'codebuild', commit: 'fffffff' });

  async function watched() {
    const all = await world();
    all.restart({ inventory: { services: [{ ...SHOP, builds: { branches: ['main'] } }] }, unusual: false });
    const summaries = () => all.store.inbox.waiting.map(({ alert }) => `${alert.status} ${/build \d+ \w+/.exec(alert.summary)?.[0] ?? ''}`);
    return { ...all, summaries };
  }

  test('one of ours that passes ends the alert of a build that told no commit, so that the next failure is told', async () => {
    const { store, keep, turnAt, summaries } = await watched();
    await store.state.create('rerun:shop:0002', { build: 'shop:0001', commit: 'fffffff' });
    await keep([failed(1)]);
    await turnAt(T0 + 13 * MINUTE);
    await keep([rerun(2)]);
    await turnAt(T0 + 23 * MINUTE);
    await keep([failed(3)]);
    await turnAt(T0 + 33 * MINUTE);
    expect(summaries()).toEqual(['firing build 1 failed', 'resolved build 2 passed', 'firing build 3 failed']);
  });

  test('where a newer build of the branch has failed too, that is told then', async () => {
    const { store, keep, restart, turnAt, summaries } = await watched();
    await store.state.create('rerun:shop:0003', { build: 'shop:0001', commit: 'fffffff' });
    await keep([failed(1), failed(2)]);
    await turnAt(T0 + 23 * MINUTE);
    restart({ inventory: { services: [{ ...SHOP, builds: { branches: ['main'] } }] }, unusual: false });
    await keep([rerun(3)]);
    await turnAt(T0 + 33 * MINUTE);
    expect(summaries()).toEqual(['firing build 1 failed', 'resolved build 3 passed', 'firing build 2 failed']);
  });
});
