import { defined } from '../domain/defined';
import type { Problem } from '../domain/errors';
import type { RunbookSnapshot } from '../domain/runbook';
import { byRunbookId } from '../domain/runbook-schema';
import { catalogueAt } from '../domain/runbook-source';
import type { RepositoryView, RunbookPlace } from '../domain/runbook-source';
import type { Clock } from '../ports/clock';
import type { RunbookLibrary } from '../ports/runbooks';
import type { CommitFiles, RunbookShelf } from './runbook-shelf';

/** What the catalogue is put together from. */
export interface RunbookBookDeps {
  /** Of this machine: built in, and of a team's folder. */
  readonly own: readonly RunbookSnapshot[];
  /** Where more are kept that come from a repository; absent where none is configured. */
  readonly repository?: { readonly place: RunbookPlace; readonly shelf: Pick<RunbookShelf, 'look' | 'files'> } | undefined;
  readonly clock: Clock;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** How long what was read of the store counts, milliseconds. */
const FRESH_MS = 500;

interface Shelved {
  readonly commit: string;
  readonly runbooks: readonly RunbookSnapshot[];
  readonly problems: readonly Problem[];
}

/** The runbooks of this machine with those of a repository as the store has them, which the process that leads renews. */
export class RunbookBook implements RunbookLibrary {
  private shelved: Shelved | undefined;
  /** When the files that were last read of the store were put there. */
  private takenAt: number | undefined;
  private all: readonly RunbookSnapshot[];
  private readAt = -Infinity;

  constructor(private readonly deps: RunbookBookDeps) {
    this.all = deps.own;
  }

  async current(): Promise<readonly RunbookSnapshot[]> {
    await this.refresh();
    return this.all;
  }

  async repository(): Promise<RepositoryView | undefined> {
    const { repository } = this.deps;
    if (!repository) return undefined;
    await this.refresh();
    const { checkedAt, failing, refused } = await repository.shelf.look();
    const { url: _url, ...place } = repository.place;
    const unfit = this.shelved && this.shelved.problems.length > 0 ? { ...this.shelved, at: checkedAt ?? 0 } : undefined;
    const told = refused ?? unfit;
    return defined({
      ...place,
      commit: unfit ? undefined : this.shelved?.commit,
      checkedAt: isoTime(checkedAt),
      failing: failing && { since: new Date(failing.since).toISOString(), why: failing.why },
      refused: told && { commit: told.commit, at: new Date(told.at).toISOString(), problems: told.problems },
    });
  }

  /** Reads what has changed in the store. Throws when that does not answer. */
  private async refresh(): Promise<void> {
    const { repository, clock } = this.deps;
    const now = clock.now();
    if (!repository || (now >= this.readAt && now - this.readAt < FRESH_MS)) return;
    const { takenAt } = await repository.shelf.look();
    if (takenAt !== this.takenAt) {
      this.take(takenAt === undefined ? undefined : await repository.shelf.files());
      this.takenAt = takenAt;
    }
    this.readAt = now;
  }

  /** What was good when it was kept may not be any more: another version of Nightshift, another folder, another hand in the store. */
  private take(kept: CommitFiles | undefined): void {
    const { own, repository, log } = this.deps;
    this.shelved = undefined;
    this.all = own;
    if (!kept || !repository) return;
    const { commit, files } = kept;
    const { repository: name } = repository.place;
    const found = catalogueAt({ repository: name, commit }, files, own);
    this.shelved = { commit, ...found };
    this.all = [...own, ...found.runbooks].sort(byRunbookId);
    if (found.problems.length > 0)
      log.warn({ repository: name, commit, problems: found.problems }, 'the runbooks that were kept of a repository cannot be used; none of them is');
    else log.info({ repository: name, commit, runbooks: found.runbooks.length }, 'runbooks of a repository are in use');
  }
}

function isoTime(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}
