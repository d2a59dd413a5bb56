import type { ClientSettings } from '../config/client';
import type { SimilarAnswer } from '../ports/knowledge';
import type { ApiRequest } from './http';
import { textOfApi } from './http';
import { queryText } from './requests';

/** What is asked of past incidents. */
export interface KnowledgeClient {
  /** The post-incident document in Markdown. Throws `not_found` before it is written. */
  document(id: string): Promise<string>;
  similar(id: string, limit: number): Promise<SimilarAnswer>;
}

/** The part of the client that reads what was learnt. */
export function knowledgeClient(settings: ClientSettings, call: <T>(request: ApiRequest) => Promise<T>): KnowledgeClient {
  const at = (id: string): string => `/v1/incidents/${encodeURIComponent(id)}`;
  return {
    document: (id) => textOfApi(settings, `${at(id)}/document`, 'text/markdown'),
    similar: (id, limit) => call({ method: 'GET', path: `${at(id)}/similar${queryText({ limit })}` }),
  };
}
