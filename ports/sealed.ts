/** A text that was sealed. */
export interface SealedText {
  readonly key: string;
  /** For people: the file, or the object and its version. */
  readonly name: string;
  read(): Promise<string>;
}

/** Texts that are written once: a folder, or a prefix of a bucket with Object Lock, where nobody can take one away before its time. */
export interface SealedTexts {
  /** For people. */
  readonly name: string;
  /** Throws `conflict` where the place cannot keep what is sealed. */
  seal(key: string, text: string): Promise<void>;
  /** Those under keys that begin so, in the order of keys, with every version that was ever put there. */
  all(prefix: string): AsyncIterable<SealedText>;
}
