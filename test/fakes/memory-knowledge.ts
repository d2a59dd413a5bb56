import type { IncidentView } from '../../domain/incident-view';
import { cardText } from '../../domain/knowledge/card';
import type { RoundOutcome } from '../../domain/knowledge/confirmed';
import type { Lesson } from '../../domain/knowledge/lesson';
import { NEWEST_LESSONS } from '../../domain/knowledge/similar';
import { cosine } from '../../domain/knowledge/vector';
import type { CardVectors, EmbeddingKind, IncidentDocuments, Lessons, Undocumented, WrittenDocument } from '../../ports/knowledge';

/** Documents, lessons and vectors in memory; tests may put outcomes in themselves. */
export class MemoryKnowledge implements IncidentDocuments, Lessons, CardVectors {
  readonly written = new Map<string, WrittenDocument>();
  readonly outcomes = new Map<string, RoundOutcome[]>();
  readonly vectors = new Map<string, Float32Array>();

  constructor(private readonly views: ReadonlyMap<string, IncidentView>) {}

  async undocumented(since: number, form: number, limit: number, except: readonly string[] = []): Promise<readonly Undocumented[]> {
    return [...this.views.values()]
      .filter((view) => view.status === 'resolved' && endOf(view) >= since && !except.includes(view.incidentId))
      .filter((view) => {
        const there = this.written.get(view.incidentId);
        return there === undefined || there.version < view.version || there.form < form;
      })
      .sort((a, b) => endOf(a) - endOf(b))
      .slice(0, limit)
      .map((view) => ({ view, outcomes: this.outcomes.get(view.incidentId) ?? [] }));
  }

  async write(document: WrittenDocument): Promise<void> {
    this.written.set(document.incidentId, document);
  }

  async read(incidentId: string): Promise<string | undefined> {
    return this.written.get(incidentId)?.markdown;
  }

  async newest(limit: number): Promise<readonly Lesson[]> {
    return [...this.written.values()]
      .sort((a, b) => b.closedAt - a.closedAt)
      .flatMap(({ lesson }) => lesson ?? [])
      .slice(0, limit);
  }

  async missing(kind: EmbeddingKind, limit: number): Promise<readonly string[]> {
    const texts = (await this.newest(NEWEST_LESSONS)).map(({ card }) => cardText(card));
    return [...new Set(texts)].filter((text) => !this.vectors.has(keyOf(text, kind))).slice(0, limit);
  }

  async of(text: string, kind: EmbeddingKind): Promise<Float32Array | undefined> {
    return this.vectors.get(keyOf(text, kind));
  }

  async keep(vectors: readonly { readonly text: string; readonly vector: Float32Array }[], kind: EmbeddingKind): Promise<void> {
    for (const { text, vector } of vectors) this.vectors.set(keyOf(text, kind), vector);
  }

  async nearness(vector: Float32Array, kind: EmbeddingKind, limit: number): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    for (const { card } of await this.newest(limit)) {
      const other = this.vectors.get(keyOf(cardText(card), kind));
      if (other) found.set(card.incidentId, cosine(vector, other));
    }
    return found;
  }
}

function endOf({ resolvedAt, updatedAt }: IncidentView): number {
  return Date.parse(resolvedAt ?? updatedAt);
}

function keyOf(text: string, { model, dimension }: EmbeddingKind): string {
  return JSON.stringify([model, dimension, text]);
}
