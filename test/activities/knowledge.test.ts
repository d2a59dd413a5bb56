import { documenter, embedSome } from '../../activities/knowledge';
import { similarForEvidence, similarIncidents } from '../../activities/similar';
import { NightshiftError } from '../../domain/errors';
import type { IncidentView } from '../../domain/incident-view';
import type { Embedder } from '../../ports/embedder';
import { fixed, outcome } from '../domain/knowledge/samples';
import { sampleView } from '../fakes/incident-samples';
import { MemoryStore } from '../fakes/memory-store';

const END = Date.parse('2026-11-20T14:30:00.000Z');
let store: MemoryStore;
let warned: string[];
beforeEach(() => {
  store = new MemoryStore();
  warned = [];
});

const put = (...views: readonly IncidentView[]): void => views.forEach((view) => void store.incidents.views.set(view.incidentId, view));
const deps = () => ({
  ...{ knowledge: store.knowledge, audit: store.audit, evidence: store.evidence },
  clock: { now: () => END + 60_000 },
  log: { warn: (_fields: object, message: string) => void warned.push(message) },
});
/** A past incident of a service. */
const past = (name: string, over: Partial<IncidentView> = {}): IncidentView => fixed({ incidentId: `inc-${name}`, ...over });

/** Vectors by the letters of a text; counts what it was asked. */
class LetterEmbedder implements Embedder {
  readonly asked: string[] = [];
  down = false;
  constructor(readonly kind = { model: 'letters', dimension: 26 }) {}

  async embed(texts: readonly string[]): Promise<readonly Float32Array[]> {
    if (this.down) throw new NightshiftError('unreachable', 'bedrock does not answer');
    this.asked.push(...texts);
    return texts.map((text) => Float32Array.from({ length: 26 }, (_, i) => text.split(String.fromCharCode(97 + i)).length - 1));
  }
}

describe('documents', () => {
  test('each resolved incident gets its document once, also of one that ended long before', async () => {
    const writer = documenter(deps());
    put(past('old', { resolvedAt: '2024-01-01T00:00:00.000Z' }), past('new'), sampleView());
    expect(await writer.turn()).toBe(false);
    expect([...store.knowledge.written.keys()]).toEqual(['inc-old', 'inc-new']);
    const first = store.knowledge.written.get('inc-new');
    await documenter(deps()).turn();
    expect(store.knowledge.written.get('inc-new')).toBe(first);
  });

  test('many are written in parts', async () => {
    put(...Array.from({ length: 25 }, (_, i) => past(`n${String(i)}`)));
    const writer = documenter(deps());
    expect([await writer.turn(), await writer.turn()]).toEqual([true, false]);
    expect(store.knowledge.written.size).toBe(25);
  });

  test('only a confirmed end is learnt from', async () => {
    put(past('fixed'), past('unaided', { outcome: { kind: 'recovered-unaided', summary: 'every alert ended' } }));
    store.knowledge.outcomes.set('inc-fixed', [outcome('recovered')]);
    await documenter(deps()).turn();
    expect(store.knowledge.written.get('inc-unaided')).not.toHaveProperty('lesson');
    expect(store.knowledge.written.get('inc-fixed')?.lesson).toMatchObject({ confirmedBy: 'measurement', card: { cause: 'bad-release' } });
  });

  test('one that cannot be written keeps no other waiting', async () => {
    put(past('broken', { resolvedAt: '2026-11-20T14:00:00.000Z' }), past('whole'));
    const read = store.audit.read.bind(store.audit);
    store.audit.read = (stream) => (stream === 'inc-broken' ? Promise.reject(new NightshiftError('internal', 'altered')) : read(stream));
    const writer = documenter(deps());
    await writer.turn();
    await writer.turn();
    expect([[...store.knowledge.written.keys()], warned]).toEqual([['inc-whole'], ['the document of an incident could not be written']]);
  });

  test('one whose evidence was altered is written without it', async () => {
    put(past('fixed'));
    store.evidence.ofRound = () => Promise.reject(new NightshiftError('internal', 'altered'));
    await documenter(deps()).turn();
    expect(await store.knowledge.read('inc-fixed')).toContain('E01: error share rose');
  });

  test('while the store does not answer nothing is given up', async () => {
    put(past('fixed'));
    store.evidence.ofRound = () => Promise.reject(new NightshiftError('unreachable', 'down'));
    const writer = documenter(deps());
    await expect(writer.turn()).rejects.toMatchObject({ code: 'unreachable' });
    delete (store.evidence as { ofRound?: unknown }).ofRound;
    Object.assign(store.evidence, new MemoryStore().evidence);
    await writer.turn();
    expect([...store.knowledge.written.keys()]).toEqual(['inc-fixed']);
  });
});

