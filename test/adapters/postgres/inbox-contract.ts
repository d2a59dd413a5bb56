/* eslint-disable jest/no-export -- a suite that is run against every database */
import { placeOf } from '../../../domain/routing';
import type { Store } from '../../../ports/store';
import { alert, NOON } from './samples-of-data';

/** What the inbox of every store must do. */
export function inboxContract(getStore: () => Store): void {
  test('takes a thousand alerts at once, each id once, and gives them out in the order in which they came', async () => {
    const { inbox } = getStore();
    const batch = Array.from({ length: 1000 }, (_, i) => alert(`many-${999 - i}`));
    expect(await inbox.accept(batch, NOON, 5000)).toEqual({ accepted: 1000, duplicates: 0 });
    expect(await inbox.accept([alert('many-1'), alert('one-more'), alert('one-more')], NOON + 500, 5000)).toEqual({ accepted: 3, duplicates: 2 });
    const waiting = await inbox.undelivered(2000);
    expect(waiting.map((item) => item.alert.id)).toEqual([...batch.map((a) => a.id), 'one-more']);
    expect(await inbox.backlog(NOON + 2000)).toEqual({ count: 1001, oldestMs: 2000 });
    await inbox.markDelivered(
      waiting.slice(0, 1000).map((item) => item.position),
      'incident:prod:bookshop',
    );
    expect(await inbox.backlog(NOON + 2000)).toEqual({ count: 1, oldestMs: 1500 });
    await inbox.markDelivered([waiting[1000]?.position ?? 0], 'incident:prod:bookshop');
    expect(await inbox.undelivered(10)).toEqual([]);
    expect(await inbox.backlog(NOON)).toEqual({ count: 0, oldestMs: 0 });
  });

  test('leaves out what comes from the places that are named', async () => {
    const { inbox } = getStore();
    const [here, there] = [alert('place-1'), alert('place-2', { service: 'elsewhere' })];
    await inbox.accept([here, there], NOON, 100);
    const waiting = await inbox.undelivered(10, [placeOf(here), 'nowhere']);
    expect(waiting.map((item) => item.alert.id)).toEqual(['place-2']);
    await inbox.markDelivered(
      (await inbox.undelivered(10)).map((item) => item.position),
      'w',
    );
  });

  test('stores nothing and says overloaded when it is full, but still says yes to what it has', async () => {
    const { inbox } = getStore();
    await inbox.accept([alert('full-1'), alert('full-2')], NOON, 2);
    await expect(inbox.accept([alert('full-3')], NOON, 2)).rejects.toMatchObject({ code: 'overloaded' });
    expect(await inbox.accept([alert('full-1')], NOON, 2)).toEqual({ accepted: 1, duplicates: 1 });
    const waiting = await inbox.undelivered(10);
    expect(waiting.map((item) => item.alert.id)).toEqual(['full-1', 'full-2']);
    await inbox.markDelivered(
      waiting.map((item) => item.position),
      'w',
    );
  });

  test('what many senders bring at the same moment is kept once each, and each is told of its own alerts only', async () => {
    const { inbox } = getStore();
    const answers = await Promise.all([
      inbox.accept([alert('crowd-1'), alert('crowd-2')], NOON, 100),
      inbox.accept([alert('crowd-2'), alert('crowd-3')], NOON, 100),
      inbox.accept([], NOON, 100),
      inbox.accept([alert('crowd\0')], NOON, 100).catch((error: unknown) => error),
      inbox.accept([alert('crowd-4'), alert('crowd-4')], NOON, 100),
    ]);
    expect(answers).toEqual([
      { accepted: 2, duplicates: 0 },
      { accepted: 2, duplicates: 1 },
      { accepted: 0, duplicates: 0 },
      expect.objectContaining({ code: 'invalid_input' }),
      { accepted: 2, duplicates: 1 },
    ]);
    const waiting = await inbox.undelivered(10);
    expect(waiting.map((item) => item.alert.id).sort()).toEqual(['crowd-1', 'crowd-2', 'crowd-3', 'crowd-4']);
    await inbox.markDelivered(
      waiting.map((item) => item.position),
      'w',
    );
  });

  test('of many senders at the same moment those that no longer fit are refused, and the others are not', async () => {
    const { inbox } = getStore();
    const answers = await Promise.all(
      ['1', '2', '3'].map((n) =>
        inbox.accept([alert(`tight-${n}`), alert(`tight-${n}b`)], NOON, 3).then(
          () => 'taken',
          (error: { code: string }) => error.code,
        ),
      ),
    );
    expect(answers.sort()).toEqual(['overloaded', 'taken', 'taken']);
    const waiting = await inbox.undelivered(10);
    expect(waiting).toHaveLength(4);
    await inbox.markDelivered(
      waiting.map((item) => item.position),
      'w',
    );
  });

  test('kept alerts are read by pages, by the workflow that has them and by the time of their arrival', async () => {
    const { inbox } = getStore();
    for (const [i, id] of ['kept-1', 'kept-2', 'kept-3', 'kept-4'].entries()) await inbox.accept([alert(id)], NOON + i, 100);
    const waiting = await inbox.undelivered(10);
    const position = (id: string): number => waiting.find((item) => item.alert.id === id)?.position ?? 0;
    await inbox.markDelivered(['kept-1', 'kept-3', 'kept-4'].map(position), 'kept-w');
    const ids = async (filter: object): Promise<string[]> => (await inbox.kept({ limit: 10, ...filter })).map((item) => item.alert.id);
    expect(await ids({ workflowId: 'kept-w' })).toEqual(['kept-1', 'kept-3', 'kept-4']);
    expect(await ids({ workflowId: 'kept-w', limit: 1, after: position('kept-1') })).toEqual(['kept-3']);
    expect(await ids({ workflowId: 'kept-w', since: NOON, until: NOON + 2 })).toEqual(['kept-3']);
    expect((await inbox.kept({ after: position('kept-1'), limit: 1 })).map(({ alert: { id }, workflowId }) => [id, workflowId])).toEqual([
      ['kept-2', undefined],
    ]);
    await inbox.markDelivered([position('kept-2')], 'w');
  });

  test('keeps outside text exactly, and refuses an id that cannot be stored without harm to what follows', async () => {
    const { inbox } = getStore();
    const odd = alert('odd', { summary: `NUL \0, half a pair \ud800, "quotes" {and,braces} ${String.fromCharCode(92)}` });
    await inbox.accept([odd], NOON, 100);
    await expect(inbox.accept([alert('nul\0')], NOON, 100)).rejects.toMatchObject({ code: 'invalid_input' });
    const waiting = await inbox.undelivered(10);
    expect(waiting.map((item) => item.alert)).toEqual([odd]);
    await inbox.markDelivered(
      waiting.map((item) => item.position),
      'w',
    );
  });
}
