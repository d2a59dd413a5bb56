import type { Migration } from '../migrate';

/**
 * Documents of resolved incidents, with what is learnt from them where it was confirmed, and vectors of the texts of their cards. Vectors are arrays, as not every database has
 * pgvector: where it is installed they are cast to its type.
 */
export const knowledge: Migration = {
  id: '0015-knowledge',
  olderReads: true,
  statements: [
    `create table nightshift.incident_documents (
      incident_id text primary key, version integer not null, form integer not null, closed_at bigint not null, markdown text not null,
      lesson text, card_digest text)`,
    `create index lessons_by_end on nightshift.incident_documents (closed_at desc, incident_id) where lesson is not null`,
    `create index incidents_by_end on nightshift.incidents (closed_at) where closed_at is not null`,
    `create table nightshift.card_vectors (
      digest text not null, model text not null, dimension integer not null, vector real[] not null, primary key (digest, model, dimension))`,
  ],
};
