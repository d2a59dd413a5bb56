import { z } from 'zod';
import type { RepositoryFile, RunbookPlace } from '../domain/runbook-source';
import { placeName } from '../domain/runbook-source';
import type { KnownHead } from '../ports/runbooks';
import type { StateStore } from '../ports/store';

/** Names in the state: the files of the commit in use, and how the repository was found when it was last looked at. */
const STATE = { files: 'runbooks:files', look: 'runbooks:look' } as const;

const problem = z.object({ path: z.string(), message: z.string() });
const keptFiles = z.object({
  place: z.string(),
  commit: z.string(),
  files: z.array(z.object({ path: z.string(), sha: z.string(), text: z.string() })),
});
const keptLook = z.object({
  place: z.string(),
  commit: z.string().optional(),
  takenAt: z.number().optional(),
  head: z.object({ commit: z.string(), etag: z.string().optional() }).optional(),
  checkedAt: z.number().optional(),
  failing: z.object({ since: z.number(), why: z.string() }).optional(),
  refused: z.object({ commit: z.string(), at: z.number(), problems: z.array(problem) }).optional(),
});

/** How a repository was found. Times are epoch milliseconds. */
export interface RepositoryLook {
  /** The commit in use; absent for none. */
  readonly commit?: string | undefined;
  /** When its files were put on the shelf. */
  readonly takenAt?: number | undefined;
  /** What the ref named last. */
  readonly head?: KnownHead | undefined;
  /** When it last answered. */
  readonly checkedAt?: number | undefined;
  readonly failing?: { readonly since: number; readonly why: string } | undefined;
  readonly refused?:
    { readonly commit: string; readonly at: number; readonly problems: readonly { readonly path: string; readonly message: string }[] } | undefined;
}

/** The files of one commit. */
export interface CommitFiles {
  readonly commit: string;
  readonly files: readonly RepositoryFile[];
}

/** What is kept in the store of one place of runbooks; what was kept of another place is not seen. */
export interface RunbookShelf {
  look(): Promise<RepositoryLook>;
  files(): Promise<CommitFiles | undefined>;
  saveLook(look: RepositoryLook): Promise<void>;
  saveFiles(files: CommitFiles): Promise<void>;
}

/** The shelf of a place in the state of the store. */
export function runbookShelf(place: RunbookPlace, state: Pick<StateStore, 'load' | 'save'>): RunbookShelf {
  const name = placeName(place);
  const mine = <T extends { readonly place: string }>(shape: z.ZodType<T>, value: unknown): T | undefined => {
    const read = shape.safeParse(value);
    return read.success && read.data.place === name ? read.data : undefined;
  };
  return {
    look: async () => mine(keptLook, await state.load(STATE.look)) ?? {},
    files: async () => mine(keptFiles, await state.load(STATE.files)),
    saveLook: (look) => state.save(STATE.look, { ...look, place: name }),
    saveFiles: (files) => state.save(STATE.files, { ...files, place: name }),
  };
}
