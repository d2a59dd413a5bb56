import { createGate } from '../../../activities/gate';
import { createDispatcher } from '../../../activities/intake';
import { SilenceBook } from '../../../activities/silence-book';
import { openEmbedded } from '../../../adapters/postgres/open';
import { alert } from './samples-of-data';

const LOG = { info: () => undefined, warn: () => undefined };
const LOOK_MS = 20;
const HOLD_MS = 3_600_000;
const SILENCE = { id: 'works', origin: 'person', match: { service: 'silent' }, owner: 'ana', reason: 'new shelves' } as const;

/**
 * Takes in alerts (`silent/a1`: service and id) at a fixed time, and carries what waits to workflows that are lines of its output, until it is killed. The service `silent` is
 * silenced for an hour from `begin` on. Says what is held once nothing waits.
 */
async function main([home = '', begin = '', after = '', ...sent]: readonly string[]): Promise<void> {
  const startsAt = Number(begin);
  const clock = { now: () => startsAt + Number(after) };
  const store = await openEmbedded({ home });
  const silence = { ...SILENCE, startsAt, endsAt: startsAt + HOLD_MS };
  if (after === '0') await store.silences.add(silence, silence.owner, new Date(startsAt).toISOString());
  const gate = createGate({
    ...{ quiet: store.quiet, incidents: store.incidents, inventory: { services: [] }, clock },
    book: new SilenceBook({ silences: store.silences, windows: [], clock, log: LOG }),
    rules: { conditions: [], flapping: { enabled: false, changes: 4, withinMs: 1, calmMs: 1, settleMs: 1 } },
    notes: { note: () => Promise.resolve() },
    onWritten: () => undefined,
  });
  const alerts = sent.map((each) => {
    const [service = '', id = ''] = each.split('/');
    return alert(id, { environment: 'crash', service, startsAt: new Date(clock.now()).toISOString() });
  });
  await store.inbox.accept(alerts, clock.now(), 100);
  const deliver = (_to: unknown, delivered: readonly { readonly id: string }[]): Promise<void> => {
    for (const { id } of delivered) process.stdout.write(`delivered ${id}\n`);
    return Promise.resolve();
  };
  createDispatcher({ inbox: store.inbox, starter: { deliver }, inventory: { services: [] }, clock, log: LOG, gate, settings: { pollMs: LOOK_MS } });
  setInterval(() => {
    void (async () => {
      if ((await store.inbox.undelivered(1)).length > 0) return;
      const { held } = await store.quiet.held(10);
      process.stdout.write(`holds ${held.map(({ alert: { id }, until, why }) => `${id} until ${String(until - startsAt)}: ${why}`).join(', ')}\n`);
    })();
  }, LOOK_MS);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
