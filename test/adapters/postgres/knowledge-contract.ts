/* eslint-disable jest/no-export -- a suite that is run against every database */
import { cardText } from '../../../domain/knowledge/card';
import type { Lesson } from '../../../domain/knowledge/lesson';
import type { WrittenDocument } from '../../../ports/knowledge';
import type { Store } from '../../../ports/store';
import { incident, NOON, transition } from './samples-of-data';

// Far from what the other contracts write.
const END = NOON + 700 * 86_400_000;
const KIND = { model: 'm', dimension: 3 };

/** What must hold of documents of incidents, of what was learnt, and of vectors. */
export function knowledgeContract(getStore: () => Store): void {
  const resolve = async (id: string, seconds: number, version = 1): Promise<void> => {
    const iso = new Date(END + seconds * 1000).toISOString();
    await getStore().transitions.apply(transition(id, version, version, {}, { status: 'resolved', resolvedAt: iso, updatedAt: iso }));
  };
  const waiting = async (form = 1, except: readonly string[] = []): Promise<string[]> =>
    (await getStore().knowledge.undocumented(END, form, 100, except)).map(({ view }) => view.incidentId);

  test('resolved incidents wait for their documents, the longest closed first, until these are written', async () => {
    const { knowledge, transitions } = getStore();
    const [late, early, open] = [incident(), incident(), incident()];
    await resolve(late, 20);
    await resolve(early, 10);
    await transitions.apply(transition(open, 1, 1));
    expect(await waiting()).toEqual([early, late]);
    expect(await waiting(1, [early])).toEqual([late]);
    await knowledge.write(written(early, 10));
    await knowledge.write(written(late, 20));
    expect(await waiting()).toEqual([]);
    expect([await knowledge.read(early), await knowledge.read(open)]).toEqual([`# ${early}`, undefined]);
  });

  test('a document waits again when its incident has moved on, or documents are made otherwise; an older one replaces nothing', async () => {
    const { knowledge } = getStore();
    const id = incident();
    await resolve(id, 30);
    await knowledge.write(written(id, 30));
    expect(await waiting(2)).toContain(id);
    await resolve(id, 30, 2);
    expect(await waiting()).toEqual([id]);
    await knowledge.write({ ...written(id, 30), version: 2, markdown: 'newer' });
    await knowledge.write(written(id, 30));
    expect([await waiting(), await knowledge.read(id)]).toEqual([[], 'newer']);
  });

  test('an incident comes with what the ledger holds of it, in order', async () => {
    const id = incident();
    const outcome = (verdict: 'recovered' | 'relapsed', round: number) => ({
      round,
      runbook: 'r',
      runbookHash: 'h',
      environment: 'prod',
      service: 's',
      cause: 'bad-release' as const,
      verdict,
    });
    const iso = (seconds: number): string => new Date(END + seconds * 1000).toISOString();
    await getStore().transitions.apply(transition(id, 1, 1, { outcome: outcome('recovered', 1) }, { updatedAt: iso(1) }));
    await getStore().transitions.apply(transition(id, 2, 2, { outcome: outcome('relapsed', 1) }, { updatedAt: iso(2) }));
    await getStore().transitions.apply(
      transition(id, 3, 3, { outcome: outcome('recovered', 2) }, { updatedAt: iso(40), resolvedAt: iso(40), status: 'resolved' }),
    );
    const [found] = await getStore().knowledge.undocumented(END + 40_000, 1, 1);
    expect(found?.view.incidentId).toBe(id);
    expect(found?.outcomes).toEqual([
      { round: 1, runbook: 'r', service: 's', cause: 'bad-release', verdict: 'recovered' },
      { round: 1, runbook: 'r', service: 's', cause: 'bad-release', verdict: 'relapsed' },
      { round: 2, runbook: 'r', service: 's', cause: 'bad-release', verdict: 'recovered' },
    ]);
    await getStore().knowledge.write(written(id, 40));
  });

  test('lessons are those of confirmed ends, the newest first', async () => {
    const { knowledge } = getStore();
    const [old, unconfirmed, fresh] = [incident(), incident(), incident()];
    for (const [id, at] of [
      [old, 50],
      [unconfirmed, 55],
      [fresh, 60],
    ] as const)
      await resolve(id, at);
    await knowledge.write({ ...written(old, 50), lesson: lessonOf(old, 'payments') });
    await knowledge.write(written(unconfirmed, 55));
    await knowledge.write({ ...written(fresh, 60), lesson: lessonOf(fresh, 'cart') });
    expect(await knowledge.newest(10)).toEqual([lessonOf(fresh, 'cart'), lessonOf(old, 'payments')]);
    expect(await knowledge.newest(1)).toEqual([lessonOf(fresh, 'cart')]);
  });

  test('texts wait for the vectors of the configured model, and after a change of it for those of the next', async () => {
    const { knowledge } = getStore();
    const text = cardText(lessonOf('any', 'cart').card);
    expect(await knowledge.missing(KIND, 10)).toEqual([text, cardText(lessonOf('any', 'payments').card)]);
    await knowledge.keep([{ text, vector: Float32Array.of(0.25, -1, 3e-7) }], KIND);
    expect(await knowledge.missing(KIND, 10)).toEqual([cardText(lessonOf('any', 'payments').card)]);
    expect(await knowledge.of(text, KIND)).toEqual(Float32Array.of(0.25, -1, 3e-7));
    expect(await knowledge.missing({ model: 'other', dimension: 3 }, 1)).toEqual([text]);
    expect(await knowledge.of(text, { ...KIND, dimension: 4 })).toBeUndefined();
  });

  test('vectors are compared by their cosines, and never with those of another model', async () => {
    const { knowledge } = getStore();
    const kind = { model: 'cosines', dimension: 3 };
    const text = (service: string): string => cardText(lessonOf('any', service).card);
    await knowledge.keep(
      [
        { text: text('cart'), vector: Float32Array.of(2, 0, 0) },
        { text: text('payments'), vector: Float32Array.of(-3, 0, 4) },
      ],
      kind,
    );
    await knowledge.keep([{ text: text('payments'), vector: Float32Array.of(9, 9, 9) }], kind);
    const near = await knowledge.nearness(Float32Array.of(1, 0, 0), kind, 10);
    expect([...near.values()].map((value) => Number(value.toFixed(6))).sort()).toEqual([-0.6, 1]);
    expect((await knowledge.nearness(Float32Array.of(1, 0, 0), kind, 1)).size).toBe(1);
    expect((await knowledge.nearness(Float32Array.of(0, 0, 0), kind, 1)).values().next().value).toBe(0);
    expect(await knowledge.nearness(Float32Array.of(1, 0, 0), { model: 'nobody', dimension: 3 }, 10)).toEqual(new Map());
  });
}

function written(incidentId: string, seconds: number): WrittenDocument {
  return { incidentId, version: 1, form: 1, closedAt: END + seconds * 1000, markdown: `# ${incidentId}` };
}

function lessonOf(incidentId: string, service: string): Lesson {
  const at = new Date(END).toISOString();
  return {
    card: { incidentId, environment: 'prod', service, alerts: ['A'], logs: [], changes: [], signs: [] },
    ...{ title: 't', openedAt: at, resolvedAt: at, confirmedBy: 'measurement', remedies: [], summary: 's' },
  };
}
