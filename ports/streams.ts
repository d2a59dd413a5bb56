/** A record of a stream. */
export interface StreamRecord {
  /** Its place in the shard; later ones have greater numbers, which are too large for a number of JavaScript. */
  readonly sequence: string;
  readonly data: Uint8Array;
}

/** A part of a stream whose records are in order. */
export interface Shard {
  readonly id: string;
  /** Those that it came of, by a split or a merge; what is in them is older. Some may be forgotten already. */
  readonly parents: readonly string[];
}

/** Where a shard is begun to be read: after a record, at what came since a time (epoch milliseconds), or at the oldest record that is still there. */
export type ShardStart = { readonly after: string } | { readonly since: number } | 'oldest';

/** What one read gives. */
export interface RecordPage {
  readonly records: readonly StreamRecord[];
  /** Where the next read begins; undefined where the shard is closed and this was its last page. */
  readonly next?: string;
  /** How far what was read is behind what is newest, milliseconds. */
  readonly behindMs: number;
}

/** A stream of records. All throw `rate_limited` where too much was asked for, which may be asked again. */
export interface RecordStream {
  /** For people, for numbers, and as a part of keys. */
  readonly name: string;
  shards(): Promise<readonly Shard[]>;
  /** A position in a shard, which holds for some minutes. Throws `invalid_input` for a record that the stream never had. */
  open(shard: string, start: ShardStart): Promise<string>;
  read(position: string): Promise<RecordPage>;
}
