import { createForgetter } from '../../activities/forgetting';
import type { Horizon } from '../../ports/archive';
import { eventually } from '../fakes/eventually';

const NOW = Date.parse('2026-03-01T00:00:00.000Z');
const HOUR = 3_600_000;
const KEEP = { pointsMs: HOUR, logsMs: 2 * HOUR, buildsMs: 3 * HOUR, changesMs: 4 * HOUR, measuresMs: 5 * HOUR };
const DEPS = { clock: { now: () => NOW }, log: { warn: () => undefined }, keep: KEEP };

test('forgets at once what is older than each kind is kept, part by part until nothing is left', async () => {
  const asked: Horizon[] = [];
  const pruner = {
    prune: async (before: Horizon) => {
      asked.push(before);
      return { rows: 5_000, more: asked.length < 3 };
    },
  };
  const forgetter = createForgetter({ ...DEPS, pruner, pause: { roundMs: HOUR, partMs: 0 } });
  await eventually(() => asked.length === 3, 'three parts');
  expect(asked[0]).toEqual({
    ...{ points: NOW - HOUR, logs: NOW - 2 * HOUR, builds: NOW - 3 * HOUR, changes: NOW - 4 * HOUR },
    ...{ measures: NOW - 5 * HOUR, deliveries: NOW - 24 * HOUR },
  });
  await forgetter.stop();
});

test('a store that does not answer is asked again, and stopping does not wait for the next round', async () => {
  const warned: string[] = [];
  let calls = 0;
  const pruner = {
    prune: async () => {
      calls += 1;
      if (calls === 1) throw new Error('gone');
      return { rows: 0, more: false };
    },
  };
  const forgetter = createForgetter({ ...DEPS, log: { warn: (_fields, message) => warned.push(message) }, pruner, pause: { roundMs: 1, partMs: 1 } });
  await eventually(() => calls > 1, 'a second try');
  expect(warned).toHaveLength(1);
  await forgetter.stop();
});
