/* eslint-disable jest/no-export -- a suite that is run against every database */
import fc from 'fast-check';
import { digestOf } from '../../../domain/digest';
import { errorCode } from '../../../domain/errors';
import type { Store } from '../../../ports/store';
import { at, entry, incident, NOON, transition, view } from './samples-of-data';

const ZEROS = '0'.repeat(64);

/** What must hold of transitions and the audit. */
export function transitionContract(getStore: () => Store): void {
  test('chains the records of a stream, and all records in one ledger', async () => {
    const { transitions, audit } = getStore();
    const [a, b] = [incident(), incident()];
    await transitions.apply(transition(a, 1, 2));
    await transitions.apply(transition(b, 1, 1));
    const head = await transitions.apply(transition(a, 3, 3));
    const records = await audit.read(a);
    expect(records.map((r) => r.seq)).toEqual([1, 2, 3]);
    expect(records[0]?.prev).toBe(ZEROS);
    for (const [i, { hash, prev, position: _p, ledger: _l, ...content }] of records.entries()) {
      expect(content).toEqual({ stream: a, ...entry(i + 1) });
      expect(prev).toBe(records[i - 1]?.hash ?? ZEROS);
      expect(hash).toBe(digestOf({ ...content, prev }));
    }
    expect(head).toEqual({ count: 3, hash: records[2]?.hash });
    const [other] = await audit.read(b);
    expect([other?.position, records[2]?.position]).toEqual([(records[1]?.position ?? 0) + 1, (records[1]?.position ?? 0) + 2]);
    expect((await audit.verify({ heads: { [a]: head } })).faults).toEqual([]);
  });

  test('refuses another content under a number that is taken, and a gap, and then changes nothing', async () => {
    const store = getStore();
    const id = incident();
    const head = await store.transitions.apply(transition(id, 1, 2));
    const other = { ...transition(id, 2, 3), records: [entry(2, { summary: 'something else' }), entry(3)], notify: 'opened' as const };
    await expect(store.transitions.apply(other)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('Record 2') as string });
    await expect(store.transitions.apply(transition(id, 4, 4))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('number 3, not 4') as string,
    });
    await expect(store.transitions.apply({ ...transition(id, 3, 3), view: view('inc-other', 3) })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(store.transitions.apply(transition('../../escape', 1, 1))).rejects.toMatchObject({ code: 'invalid_input' });
    expect((await store.audit.read(id)).at(-1)?.hash).toBe(head.hash);
    expect((await store.incidents.get(id))?.version).toBe(2);
  });

  test('whatever is sent again, late or in overlapping parts, the history is the one that was written', async () => {
    const { transitions, audit, incidents: reader } = getStore();
    const part = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 10 }), async (parts) => {
        const id = incident();
        let count = 0;
        for (const [from, more] of parts) {
          const known = count;
          const answer = await transitions.apply(transition(id, from, from + more)).then(
            (head) => head.count,
            (error: unknown) => errorCode(error),
          );
          expect(answer).toBe(from > known + 1 ? 'conflict' : Math.max(known, from + more));
          count = typeof answer === 'number' ? answer : known;
          expect(await audit.read(id)).toHaveLength(count);
        }
        expect((await reader.get(id))?.version).toBe(count === 0 ? undefined : count);
        expect((await audit.read(id)).map(({ seq, summary }) => [seq, summary])).toEqual(Array.from({ length: count }, (_, i) => [i + 1, `entry ${i + 1}`]));
        expect((await audit.verify({ stream: id })).faults).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test('writers at the same time leave no gap in the ledger', async () => {
    const { transitions, audit } = getStore();
    const ids = Array.from({ length: 8 }, incident);
    await Promise.all(
      ids.map(async (id) => {
        for (let seq = 1; seq <= 5; seq += 1) await transitions.apply(transition(id, seq, seq));
      }),
    );
    const same = incident();
    await Promise.all(Array.from({ length: 8 }, () => transitions.apply(transition(same, 1, 4))));
    expect(await audit.read(same)).toHaveLength(4);
    expect((await audit.verify({})).faults).toEqual([]);
  });

  test('entries of the system number themselves', async () => {
    const { audit } = getStore();
    const before = (await audit.read('system')).length;
    await Promise.all([1, 2, 3].map((i) => audit.append({ at: at(i), actor: 'person:ana', kind: 'key', summary: `key ${i}` })));
    expect((await audit.read('system')).slice(before).map((r) => r.seq)).toEqual([before + 1, before + 2, before + 3]);
    expect(await audit.streams()).toContain('system');
  });
}

