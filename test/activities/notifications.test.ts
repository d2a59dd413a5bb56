import type { Deliverer, DelivererDeps, DelivererSettings } from '../../activities/notifications';
import { createDeliverer, retryDelay } from '../../activities/notifications';
import { createWebhookNotifier } from '../../adapters/webhook/notifier';
import { NightshiftError } from '../../domain/errors';
import type { Notification } from '../../domain/notification';
import type { Notifier } from '../../ports/notifier';
import { sampleNotification, sampleView } from '../fakes/incident-samples';
import { MemoryOutbox } from '../fakes/memory-outbox';
import { startWebhook } from '../fakes/webhook';

const FAST: DelivererSettings = { pollMs: 20, firstRetryMs: 10, maxRetryMs: 40, giveUpAfterMs: 86_400_000, batch: 200 };
const START = Date.parse('2026-11-20T14:05:00Z');

let running: Deliverer | undefined;
afterEach(() => running?.stop());

function deliver(outbox: MemoryOutbox, notifiers: readonly Notifier[], over: Partial<DelivererDeps> = {}): { log: unknown[]; deliverer: Deliverer } {
  const log: unknown[] = [];
  const began = Date.now();
  const clock = { now: () => START + Date.now() - began };
  running = createDeliverer({ outbox, notifiers, clock, settings: FAST, log: { warn: (fields, message) => log.push({ ...fields, message }) }, ...over });
  return { log, deliverer: running };
}

/** A channel that notes what it gets and fails as it is told. */
function channel(
  name: string,
  behave: (notification: Notification, tries: number) => Promise<void> | void = () => undefined,
): Notifier & { readonly got: string[] } {
  const got: string[] = [];
  return {
    channel: name,
    got,
    send: async (notification) => {
      got.push(notification.id);
      await behave(notification, got.filter((id) => id === notification.id).length);
    },
  };
}

const busy = (): never => {
  throw new NightshiftError('unreachable', 'not now');
};