describe('similar incidents', () => {
  const open = sampleView();
  const ids = async (embedder?: Embedder): Promise<readonly string[]> =>
    (await similarIncidents({ ...deps(), embedder }).find(open, 5)).similar.map(({ incidentId }) => incidentId);
  beforeEach(async () => {
    put(open, past('like'), past('unaided', { outcome: { kind: 'recovered-unaided', summary: 'ended' } }));
    store.knowledge.outcomes.set('inc-like', [outcome('recovered')]);
    await documenter(deps()).turn();
  });

  test('an open incident finds a confirmed one that is like it, with what helped, and none that nobody confirmed', async () => {
    const answer = await similarIncidents(deps()).find(open, 5);
    expect(answer).toMatchObject({ by: 'text', similar: [{ incidentId: 'inc-like', cause: 'bad-release', helped: [{ runbook: 'rollback-release' }] }] });
    expect(answer.similar).toHaveLength(1);
  });

  test('evidence names three of them at most', async () => {
    put(...Array.from({ length: 5 }, (_, i) => past(`more${String(i)}`)));
    await documenter(deps()).turn();
    expect(await similarForEvidence(similarIncidents(deps()), open)).toHaveLength(3);
  });

  test('texts are embedded once for a model, and again for another', async () => {
    const [one, other] = [new LetterEmbedder(), new LetterEmbedder({ model: 'other', dimension: 26 })];
    await embedSome({ ...deps(), embedder: one });
    await embedSome({ ...deps(), embedder: one });
    expect(one.asked).toHaveLength(1);
    await embedSome({ ...deps(), embedder: other });
    expect(other.asked).toEqual(one.asked);
    await similarIncidents({ ...deps(), embedder: one }).find(open, 5);
    await similarIncidents({ ...deps(), embedder: one }).find(open, 5);
    // The open incident's card says the same as that of the past one, whose vector is there.
    expect(one.asked).toHaveLength(1);
  });

  test('with embeddings the answer says so, and by which model', async () => {
    const embedder = new LetterEmbedder();
    await embedSome({ ...deps(), embedder });
    const answer = await similarIncidents({ ...deps(), embedder }).find(open, 5);
    expect(answer.by).toBe('text and embeddings');
    expect(answer.similar[0]?.because.at(-1)).toBe('its text means much the same: 1.00 by letters');
  });

  test('where embeddings fail words are compared, and the answer says why', async () => {
    const embedder = new LetterEmbedder();
    embedder.down = true;
    expect(await ids(embedder)).toEqual(['inc-like']);
    const { by, note } = await similarIncidents({ ...deps(), embedder }).find(open, 5);
    expect([by, note]).toEqual(['text', 'Meanings were not compared: bedrock does not answer']);
  });

  test('what is sent to be embedded is a card of names and templates, and no line, title or person', async () => {
    const embedder = new LetterEmbedder();
    await embedSome({ ...deps(), embedder });
    expect(embedder.asked).toEqual(['service: bookshop\ncause: bad-release\nalerts: ErrorShareHigh']);
  });
});
