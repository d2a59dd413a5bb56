import type { EmbeddingKind } from './knowledge';

/** Turns texts into vectors whose cosine tells how near their meanings are. */
export interface Embedder {
  readonly kind: EmbeddingKind;
  /** One vector for each text, in order, of the dimension that `kind` says. All are made alike, as incidents are compared with incidents. Throws what the provider's errors are in our table. */
  embed(texts: readonly string[]): Promise<readonly Float32Array[]>;
}