describe('the deliverer', () => {
  it('sends what is due to its channel and marks it', async () => {
    const outbox = new MemoryOutbox();
    const [ops, page] = [channel('ops'), channel('page')];
    outbox.add(sampleNotification('opened'), ['ops', 'page']);
    deliver(outbox, [ops, page]);
    await outbox.settled();
    expect([ops.got, page.got]).toEqual([['inc-abcdefgh23456723/1/opened'], ['inc-abcdefgh23456723/1/opened']]);
    expect(outbox.states()).toEqual(['sent', 'sent']);
  });

  it('tries again with the same id until the channel takes it', async () => {
    const outbox = new MemoryOutbox();
    const ops = channel('ops', (_n, tries) => (tries < 3 ? busy() : undefined));
    outbox.add(sampleNotification('opened'), ['ops']);
    const { log } = deliver(outbox, [ops]);
    await outbox.settled();
    expect(ops.got).toEqual(Array(3).fill('inc-abcdefgh23456723/1/opened'));
    expect(log).toHaveLength(2);
  });

  it('holds up no channel because another hangs', async () => {
    const outbox = new MemoryOutbox();
    let release = (): void => undefined;
    const slow = channel('slow', (n) => (n.id === 'n1' ? new Promise((resolve) => (release = resolve)) : undefined));
    const quick = channel('quick');
    for (const round of [1, 2, 3]) outbox.add(sampleNotification('reminder', { id: `n${round}`, round }), ['slow', 'quick']);
    deliver(outbox, [slow, quick], { settings: { ...FAST, batch: 1 } });
    await outbox.until(() => quick.got.length === 3);
    expect(slow.got).toEqual(['n1']);
    release();
  });

  it('keeps the order of one incident on a channel: the end never comes before the beginning', async () => {
    const outbox = new MemoryOutbox();
    const ops = channel('ops', (n, tries) => (n.reason === 'opened' && tries < 3 ? busy() : undefined));
    outbox.add(sampleNotification('opened'), ['ops']);
    outbox.add(sampleNotification('resolved'), ['ops']);
    deliver(outbox, [ops]);
    await outbox.settled();
    expect(ops.got.map((id) => id.split('/')[2])).toEqual(['opened', 'opened', 'opened', 'resolved']);
  });

  it('keeps that order also when the pause of the beginning ends while the outbox is read', async () => {
    const outbox = new MemoryOutbox();
    const ops = channel('ops', (n, tries) => (n.reason === 'opened' && tries < 2 ? busy() : undefined));
    let now = START;
    const read = outbox.due.bind(outbox);
    outbox.due = async (...asked) => {
      const rows = await read(...asked);
      // A slow store.
      now += 15;
      return rows;
    };
    outbox.add(sampleNotification('opened'), ['ops']);
    outbox.add(sampleNotification('resolved'), ['ops']);
    deliver(outbox, [ops], { clock: { now: () => now }, random: () => 0, settings: { ...FAST, pollMs: 1, firstRetryMs: 40 } });
    await outbox.settled();
    expect(ops.got.map((id) => id.split('/')[2])).toEqual(['opened', 'opened', 'resolved']);
  });

  it('rests while notifications are held back, instead of asking the store all the time', async () => {
    const outbox = new MemoryOutbox();
    const ops = channel('ops', (n, tries) => (n.reason === 'opened' && tries < 3 ? busy() : undefined));
    outbox.add(sampleNotification('opened'), ['ops']);
    outbox.add(sampleNotification('resolved'), ['ops']);
    deliver(outbox, [ops], { settings: { ...FAST, pollMs: 5000 } });
    await outbox.settled();
    expect(outbox.reads).toBeLessThan(20);
  });

  it('lets another incident pass one that is being tried again', async () => {
    const outbox = new MemoryOutbox();
    const ops = channel('ops', (n) => (n.id === 'first' ? busy() : undefined));
    outbox.add(sampleNotification('opened', { id: 'first' }), ['ops']);
    outbox.add(sampleNotification('opened', { id: 'second', view: sampleView({ incidentId: 'inc-other' }) }), ['ops']);
    deliver(outbox, [ops]);
    await outbox.until(() => ops.got.includes('second'));
    expect(outbox.states()[1]).toBe('sent');
  });

  it('gives up at once what a channel refuses, and what goes to a channel that is no more', async () => {
    const outbox = new MemoryOutbox();
    const ops = channel('ops', () => {
      throw new NightshiftError('refused', 'HTTP 404');
    });
    outbox.add(sampleNotification('opened'), ['ops', 'gone']);
    deliver(outbox, [ops]);
    await outbox.settled();
    expect(ops.got).toHaveLength(1);
    expect(outbox.rows.map((r) => [r.state, r.error])).toEqual([
      ['given-up', 'HTTP 404'],
      ['given-up', 'There is no notification channel "gone" in the configuration any more.'],
    ]);
  });

  it('gives up after a day of tries', async () => {
    const outbox = new MemoryOutbox();
    outbox.add(sampleNotification('opened', { at: new Date(START - 86_400_000).toISOString() }), ['ops']);
    deliver(outbox, [channel('ops', busy)]);
    await outbox.settled();
    expect(outbox.states()).toEqual(['given-up']);
  });

  it('does not send again what was taken when only the mark failed', async () => {
    const outbox = new MemoryOutbox();
    outbox.failMarks = 2;
    const ops = channel('ops');
    outbox.add(sampleNotification('opened'), ['ops']);
    deliver(outbox, [ops]);
    await outbox.settled();
    expect(ops.got).toHaveLength(1);
  });

  it('goes on when the store comes back', async () => {
    const outbox = new MemoryOutbox();
    outbox.failReads = 2;
    outbox.add(sampleNotification('opened'), ['ops']);
    deliver(outbox, [channel('ops')]);
    await outbox.settled();
    expect(outbox.states()).toEqual(['sent']);
  });

  it('looks at once when it is kicked', async () => {
    const outbox = new MemoryOutbox();
    const { deliverer } = deliver(outbox, [channel('ops')], { settings: { ...FAST, pollMs: 3_600_000 } });
    await outbox.until(() => outbox.reads > 0);
    outbox.add(sampleNotification('opened'), ['ops']);
    deliverer.kick();
    await outbox.settled();
    expect(outbox.states()).toEqual(['sent']);
  });

  it('ends only when what is being sent has ended, and sends no more', async () => {
    const outbox = new MemoryOutbox();
    let release = (): void => undefined;
    const ops = channel('ops', () => new Promise((resolve) => (release = resolve)));
    outbox.add(sampleNotification('opened', { id: 'a' }), ['ops']);
    outbox.add(sampleNotification('resolved', { id: 'b' }), ['ops']);
    const { deliverer } = deliver(outbox, [ops]);
    await outbox.until(() => ops.got.length === 1);
    let ended = false;
    const end = deliverer.stop().then(() => (ended = true));
    expect(ended).toBe(false);
    release();
    await end;
    expect([ops.got, outbox.states()]).toEqual([['a'], ['sent', 'waiting']]);
  });

  it("writes neither a channel's address nor an unexpected error's text anywhere", async () => {
    const hook = await startWebhook();
    hook.answer(500);
    const outbox = new MemoryOutbox();
    outbox.add(sampleNotification('opened'), ['hook', 'odd']);
    const odd = channel('odd', () => {
      throw new Error(`fetch of ${hook.url} failed`);
    });
    const settings = { timeoutMs: 1000, allowPrivate: true, clock: { now: () => 0 } };
    const { log } = deliver(outbox, [createWebhookNotifier({ channel: 'hook', format: 'json', url: hook.url, ...settings }), odd]);
    await outbox.until(() => outbox.rows.every((row) => row.error !== undefined));
    expect(JSON.stringify([log, outbox.rows.map((r) => r.error)])).not.toContain('s3cr3t-path');
    await hook.close();
  });
});

describe('pauses between tries', () => {
  it('double up to the longest, spread over the upper half', () => {
    const settings = { firstRetryMs: 2000, maxRetryMs: 900_000 };
    expect([0, 1, 2, 20, 500].map((n) => retryDelay(n, settings, () => 1))).toEqual([2000, 4000, 8000, 900_000, 900_000]);
    expect(retryDelay(1, settings, () => 0)).toBe(2000);
  });
});
