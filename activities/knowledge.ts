import { errorCode, errorMessage } from '../domain/errors';
import type { EvidenceBundle } from '../domain/evidence';
import { DOCUMENT_FORM, incidentDocument } from '../domain/knowledge/document';
import { lessonOf } from '../domain/knowledge/lesson';
import type { Clock } from '../ports/clock';
import type { Embedder } from '../ports/embedder';
import type { CardVectors, IncidentDocuments, Undocumented } from '../ports/knowledge';
import type { AuditReader, EvidenceStore } from '../ports/store';
import { repeat } from './repeat';
import type { Repeated } from './repeat';

/** What writing documents works with. */
export interface KnowledgeDeps {
  readonly knowledge: IncidentDocuments & CardVectors;
  readonly audit: Pick<AuditReader, 'read'>;
  readonly evidence: Pick<EvidenceStore, 'ofRound'>;
  /** Makes vectors of what is learnt; none are made when absent. */
  readonly embedder?: Embedder | undefined;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
}

const MINUTE_MS = 60_000;
/** Between two parts of one turn: others need the database too. */
const PART_MS = 200;
/** Documents of one part, and texts. */
const MOST = 20;
/** At first, and so often, every incident is looked at; between, only those that ended so shortly before. */
const WHOLE_EVERY_MS = 60 * MINUTE_MS;
const RECENT_MS = 24 * 60 * MINUTE_MS;

/** Writes the documents of resolved incidents. */
export interface Documenter {
  /** Writes some; true when there may be more. Throws what the store throws; then it is done again. */
  turn(): Promise<boolean>;
}

/**
 * Writes each resolved incident's document once, also of those that ended before there were documents, and of one whose document is of an older form again. Nothing of it is in a
 * workflow: killed in between, the next turn finds what is missing.
 */
export function documenter(deps: KnowledgeDeps): Documenter {
  let wholeAt = -Infinity;
  const failed = new Set<string>();
  return {
    async turn() {
      const { knowledge, clock } = deps;
      const begun = clock.now();
      const whole = begun - wholeAt >= WHOLE_EVERY_MS;
      const found = await knowledge.undocumented(whole ? 0 : begun - RECENT_MS, DOCUMENT_FORM, MOST, [...failed]);
      for (const each of found) {
        await document(deps, each).catch((error: unknown) => {
          if (errorCode(error) === 'unreachable') throw error;
          // One that cannot be written, as somebody broke its audit, must not keep the others waiting.
          failed.add(each.view.incidentId);
          deps.log.warn({ incidentId: each.view.incidentId, error: errorMessage(error) }, 'the document of an incident could not be written');
        });
      }
      if (whole && found.length < MOST) wholeAt = begun;
      return found.length === MOST;
    },
  };
}

async function document({ knowledge, audit, evidence, log }: KnowledgeDeps, { view, outcomes }: Undocumented): Promise<void> {
  const { incidentId, round, version } = view;
  const entries = await audit.read(incidentId);
  const bundle = await evidence.ofRound(incidentId, round).then(
    (found): EvidenceBundle | undefined => found?.bundle,
    (error: unknown) => {
      if (errorCode(error) !== 'internal') throw error;
      log.warn({ incidentId, error: errorMessage(error) }, 'the evidence of an incident could not be read for its document');
      return undefined;
    },
  );
  const lesson = lessonOf(view, outcomes, bundle);
  const markdown = incidentDocument({ view, entries, outcomes, bundle });
  const closedAt = Date.parse(view.resolvedAt ?? view.updatedAt);
  await knowledge.write({ incidentId, version, form: DOCUMENT_FORM, closedAt, markdown, ...(lesson && { lesson }) });
}

/** Makes the vectors that are missing for the configured model, some at a time; true when there may be more. After a change of the model all are missing. */
export async function embedSome({ knowledge, embedder }: Pick<KnowledgeDeps, 'knowledge' | 'embedder'>): Promise<boolean> {
  if (!embedder) return false;
  const texts = await knowledge.missing(embedder.kind, MOST);
  if (texts.length === 0) return false;
  const vectors = await embedder.embed(texts);
  await knowledge.keep(
    texts.flatMap((text, i) => (vectors[i] ? [{ text, vector: vectors[i] }] : [])),
    embedder.kind,
  );
  return texts.length === MOST;
}

/** Takes a turn each minute, or again at once while there is more, until it is stopped. */
export function createKnowledgeLoop(deps: KnowledgeDeps): Repeated {
  const writer = documenter(deps);
  const tried = (work: () => Promise<boolean>, what: string): Promise<boolean> =>
    work().catch((error: unknown) => {
      deps.log.warn({ error: errorMessage(error) }, what);
      return false;
    });
  return repeat(async () => {
    const written = await tried(() => writer.turn(), 'documents of incidents could not be written; it is tried again');
    const embedded = await tried(() => embedSome(deps), 'what was learnt could not be embedded; it is tried again, and compared by its words meanwhile');
    return written || embedded ? PART_MS : MINUTE_MS;
  });
}