/** What must hold of the outbox. */
export function outboxContract(getStore: () => Store): void {
  const drain = async () => {
    for (const { notification, channel } of await getStore().outbox.due(NOON * 2, 1000)) await getStore().outbox.sent(notification.id, channel, NOON);
  };
  beforeEach(drain);

  test('one notification a reason and round for each channel that wants it, however often the transition is sent', async () => {
    const { transitions, outbox } = getStore();
    const id = incident();
    await transitions.apply(transition(id, 1, 1, { notify: 'opened' }));
    await transitions.apply(transition(id, 2, 2, { notify: 'escalated' }));
    await transitions.apply(transition(id, 1, 2, { notify: 'escalated' }));
    const due = await outbox.due(NOON, 10);
    expect(due.map((d) => [d.notification.id, d.channel])).toEqual([
      [`${id}/1/opened`, 'terminal'],
      [`${id}/1/escalated`, 'terminal'],
      [`${id}/1/escalated`, 'pager'],
    ]);
    expect(due[0]?.notification).toMatchObject({ incidentId: id, reason: 'opened', round: 1, at: at(1), view: view(id, 1) });
  });

  test('a reminder comes again under a new id, but not when its transition is sent again with later records', async () => {
    const { transitions, outbox } = getStore();
    const id = incident();
    const reminded = (seq: number) => entry(seq, { kind: 'reminded' });
    await transitions.apply({ ...transition(id, 1, 1), records: [reminded(1)], notify: 'reminder' });
    await transitions.apply({ ...transition(id, 1, 2), records: [reminded(1), entry(2)], notify: 'reminder' });
    await transitions.apply({ ...transition(id, 3, 3), records: [reminded(3)], notify: 'reminder' });
    expect((await outbox.due(NOON, 10)).map((d) => d.notification.id)).toEqual([`${id}/1/reminder/1`, `${id}/1/reminder/3`]);
  });

  test('what failed waits until its time, what was sent or given up is done', async () => {
    const { transitions, outbox } = getStore();
    const id = incident();
    await transitions.apply(transition(id, 1, 1, { notify: 'escalated' }));
    const name = `${id}/1/escalated`;
    await outbox.failed(name, 'terminal', 'no answer', NOON + 1000);
    await outbox.failed(name, 'pager', 'gone', null);
    expect(await outbox.due(NOON + 999, 10)).toEqual([]);
    expect(await outbox.due(NOON + 1000, 10)).toMatchObject([{ channel: 'terminal', attempts: 1 }]);
    expect(await outbox.toldAt(name)).toBeUndefined();
    await outbox.sent(name, 'terminal', NOON);
    expect(await outbox.due(NOON * 2, 10)).toEqual([]);
    expect(await outbox.toldAt(name)).toBe(NOON);
  });
}

/** What must hold of the projection. */
export function incidentContract(getStore: () => Store): void {
  test('pages go newest first without a double or a gap, also among incidents of the same moment', async () => {
    const { transitions, incidents: reader } = getStore();
    const ids = Array.from({ length: 7 }, incident);
    for (const [i, id] of ids.entries()) {
      await transitions.apply({ ...transition(id, 1, 1), view: view(id, 1, { service: 'paged', openedAt: at(Math.floor(i / 3)) }) });
    }
    const seen: string[] = [];
    for (let cursor: string | undefined, page = 0; page === 0 || cursor !== undefined; page += 1) {
      const result = await reader.list({ service: 'paged', limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...result.incidents.map((i) => i.incidentId));
      cursor = result.next;
    }
    expect(seen).toEqual([ids[6], ids[3], ids[4], ids[5], ids[0], ids[1], ids[2]]);
  });

  test('filters by state, severity, environment and service, and refuses a cursor or a page size that is none', async () => {
    const { transitions, incidents: reader } = getStore();
    const [open, closed, staging] = [incident(), incident(), incident()];
    const put = (id: string, over: Parameters<typeof view>[2]) =>
      transitions.apply({ ...transition(id, 1, 1), view: view(id, 1, { service: 'filtered', ...over }) });
    await put(open, { severity: 'sev1', status: 'escalated' });
    await put(closed, { status: 'resolved', resolvedAt: at(60), openedAt: at(-5) });
    await put(staging, { environment: 'staging', openedAt: at(-9) });
    const ids = async (filter: object) => (await reader.list({ service: 'filtered', limit: 50, ...filter })).incidents.map((i) => i.incidentId);
    expect(await ids({})).toEqual([open, closed, staging]);
    expect(await ids({ open: true })).toEqual([open, staging]);
    expect(await ids({ open: false })).toEqual([closed]);
    expect(await ids({ status: ['escalated', 'resolved'] })).toEqual([open, closed]);
    expect(await ids({ severity: ['sev1'] })).toEqual([open]);
    expect(await ids({ environment: 'staging' })).toEqual([staging]);
    expect((await reader.lastClosed('prod', 'filtered'))?.incidentId).toBe(closed);
    expect(await reader.lastClosed('staging', 'filtered')).toBeUndefined();
    for (const cursor of ['x', '', Buffer.from('[1]').toString('base64url'), Buffer.from('{"a":1}').toString('base64url')]) {
      await expect(reader.list({ limit: 1, cursor })).rejects.toMatchObject({ code: 'invalid_input' });
    }
    await expect(reader.list({ limit: 0 })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('an older projection does not replace a newer one', async () => {
    const { transitions, incidents: reader } = getStore();
    const id = incident();
    await transitions.apply({ ...transition(id, 1, 3), view: view(id, 3, { title: 'newer' }) });
    await transitions.apply({ ...transition(id, 1, 2), view: view(id, 2, { title: 'older' }) });
    expect((await reader.get(id))?.title).toBe('newer');
  });
}
