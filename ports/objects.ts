/** Texts under keys: a folder, or a prefix of a bucket. */
export interface Objects {
  /** For people. */
  readonly name: string;
  /** What was there under the key is replaced. */
  put(key: string, text: string, mediaType: string): Promise<void>;
  /** Undefined where there is none. */
  get(key: string): Promise<string | undefined>;
  /** Keys that begin so, in their order. */
  keys(prefix: string): AsyncIterable<string>;
}
