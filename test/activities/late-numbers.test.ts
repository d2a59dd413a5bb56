import { createDetector } from '../../activities/detection';
import { createDetectionActivities } from '../../activities/detection-group';
import { localScorer } from '../../adapters/local/scorer';
import { PRESETS } from '../../domain/anomaly/presets';
import type { Service } from '../../domain/inventory';
import type { Sample } from '../../domain/metrics';
import { MemoryStore } from '../fakes/memory-store';

const MINUTE = 60_000;
const NOW = 30_000_000 * MINUTE;
const names = { requests: 'requests', latency: 'latency' };
const limits = { errorShare: { above: 0.05, forMs: MINUTE }, minRequests: 1 };

function service(name: string, cloudwatch: boolean): Service {
  const resource = { resource: 'arn:aws:lambda:eu-central-1:111122223333:function:a', account: '111122223333', region: 'eu-central-1', saturation: [] };
  const metrics = { url: '', everyMs: MINUTE, names, saturation: [], ...(cloudwatch && { cloudwatch: [resource] }) };
  return { name, environment: 'test', tier: 'standard', dependsOn: [], limits, metrics };
}

/** What a service was in the minute that ends then. */
function sample(name: string, at: number, errors = 0): Sample {
  const routes = { all: { requests: 60, errors } };
  return { service: name, environment: 'test', instance: 'one', at, up: true, startedAt: at - MINUTE, routes, latency: { le: [], counts: [] }, saturation: {} };
}

test('the rows of a service whose numbers come late are judged late, those of others at once', async () => {
  const store = new MemoryStore();
  const services = [service('late', true), service('prompt', false)];
  const clock = { ms: NOW, now: (): number => clock.ms };
  for (let at = NOW - 10 * MINUTE; at <= NOW + 10 * MINUTE; at += MINUTE) await store.samples.append(services.map(({ name }) => sample(name, at)));
  await createDetectionActivities({
    ...{ services, series: [], points: store.archive.points, samples: store.samples, history: store.measures, scorer: localScorer(), inbox: store.inbox },
    ...{ book: store.detection, anomalies: store.anomalies, feedback: store.feedback, state: store.state, clock },
    settings: {
      ...{ detector: PRESETS.default, alertsPerWeek: 0.4, minRequests: 20, rowMs: MINUTE, graceMs: 0, groups: 1 },
      ...{ checkpointMs: 60 * MINUTE, keepMs: 60 * MINUTE, measuresMs: 60 * MINUTE, pointsMs: 60 * MINUTE, inboxLimit: 100 },
    },
    log: { info: () => undefined, warn: () => undefined },
    ends: () => new AbortController().signal,
    heartbeat: () => undefined,
    pause: (ms) => {
      clock.ms += ms;
      return Promise.resolve();
    },
    onAlerts: () => undefined,
  }).judgeGroup({ group: 0, groups: 1, turnMs: 3 * MINUTE });
  const last = async (name: string) => (await store.measures.span({ environment: 'test', service: name, rowMs: MINUTE }))?.last ?? 0;
  expect([(await last('prompt')) - NOW, (await last('late')) - NOW]).toEqual([2 * MINUTE, -MINUTE]);
  const rows = await store.measures.read({ environment: 'test', service: 'late', rowMs: MINUTE }, 0, Infinity);
  expect(rows.map(({ measures }) => measures.find(({ name }) => name === 'rate')?.value)).toEqual(rows.map(() => 1));
});

test('a limit is held against numbers that come late when they are there, of whole periods', async () => {
  const store = new MemoryStore();
  const clock = { ms: NOW, now: (): number => clock.ms };
  const alerted = new Promise<void>((resolve, reject) => {
    const detector = createDetector({
      ...{ services: [service('late', true)], samples: store.samples, inbox: store.inbox, state: store.state, clock },
      // Two minutes late, as CloudWatch is.
      source: {
        scrape: async () => {
          clock.ms += 30_000;
          const end = Math.floor((clock.ms - 2 * MINUTE) / MINUTE) * MINUTE;
          if (clock.ms > NOW + 30 * MINUTE) reject(new Error('no alert'));
          return [sample('late', end, end > NOW ? 30 : 0)];
        },
      },
      log: { warn: reject },
      settings: { everyMs: 1, windowMs: MINUTE, keepMs: 60 * MINUTE, inboxLimit: 100 },
      onAlerts: () => void detector.stop().then(resolve, reject),
    });
  });
  await alerted;
  const [alert] = await store.inbox.undelivered(1);
  expect(alert).toBeDefined();
  expect((clock.ms - NOW) / MINUTE).toBeLessThan(8);
});
