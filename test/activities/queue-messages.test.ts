import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { createQueueReader, MOST_RECEIVES, takeSome } from '../../activities/queue-messages';
import type { QueueDeps } from '../../activities/queue-messages';
import { sqsQueue } from '../../adapters/aws/queue';
import { openEmbedded } from '../../adapters/postgres/open';
import { keeper } from '../../api/keep';
import { pulledIntake } from '../../api/pulled-intake';
import type { ApiSettings } from '../../api/types';
import { NightshiftError } from '../../domain/errors';
import type { MessageIntake } from '../../ports/intake';
import type { Store } from '../../ports/store';
import { testClock } from '../fakes/aws/clock';
import { accessTo } from '../fakes/aws/access';
import { startFakeAws } from '../fakes/aws/server';
import type { FakeAws } from '../fakes/aws/server';
import { messagesIn, putMessage, putQueue, queueUrl } from '../fakes/aws/services/sqs';

const NOW = Date.UTC(2026, 1, 27, 12);
const ACCOUNT = '123456789012';
const REGION = 'eu-central-1';
/** Of no matter here. */
const REST = { bodyLimitBytes: 0, rateLimitPerMinute: 0, version: '0', idleActionsPerDay: 0 } satisfies Partial<ApiSettings>;
const sample = (path: string): string => readFileSync(join(__dirname, '..', 'samples', `${path}.json`), 'utf8');

