import { errorMessage } from '../domain/errors';
import type { IncidentView } from '../domain/incident-view';
import { cardOf, cardText } from '../domain/knowledge/card';
import { NEWEST_LESSONS, rankSimilar } from '../domain/knowledge/similar';
import type { Meaning, SimilarIncident } from '../domain/knowledge/similar';
import type { Embedder } from '../ports/embedder';
import type { CardVectors, Lessons, SimilarIncidents } from '../ports/knowledge';
import type { EvidenceStore } from '../ports/store';

/** What finding similar incidents works with. */
export interface SimilarDeps {
  readonly knowledge: Lessons & CardVectors;
  readonly evidence: Pick<EvidenceStore, 'ofRound'>;
  /** Compares meanings too; words alone where it is absent or fails. */
  readonly embedder?: Embedder | undefined;
}

/** Past incidents that evidence names at most. */
const MOST_IN_EVIDENCE = 3;

/** Compares an incident with the newest that something was learnt from. */
export function similarIncidents({ knowledge, evidence, embedder }: SimilarDeps): SimilarIncidents {
  return {
    async find(view, most) {
      const bundle = (await evidence.ofRound(view.incidentId, view.round))?.bundle;
      const card = cardOf(view, bundle);
      const lessons = await knowledge.newest(NEWEST_LESSONS);
      if (!embedder || lessons.length === 0) return { similar: rankSimilar(card, lessons, most), by: 'text' };
      try {
        const meaning = await meaningOf(knowledge, embedder, cardText(card));
        return { similar: rankSimilar(card, lessons, most, meaning), by: 'text and embeddings' };
      } catch (error) {
        return { similar: rankSimilar(card, lessons, most), by: 'text', note: `Meanings were not compared: ${errorMessage(error)}` };
      }
    },
  };
}

/** At most three for the evidence of an incident, each with something that was run or that a person wrote. */
export async function similarForEvidence(similar: SimilarIncidents, view: IncidentView): Promise<readonly SimilarIncident[]> {
  return (await similar.find(view, MOST_IN_EVIDENCE)).similar;
}

/** Its vector is kept, so that a card that does not change is embedded once. */
async function meaningOf(knowledge: CardVectors, embedder: Embedder, text: string): Promise<Meaning> {
  const kept = await knowledge.of(text, embedder.kind);
  const vector = kept ?? (await embedder.embed([text]))[0];
  if (!vector) return { model: embedder.kind.model, cosines: new Map() };
  if (!kept) await knowledge.keep([{ text, vector }], embedder.kind);
  return { model: embedder.kind.model, cosines: await knowledge.nearness(vector, embedder.kind, NEWEST_LESSONS) };
}
