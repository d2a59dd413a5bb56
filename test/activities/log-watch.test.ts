import { logWatcher } from '../../activities/log-watch';
import type { LogWatchDeps } from '../../activities/log-watch';
import { PRESETS, withSeason } from '../../domain/anomaly/presets';
import { NightshiftError } from '../../domain/errors';
import type { LogCount } from '../../domain/log-counts';
import { MemoryStore } from '../fakes/memory-store';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const T0 = Date.parse('2026-03-09T12:00:00Z');

/** A service with three days of history, and watchers of it that begin anew where they are asked to. */
async function world() {
  const service = 'shop';
  const store = new MemoryStore();
  const clock = { at: T0 + 30_000, now: () => clock.at };
  const counted = (template: string, at: number, lines: number, level: LogCount['level'] = 'error'): LogCount => ({
    ...{ source: 'test', environment: 'prod', service, level, template, at, lines, sample: template },
  });
  const write = (logs: readonly LogCount[]) => store.archive.writer.keep({ logs }, clock.at);
  await write(Array.from({ length: 3 * 24 * 6 }, (_, i) => counted('request served', T0 - 3 * DAY + i * 10 * MINUTE, 100, 'info')));
  await write(Array.from({ length: 36 }, (_, i) => counted('payment <n> refused', T0 - 3 * DAY + i * 120 * MINUTE, 1)));
  const deps: LogWatchDeps = {
    ...{ inventory: { services: [{ name: service, environment: 'prod', tier: 'critical', dependsOn: [] }] }, logs: store.archive.logs },
    ...{ inbox: store.inbox, anomalies: store.anomalies, feedback: store.feedback, state: store.state, clock, log: { warn: () => undefined } },
    settings: { detector: withSeason(PRESETS.default, DAY), alertsPerWeek: 0.1, inboxLimit: 1000, keepMs: 2 * DAY },
    onAlerts: () => undefined,
  };
  let watcher = logWatcher(deps);
  const restart = (more: Partial<LogWatchDeps> = {}): void => void (watcher = logWatcher({ ...deps, ...more }));
  /** Minutes with so many lines each, one look after each. */
  const live = async (template: string, lines: readonly number[], each: () => void = () => undefined) => {
    for (const count of lines) {
      const at = clock.at - 30_000;
      if (count > 0) await write([counted(template, at, count)]);
      clock.at += MINUTE;
      each();
      await watcher.turn();
    }
  };
  await watcher.turn();
  const alerts = () => store.inbox.waiting.map(({ alert }) => alert);
  return { service, store, clock, alerts, live, restart, turn: () => watcher.turn() };
}

const SPIKE = [60, 64, 58, 61, 60, 0, 0, 0, 0, 0];

test('a spike of error lines is an alert that names the line and its count, an anomaly with a picture, and ends', async () => {
  const { service, alerts, store, live } = await world();
  await live('payment <n> refused', SPIKE);
  const [begun, ended, ...others] = alerts();
  expect(others).toEqual([]);
  expect(begun).toMatchObject({ name: 'ErrorLinesUnusual', severity: 'sev2', source: 'detector', signal: 'errorLines', startsAt: new Date(T0).toISOString() });
  expect(begun?.summary).toContain('Most often “payment <n> refused”, 182 times since 2026-03-09 12:00:00 UTC.');
  expect(ended).toMatchObject({ status: 'resolved', fingerprint: begun?.fingerprint });
  const record = await store.anomalies.get(begun?.anomaly ?? '');
  expect(record).toMatchObject({ service, measure: 'errorLines', anomaly: { kind: 'log', learning: false, alerting: true } });
  expect(record?.points.length).toBeGreaterThan(60);
});

test('a new error line that goes on is an alert until it comes no more', async () => {
  const { alerts, live } = await world();
  await live('order handle lost', [7, 6, 8, 7, 9, 8, 7, 0, 0, 0, 0]);
  expect(alerts().map(({ name, status }) => [name, status])).toEqual([
    ['NewErrorLine', 'firing'],
    ['NewErrorLine', 'resolved'],
  ]);
});

test('a watcher that begins anew at every look tells the same, once', async () => {
  const [whole, parts] = [await world(), await world()];
  for (const each of ['payment <n> refused', 'order handle lost']) {
    await whole.live(each, SPIKE);
    await parts.live(each, SPIKE, () => parts.restart());
  }
  const told = ({ alerts }: typeof whole): string[] => alerts().map(({ id }) => id);
  expect(told(parts)).toEqual(told(whole));
});

test('what could not be committed is told again under the same id, and nothing is told twice', async () => {
  const { store, alerts, live, turn, restart } = await world();
  const full = { accept: () => Promise.reject(new NightshiftError('overloaded', 'full')) };
  restart({ inbox: full });
  await live('payment <n> refused', SPIKE.slice(0, 2));
  await expect(live('payment <n> refused', SPIKE.slice(2, 3))).rejects.toThrow('full');
  // The alert is committed, and what says so is lost.
  const state = { load: (name: string) => store.state.load(name), create: () => Promise.resolve(false), save: () => Promise.reject(new Error('killed')) };
  restart({ state: { ...state, forgetJudged: () => Promise.resolve(0) } });
  await expect(turn()).rejects.toThrow('killed');
  restart();
  await turn();
  expect(alerts().map(({ name, status }) => [name, status])).toEqual([['ErrorLinesUnusual', 'firing']]);
});

test('a watcher that was away judges step by step what was written meanwhile, and ends what stood', async () => {
  const { clock, alerts, live, turn, restart } = await world();
  await live('payment <n> refused', SPIKE.slice(0, 4));
  clock.at += 60 * MINUTE;
  restart();
  expect([await turn(), await turn(), await turn()]).toEqual([0, 0, MINUTE]);
  expect(alerts().map(({ status }) => status)).toEqual(['firing', 'resolved']);
});

test('what was learnt is saved each hour, and feedback moves what is told next', async () => {
  const { service, store, clock, live, turn } = await world();
  await live('payment <n> refused', SPIKE);
  const [record] = [...store.anomalies.rows.values()].filter((one) => one.measure === 'errorLines');
  await store.feedback.tell({ what: 'noise', by: 'ana', at: new Date(clock.at).toISOString(), anomalies: [record?.id ?? ''] });
  for (let i = 0; i < 4; i += 1) {
    clock.at += 16 * MINUTE;
    await turn();
  }
  const saved = await store.state.load(`log-watch:prod/${service}`);
  expect(saved).toMatchObject({ feedback: 1, judgedTo: clock.at - 30_000 });
});

test('what is learnt of a service that writes no more is forgotten when its lines are, and that of one that writes is not', async () => {
  const { store, clock, live, turn } = await world();
  await store.state.save('log-watch:prod/gone', { judgedTo: T0 - DAY });
  await live('payment <n> refused', [1]);
  clock.at += 61 * MINUTE;
  await turn();
  clock.at += MINUTE;
  for (let i = 0; i < 4; i += 1) await turn();
  const [mine, gone] = ['log-watch:prod/shop', 'log-watch:prod/gone'];
  expect([await store.state.load(mine), await store.state.load(gone)]).toEqual([
    expect.objectContaining({ judgedTo: expect.any(Number) as number }),
    { judgedTo: T0 - DAY },
  ]);
  clock.at += DAY;
  for (let i = 0; i < 80; i += 1) await turn();
  clock.at += 61 * MINUTE;
  await turn();
  expect([(await store.state.load(mine)) !== undefined, await store.state.load(gone)]).toEqual([true, undefined]);
});