describe('a queue that EventBridge fills', () => {
  const home = mkdtempSync(join(tmpdir(), 'nightshift-'));
  const clock = testClock(NOW);
  const signal = new AbortController().signal;
  let aws: FakeAws;
  let store: Store;
  let intake: MessageIntake;
  let queues = 0;
  beforeAll(async () => {
    [aws, store] = await Promise.all([startFakeAws({ clock }), openEmbedded({ home, channels: [] })]);
    const settings = { environment: 'production', accounts: new Map([[ACCOUNT, 'staging']]), inboxLimit: 100, doorTimeoutMs: 5000, ...REST };
    const inventory = { services: [] };
    const keep = keeper({ store, settings, onAccepted: () => undefined, metrics: new Registry() });
    intake = pulledIntake({ store, settings, inventory, keep, sources: { mapped: [] }, log: { error: () => undefined } });
  }, 120_000);
  afterAll(async () => {
    await aws.close();
    await store.close();
    rmSync(home, { recursive: true });
  });

  /** A queue of its own with messages, and what reads it. */
  function filled(bodies: readonly string[], other: Partial<MessageIntake> = {}) {
    const place = aws.place(REGION, ACCOUNT);
    const name = `events-${String((queues += 1))}`;
    putQueue(place, { name });
    for (const body of bodies) putMessage(place, { queue: name, body });
    const fates: string[] = [];
    const queue = sqsQueue(accessTo(aws), { url: queueUrl(aws.endpoint, place, name), account: ACCOUNT, region: REGION });
    const log = { info: () => undefined, warn: () => undefined };
    const deps: QueueDeps = { queue, intake: { ...intake, ...other }, clock, log, note: (fate) => void fates.push(fate) };
    return { deps, fates, left: () => messagesIn(place, name) };
  }

  test('alerts, changes and builds are kept in the environment that they name or else in that of their account, and only then leave the queue', async () => {
    const { deps, fates, left } = filled([sample('cloudwatch/event-single-metric'), sample('ecs/deployment-failed'), sample('cloudtrail/security-group')]);
    await takeSome(deps, signal);
    expect([fates, left()]).toEqual([['kept', 'kept', 'kept'], []]);
    const alerts = await store.inbox.kept({ limit: 10 });
    expect(alerts.map(({ alert }) => [alert.source, alert.environment])).toEqual([['cloudwatch', 'staging']]);
    const changes = await store.changes.find({ from: 0, to: NOW, limit: 10 });
    expect(changes.map(({ author, environment }) => `${author} ${environment}`).sort()).toEqual(['ana staging', 'ecs prod']);
    expect((await store.archive.builds.list({ from: 0, to: NOW, limit: 10 })).map(({ result }) => result)).toEqual(['failed']);
  });

  test('what is told of something that an intent began reaches the intent, and the change is our own', async () => {
    const told = JSON.parse(sample('systems-manager/automation-success')) as { readonly detail: { readonly ExecutionId: string } };
    const intent = { token: 't-1', incidentId: 'inc-a', round: 1, step: 'restart', target: 'x', runbook: 'restart', intendedAt: NOW };
    await store.intents.prepare([intent], () => []);
    await store.intents.mark('t-1', 'started', 'accepted', { reference: told.detail.ExecutionId });
    const { deps, left } = filled([JSON.stringify(told)]);
    await takeSome(deps, signal);
    expect(left()).toEqual([]);
    expect(await store.intents.get('t-1')).toMatchObject({ heardAt: NOW, state: 'started' });
    const changes = await store.changes.find({ from: 0, to: NOW, limit: 10 });
    expect(changes.filter(({ id }) => id.includes(told.detail.ExecutionId)).map(({ author }) => author)).toEqual(['nightshift']);
  });

  test('a message that comes twice is kept once', async () => {
    const { deps, left } = filled([sample('autoscaling/launch-failed'), sample('autoscaling/launch-failed')]);
    await takeSome(deps, signal);
    expect(left()).toEqual([]);
    expect((await store.inbox.kept({ limit: 100 })).filter(({ alert }) => alert.source === 'autoscaling')).toHaveLength(1);
  });

  test('what cannot be read is set aside before it leaves the queue, and is read by its name later', async () => {
    const { deps, fates, left } = filled(['{"hello":1}']);
    await takeSome(deps, signal);
    expect([fates, left()]).toEqual([['aside'], []]);
    const [aside] = await store.setAside.list(10);
    expect(aside).toMatchObject({ source: 'eventbridge', by: 'pull', why: expect.stringContaining('no event of EventBridge') as string });
    await store.setAside.drop(aside?.id ?? '');
  });

  test('what the store cannot take now stays in the queue, and comes again later each time', async () => {
    const down = { take: () => Promise.reject(new NightshiftError('unreachable', 'The store does not answer.')) };
    const { deps, fates, left } = filled([sample('ecs/steady-state')], down);
    await takeSome(deps, signal);
    expect(left().map(({ visibleAt }) => (visibleAt - clock.now()) / 1000)).toEqual([5]);
    clock.advance(5_001);
    await takeSome(deps, signal);
    expect(left().map(({ visibleAt }) => (visibleAt - clock.now()) / 1000)).toEqual([10]);
    expect(fates).toEqual(['later', 'later']);
  });

  test('a message that was handed out too often is set aside without another try', async () => {
    let tries = 0;
    const poison = { take: () => Promise.reject(new Error(`boom ${String((tries += 1))}`)) };
    const { deps, fates, left } = filled([sample('ecs/steady-state')], poison);
    for (let i = 0; i <= MOST_RECEIVES; i += 1) {
      await takeSome(deps, signal);
      clock.advance(900_001);
    }
    expect([tries, fates.at(-1), left()]).toEqual([MOST_RECEIVES, 'aside', []]);
    expect((await store.setAside.list(10)).map(({ why }) => why)).toEqual([expect.stringContaining('handed out 21 times and never kept')]);
  });

  test('what can neither be read nor set aside stays in the queue', async () => {
    const { deps, fates, left } = filled(['nonsense'], { setAside: () => Promise.resolve(false) });
    await takeSome(deps, signal);
    expect([fates, left().length]).toEqual([['later'], 1]);
  });

  test('a reader that waits for messages ends at once when it is stopped', async () => {
    const { deps } = filled([]);
    aws.ledger.clear();
    const reader = createQueueReader(deps);
    while (clock.waiting === 0) await new Promise(setImmediate);
    await reader.stop();
    expect(aws.ledger.of('sqs.ReceiveMessage')).toHaveLength(1);
  });

  test('a queue that is not there is tried again, and told once', async () => {
    const { deps } = filled([]);
    const lost = sqsQueue(accessTo(aws), { url: `${aws.endpoint}/${ACCOUNT}/nowhere`, account: ACCOUNT, region: REGION });
    await expect(takeSome({ ...deps, queue: lost }, signal)).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('sqs:ReceiveMessage of nowhere') as string,
    });
  });
});
