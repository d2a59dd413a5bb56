import type { Problem } from '../domain/errors';
import type { RunbookSnapshot } from '../domain/runbook';
import type { RepositoryFile, RepositoryView } from '../domain/runbook-source';

/** The commit that a ref named when it was last asked, with the tag by which the server knows that answer. */
export interface KnownHead {
  readonly commit: string;
  readonly etag?: string;
}

/** What a repository holds now. */
export type RepositoryReading =
  /** The ref names the commit that is known; `head` where the server tells its tag anew. */
  | { readonly kind: 'same'; readonly head?: KnownHead }
  /** It wants to be left alone for so long, milliseconds. */
  | { readonly kind: 'later'; readonly waitMs: number; readonly why: string }
  /** Another commit with all of its runbooks, each the bytes that the commit names; where there are problems, it is not whole. */
  | {
      readonly kind: 'commit';
      readonly head: KnownHead;
      readonly files: readonly RepositoryFile[];
      readonly problems: readonly Problem[];
    };

/** A repository that runbooks are read from. */
export interface RunbookRepository {
  /** Asks which commit the ref names and, where that is not the known one, reads it. Throws `unreachable` that says what is wrong. */
  read(known: KnownHead | undefined, signal: AbortSignal): Promise<RepositoryReading>;
}

/** The one place that says which runbooks there are now. */
export interface RunbookLibrary {
  /** Sorted by id; all of a repository's are from one commit. */
  current(): Promise<readonly RunbookSnapshot[]>;
  /** What is known of the repository; undefined where none is configured. */
  repository(): Promise<RepositoryView | undefined>;
}
