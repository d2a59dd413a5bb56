import type { RoundOutcome } from '../domain/knowledge/confirmed';
import type { Lesson } from '../domain/knowledge/lesson';
import type { SimilarIncident } from '../domain/knowledge/similar';
import type { IncidentView } from '../domain/incident-view';

/** A resolved incident that has no document of its present form. */
export interface Undocumented {
  readonly view: IncidentView;
  /** Of the ledger, oldest first. */
  readonly outcomes: readonly RoundOutcome[];
}

/** A document, with what is learnt from its incident where that was confirmed. */
export interface WrittenDocument {
  readonly incidentId: string;
  /** Of the incident's view that it tells of. */
  readonly version: number;
  /** DOCUMENT_FORM when it was made. */
  readonly form: number;
  /** When the incident ended, epoch milliseconds. */
  readonly closedAt: number;
  readonly markdown: string;
  readonly lesson?: Lesson;
}

/** Documents of resolved incidents. */
export interface IncidentDocuments {
  /** Resolved incidents that ended at `since` (epoch milliseconds) or later and whose document is missing, older than the incident, or of an older form; the longest closed first, without those that are named. */
  undocumented(since: number, form: number, limit: number, except?: readonly string[]): Promise<readonly Undocumented[]>;
  /** Keeps it unless a newer one is there. */
  write(document: WrittenDocument): Promise<void>;
  read(incidentId: string): Promise<string | undefined>;
}

/** What was learnt from resolved incidents. */
export interface Lessons {
  /** Of those that are still resolved, the newest first. */
  newest(limit: number): Promise<readonly Lesson[]>;
}

/** Which embedding a vector is: vectors of two kinds are never compared. */
export interface EmbeddingKind {
  readonly model: string;
  /** Numbers in a vector. */
  readonly dimension: number;
}

/** Vectors of the texts of cards, kept once for each text and kind. */
export interface CardVectors {
  /** Texts of the newest lessons that have no vector of a kind. */
  missing(kind: EmbeddingKind, limit: number): Promise<readonly string[]>;
  of(text: string, kind: EmbeddingKind): Promise<Float32Array | undefined>;
  keep(vectors: readonly { readonly text: string; readonly vector: Float32Array }[], kind: EmbeddingKind): Promise<void>;
  /** Cosine to the newest lessons that have a vector of that kind, by incident. */
  nearness(vector: Float32Array, kind: EmbeddingKind, limit: number): Promise<ReadonlyMap<string, number>>;
}

/** Past incidents that are like one. */
export interface SimilarAnswer {
  readonly similar: readonly SimilarIncident[];
  /** What they were compared by: words alone, or the meanings of texts too. */
  readonly by: 'text' | 'text and embeddings';
  /** Why embeddings were not used though they are configured. */
  readonly note?: string;
}

/** Finds past incidents that are like one. */
export interface SimilarIncidents {
  find(view: IncidentView, most: number): Promise<SimilarAnswer>;
}
