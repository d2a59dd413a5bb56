/* eslint-disable jest/no-export -- a suite that is run against every database */
import type { Store } from '../../../ports/store';
import { alert, NOON, transition } from './samples-of-data';

/** What holds for the watch over accepted alerts and for the outbox, whichever database is behind them. */
export function watchContract(getStore: () => Store): void {
  const seen = async (): Promise<Record<string, [boolean, boolean]>> =>
    Object.fromEntries((await getStore().watch.unsettled(5000)).map((item) => [item.alert.id, [item.inWorkflow, item.inIncident]]));
  const positionOf = async (id: string): Promise<number> => (await getStore().watch.unsettled(5000)).find((item) => item.alert.id === id)?.position ?? 0;
  const service = (name: string) => ({ environment: 'watched', service: name });

  test('an accepted alert is watched until an incident of its service is open, or was closed after it came', async () => {
    const { inbox, transitions, watch } = getStore();
    const names = ['w-waiting', 'w-alone', 'w-open', 'w-closed', 'w-before'];
    await inbox.accept([...names.map((name) => alert(name, service(name))), alert('w-ghost', service('ghost'))], NOON + 10_000, 5000);
    for (const name of names.slice(1)) await inbox.markDelivered([await positionOf(name)], `incident:watched:${name}`);
    await inbox.markDelivered([await positionOf('w-ghost')], 'incident:watched:unrouted:generic');
    const apply = (name: string, view: object): Promise<unknown> => transitions.apply(transition(`inc-${name}`, 1, 1, {}, { ...service(name), ...view }));
    await apply('w-open', {});
    await apply('unrouted', {});
    const ended = (seconds: number): object => ({ status: 'resolved', resolvedAt: new Date(NOON + seconds * 1000).toISOString() });
    await apply('w-closed', ended(11));
    await apply('w-before', ended(9));
    expect(await seen()).toMatchObject({
      'w-waiting': [false, false],
      'w-alone': [true, false],
      'w-open': [true, true],
      'w-closed': [true, true],
      'w-before': [true, false],
      'w-ghost': [true, true],
    });
    expect(await watch.settleDelivered(5000, NOON)).toBe(1);
    expect(Object.keys(await seen()).filter((id) => id.startsWith('w-'))).toEqual(['w-waiting', 'w-alone', 'w-closed', 'w-before', 'w-ghost']);
    const settled = (await watch.unsettled(5000)).filter((item) => item.alert.environment === 'watched').map((item) => item.position);
    await watch.settle(settled, NOON);
    expect(Object.keys(await seen()).filter((id) => id.startsWith('w-'))).toEqual([]);
  });

  test('an alert that goes to an incident which is open needs no watching', async () => {
    const { inbox, transitions } = getStore();
    await transitions.apply(transition('inc-at-once', 1, 1, {}, service('at-once')));
    await inbox.accept([alert('w-at-once', service('at-once')), alert('w-elsewhere', service('at-once'))], NOON, 5000);
    await inbox.markDelivered([await positionOf('w-at-once')], 'incident:watched:at-once');
    await inbox.markDelivered([await positionOf('w-elsewhere')], 'incident:watched:unrouted:generic');
    expect([(await seen())['w-at-once'], (await seen())['w-elsewhere']]).toEqual([undefined, [true, expect.any(Boolean)]]);
  });

  test('what people are told of an alert waits in the outbox in the same moment, once on each channel, with the alert as it came', async () => {
    const { inbox, outbox, watch } = getStore();
    const odd = alert('w-odd', { ...service('odd'), summary: `NUL \0, half a pair \ud800` });
    await inbox.accept([odd], NOON, 5000);
    const told = { id: 'undelivered/odd', reason: 'undelivered', at: new Date(NOON).toISOString(), alerts: [odd], why: 'It waits.' } as const;
    await watch.settle([await positionOf('w-odd')], NOON, told);
    await watch.settle([], NOON, told);
    const rows = (await outbox.due(NOON * 2, 1000)).filter((row) => row.notification.id === told.id);
    expect(rows).not.toEqual([]);
    expect(new Set(rows.map((row) => row.channel)).size).toBe(rows.length);
    expect(rows[0]?.notification).toEqual(told);
  });

  test('a heartbeat waits for its own channel only, and counts there as waiting until it was sent', async () => {
    const { outbox } = getStore();
    const beat = { id: 'beat-1', reason: 'heartbeat', at: new Date(NOON).toISOString() } as const;
    const waiting = async (): Promise<number> => (await outbox.unsent()).find((one) => one.channel === 'nightshift/heartbeat')?.waiting ?? 0;
    await outbox.put(beat);
    await outbox.put(beat);
    expect((await outbox.due(NOON * 2, 1000)).filter((row) => row.notification.id === 'beat-1').map((row) => row.channel)).toEqual(['nightshift/heartbeat']);
    expect(await waiting()).toBe(1);
    await outbox.sent('beat-1', 'nightshift/heartbeat', NOON);
    expect(await waiting()).toBe(0);
  });
}
