/* eslint-disable jest/no-export -- a suite that is run against every database */
import { conditionKey, type Condition } from '../../../domain/quiet/condition';
import type { Silence } from '../../../domain/quiet/silence';
import type { GateRecord } from '../../../ports/quiet';
import type { Store } from '../../../ports/store';
import { alert, at, NOON, transition } from './samples-of-data';

const NOTHING: GateRecord = { hold: [], fold: [], release: [], save: [], forget: [], notifications: [], drop: [] };
const HOUR = 3_600_000;

/** What holds for what is held back and for silences, whichever database is behind them. */
export function quietContract(getStore: () => Store): void {
  const place = (name: string) => ({ environment: 'quiet', service: name });
  const waiting = async (): Promise<Map<string, number>> => new Map((await getStore().inbox.undelivered(5000)).map((item) => [item.alert.id, item.position]));
  const accepted = async (id: string): Promise<number> => {
    await getStore().inbox.accept([alert(id, place('q'))], NOON, 5000);
    return (await waiting()).get(id) ?? 0;
  };
  const hold = (position: number, until: number, why = 'It waits.') => {
    const of = { service: 'q', environment: 'quiet', title: 'ErrorShareHigh', severity: 'sev2' as const, labels: {} };
    return { position, at: NOON, until, kind: 'silence' as const, why, of };
  };
  const watched = async (now?: number): Promise<string[]> =>
    (await getStore().watch.unsettled(5000, now)).map((item) => item.alert.id).filter((id) => id.startsWith('q-'));

  test('what is held waits for no workflow, says why and until when, and the watcher leaves it alone until then', async () => {
    const { quiet, watch } = getStore();
    const position = await accepted('q-held');
    await quiet.record({ ...NOTHING, hold: [hold(position, NOON + HOUR)] }, NOON);
    expect((await waiting()).has('q-held')).toBe(false);
    expect((await quiet.held(10)).held.find((item) => item.alert.id === 'q-held')).toMatchObject({
      position,
      receivedAt: NOON,
      until: NOON + HOUR,
      why: 'It waits.',
    });
    expect(await watched(NOON + HOUR - 1)).not.toContain('q-held');
    expect(await watched(NOON + HOUR)).toContain('q-held');
    const overdue = (await watch.unsettled(5000, NOON + HOUR)).find((item) => item.alert.id === 'q-held');
    expect(overdue).toMatchObject({ inWorkflow: false, receivedAt: NOON + HOUR });
  });

  test('what is let go waits for its workflow again, and is watched from then on', async () => {
    const { quiet, watch } = getStore();
    const position = await accepted('q-let-go');
    await quiet.record({ ...NOTHING, hold: [hold(position, NOON + HOUR)] }, NOON);
    await quiet.record({ ...NOTHING, release: [position] }, NOON + 1000);
    expect((await waiting()).get('q-let-go')).toBe(position);
    expect((await watch.unsettled(5000)).find((item) => item.alert.id === 'q-let-go')?.receivedAt).toBe(NOON + 1000);
    expect((await quiet.held(10)).held.some((item) => item.alert.id === 'q-let-go')).toBe(false);
  });

  test('what is folded is counted by why and needs no watching; what a workflow has is neither held nor folded', async () => {
    const { quiet, inbox } = getStore();
    const [folded, taken] = [await accepted('q-folded'), await accepted('q-taken')];
    await inbox.markDelivered([taken], 'incident:quiet:q');
    const before = (await quiet.folded()).settled ?? 0;
    const both = [folded, taken].map((position) => ({ position, fold: 'settled' as const }));
    await quiet.record({ ...NOTHING, hold: [hold(taken, NOON + HOUR)], fold: both }, NOON);
    expect((await quiet.folded()).settled).toBe(before + 1);
    expect(await watched(NOON * 2)).not.toContain('q-folded');
    expect(await watched()).toContain('q-taken');
    await quiet.record({ ...NOTHING, release: [taken] }, NOON);
    expect((await waiting()).has('q-taken')).toBe(false);
  });

  test('what the gate remembers is found again by everybody, by service too', async () => {
    const { quiet } = getStore();
    const condition: Condition = {
      ...{ key: conditionKey(alert('q-known', place('known'))), ...place('known'), fingerprint: 'f-q-known', name: 'ErrorShareHigh', source: 'generic' },
      ...{ seen: 3, status: 'firing', lastAt: NOON, told: 'firing', changes: [NOON], begun: [] },
    };
    await quiet.record({ ...NOTHING, save: [condition] }, NOON);
    await quiet.record({ ...NOTHING, save: [{ ...condition, seen: 4 }] }, NOON);
    expect(await quiet.conditions()).toContainEqual({ ...condition, seen: 4 });
    expect(await quiet.conditionsOf('quiet', 'known')).toHaveLength(1);
    expect(await quiet.conditionsOf('quiet', 'other')).toHaveLength(0);
    await quiet.record({ ...NOTHING, forget: [condition.key] }, NOON);
    expect(await quiet.conditionsOf('quiet')).toHaveLength(0);
  });

  const silence = (id: string, over: Partial<Silence> = {}): Silence => ({
    ...{ id, origin: 'person', match: { service: 'q' }, owner: 'shop-team', reason: 'new shelves', startsAt: NOON, endsAt: NOON + HOUR },
    ...over,
  });
  const current = async (now: number): Promise<string[]> => (await getStore().silences.current(now)).map((one) => one.id);

  test('a silence lasts until it ends or somebody ends it, and each stands in the audit', async () => {
    const { silences, audit } = getStore();
    await silences.add(silence('sil-a'), 'ana', at(0));
    await silences.add(silence('sil-b'), 'ana', at(0));
    expect(await current(NOON)).toEqual(expect.arrayContaining(['sil-a', 'sil-b']));
    expect(await silences.end('sil-a', 'ben', at(60))).toMatchObject({ id: 'sil-a', endsAt: NOON + 60_000 });
    expect(await silences.end('sil-a', 'ben', at(61))).toBe('unknown');
    expect(await current(NOON + 60_000)).not.toContain('sil-a');
    expect(await current(NOON + HOUR)).not.toContain('sil-b');
    const told = (await audit.read('system')).filter((record) => record.kind === 'silence' && record.data?.['id'] === 'sil-a');
    expect(told.map((record) => record.actor)).toEqual(['person:ana', 'person:ben']);
  });

  test('what is read from another system takes the place of what was read before, and only there is it ended', async () => {
    const { silences } = getStore();
    const one = (id: string, over: Partial<Silence> = {}): Silence => silence(id, { origin: 'alertmanager', from: 'http://am', ...over });
    await silences.replace('http://other', [one('am-other', { from: 'http://other' })], NOON);
    expect(await silences.replace('http://am', [one('am-a'), one('am-b')], NOON)).toEqual({ added: 2, changed: 0, ended: 0 });
    const longer = one('am-a', { endsAt: NOON + 2 * HOUR });
    expect(await silences.replace('http://am', [longer], NOON + 1)).toEqual({ added: 0, changed: 1, ended: 1 });
    expect((await current(NOON + 2)).filter((id) => id.startsWith('am-')).sort()).toEqual(['am-a', 'am-other']);
    expect(await silences.end('am-a', 'ben', at(1))).toBe('imported');
  });

  describe('a message that waits for a silence', () => {
    const due = async (now: number, incidentId: string): Promise<string[]> => [
      ...new Set((await getStore().outbox.due(now, 5000)).map((row) => row.notification.id).filter((id) => id.startsWith(`${incidentId}/`))),
    ];
    const held = (id: string) => ({ kind: 'hold', hold: id, until: NOON + HOUR, why: '' }) as const;

    test('comes when it ends, also when somebody ends it early, and the newest stands for all', async () => {
      const { transitions, silences } = getStore();
      await silences.add(silence('sil-wait'), 'ana', at(0));
      await transitions.apply(transition('inc-quiet-a', 1, 1, { notify: 'proposed' }), held('sil-wait'));
      await transitions.apply(transition('inc-quiet-a', 2, 2, { notify: 'escalated' }), held('sil-wait'));
      expect(await due(NOON + HOUR - 1, 'inc-quiet-a')).toEqual([]);
      expect(await due(NOON + HOUR, 'inc-quiet-a')).toEqual(['inc-quiet-a/1/escalated']);
      await silences.end('sil-wait', 'ben', at(60));
      expect(await due(NOON + 60_000, 'inc-quiet-a')).toEqual(['inc-quiet-a/1/escalated']);
    });

    test('never comes when the incident is over that nobody heard of; of one that was heard of the end is told', async () => {
      const { transitions } = getStore();
      await transitions.apply(transition('inc-quiet-b', 1, 1, { notify: 'escalated' }), held('sil-x'));
      await transitions.apply(transition('inc-quiet-b', 2, 2, { notify: 'resolved' }, { status: 'resolved' }), held('sil-x'));
      expect(await due(NOON * 2, 'inc-quiet-b')).toEqual([]);
      await transitions.apply(transition('inc-quiet-c', 1, 1, { notify: 'escalated' }));
      await transitions.apply(transition('inc-quiet-c', 2, 2, { notify: 'resolved' }, { status: 'resolved' }), held('sil-x'));
      expect(await due(NOON + HOUR, 'inc-quiet-c')).toEqual(['inc-quiet-c/1/escalated', 'inc-quiet-c/1/resolved']);
    });

    test('about an alert that came back is dropped when it flaps, and one that is folded is never written', async () => {
      const { transitions, quiet } = getStore();
      await transitions.apply(transition('inc-quiet-d', 1, 1, { notify: 'relapsed' }), { kind: 'hold', hold: 'unsteady', until: NOON + 1000, why: '' });
      await transitions.apply(transition('inc-quiet-d', 2, 2, { notify: 'escalated' }), { kind: 'drop' });
      expect(await due(NOON + 1000, 'inc-quiet-d')).toEqual(['inc-quiet-d/1/relapsed']);
      await quiet.record({ ...NOTHING, drop: ['inc-quiet-d'] }, NOON);
      expect(await due(NOON + 1000, 'inc-quiet-d')).toEqual([]);
    });
  });
}
