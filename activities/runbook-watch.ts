import { digestOf } from '../domain/digest';
import { errorMessage } from '../domain/errors';
import type { Problem } from '../domain/errors';
import type { RunbookSnapshot } from '../domain/runbook';
import { catalogueAt, catalogueChange, unmatchedRules } from '../domain/runbook-source';
import type { Clock } from '../ports/clock';
import type { KnownHead, RepositoryReading, RunbookLibrary, RunbookRepository } from '../ports/runbooks';
import type { SystemAudit } from '../ports/store';
import { repeat } from './repeat';
import type { Repeated } from './repeat';
import type { RepositoryLook, RunbookShelf } from './runbook-shelf';

/** What watching a repository with runbooks works with. */
export interface RunbookWatchDeps {
  /** `owner/name`. */
  readonly name: string;
  readonly repository: RunbookRepository;
  /** Milliseconds. */
  readonly everyMs: number;
  readonly shelf: RunbookShelf;
  readonly library: RunbookLibrary;
  /** Of this machine, which those of the repository have to stand beside. */
  readonly own: readonly RunbookSnapshot[];
  /** Rules of policy, which may name runbooks. */
  readonly rules: readonly { readonly runbook?: string }[];
  readonly audit: SystemAudit;
  readonly clock: Clock;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** First pause after a failure, milliseconds; it doubles up to the time between two looks. */
const AGAIN_MS = 5_000;

type Commit = Extract<RepositoryReading, { kind: 'commit' }>;

/** Looks again and again which commit a ref names, and takes its runbooks into the store, all of them or none. One at a time may run on a database. */
export function watchRunbooks(deps: RunbookWatchDeps): Repeated {
  const stopping = new AbortController();
  const watch = new RunbookWatch(deps);
  const loop = repeat(() => watch.turn(stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await loop.stop();
    },
  };
}

/** The turns of one watch. */
export class RunbookWatch {
  /** In a row. */
  private failures = 0;
  /** A commit that was refused at an earlier start is looked at once more: configuration or version may be others now. */
  private begun = false;
  /** Commit whose runbooks are in use, as far as it is known. */
  private inUse: string | undefined;

  constructor(private readonly deps: RunbookWatchDeps) {}

  /** Looks once. Returns the time until the next turn, milliseconds. */
  async turn(signal: AbortSignal): Promise<number> {
    const { shelf, everyMs, log, name } = this.deps;
    try {
      const look = await shelf.look();
      this.inUse = (await this.deps.library.repository())?.commit;
      const reading = await this.deps.repository.read(this.known(look), signal);
      if (reading.kind === 'later') {
        await this.fail(reading.why);
        return Math.max(reading.waitMs, everyMs);
      }
      // Files and look are written one after the other, and a process may end in between.
      const unfinished = this.inUse !== undefined && look.commit !== this.inUse ? { commit: this.inUse, takenAt: this.deps.clock.now() } : {};
      if (reading.kind === 'same') await this.keep(look, { head: reading.head ?? look.head, refused: this.begun ? look.refused : undefined, ...unfinished });
      else await this.consider(look, reading);
      this.begun = true;
      if (this.failures > 0) log.info({ repository: name }, 'the repository with runbooks is read again');
      this.failures = 0;
      return everyMs;
    } catch (error) {
      if (signal.aborted) return everyMs;
      await this.fail(errorMessage(error));
      return Math.min(everyMs, AGAIN_MS * 2 ** Math.min(this.failures - 1, 20));
    }
  }

  private known({ head, refused }: RepositoryLook): KnownHead | undefined {
    const { inUse } = this;
    const settled = head && (head.commit === inUse || (this.begun && head.commit === refused?.commit));
    if (settled) return head;
    return inUse === undefined ? undefined : { commit: inUse };
  }

  /** What was found of an answer; everything else stays. */
  private keep(look: RepositoryLook, found: Partial<RepositoryLook>): Promise<void> {
    return this.deps.shelf.saveLook({ ...look, checkedAt: this.deps.clock.now(), failing: undefined, ...found });
  }

  private async consider(look: RepositoryLook, { head, files, problems }: Commit): Promise<void> {
    const { name, own, shelf, library, clock } = this.deps;
    const { commit } = head;
    const found = problems.length > 0 ? { runbooks: [], problems } : catalogueAt({ repository: name, commit }, files, own);
    if (found.problems.length > 0) return this.refuse(look, head, found.problems);
    const before = (await library.current()).filter(({ hash }) => own.every((each) => each.hash !== hash));
    // The look names what is in use, so it is written last.
    await shelf.saveFiles({ commit, files });
    await this.keep(look, { commit, takenAt: clock.now(), head, refused: undefined });
    if (commit !== this.inUse) await this.tellUse(commit, catalogueChange(before, found.runbooks));
    this.tellUnmatched([...own, ...found.runbooks]);
  }

  private async tellUse(commit: string, change: string): Promise<void> {
    const { name, log } = this.deps;
    log.info({ repository: name, commit, change }, 'the runbooks of a commit are taken into use');
    await this.note(`The runbooks of ${name}@${commit} are in use: ${change}.`, { repository: name, commit });
  }

  private async refuse(look: RepositoryLook, head: KnownHead, problems: readonly Problem[]): Promise<void> {
    const { name, log, clock } = this.deps;
    const { commit } = head;
    const known = look.refused && digestOf([look.refused.commit, look.refused.problems]) === digestOf([commit, problems]);
    await this.keep(look, { head, refused: { commit, at: known ? (look.refused?.at ?? 0) : clock.now(), problems } });
    log.warn(
      { repository: name, commit, problems, inUse: this.inUse ?? null },
      'a commit is refused as a whole, as its runbooks are not all good; those before it stay',
    );
    if (!known)
      await this.note(`${name}@${commit} is refused: ${String(problems.length)} problem(s) in its runbooks; those before it stay.`, {
        repository: name,
        commit,
        problems,
      });
  }

  private tellUnmatched(all: readonly RunbookSnapshot[]): void {
    const ids = all.map(({ runbook }) => runbook.id);
    for (const { path, message } of unmatchedRules(this.deps.rules, ids, (id) => `${id} is in no source of runbooks, so this rule matches nothing`))
      this.deps.log.warn({ path }, message);
  }

  /** Told once in a row, with what is in use meanwhile. */
  private async fail(why: string): Promise<void> {
    const { shelf, clock, log, name } = this.deps;
    this.failures += 1;
    if (this.failures === 1) {
      const meanwhile =
        this.inUse === undefined ? 'only built-in runbooks and those of the folder are known' : 'the runbooks that were read before stay in use';
      log.warn({ repository: name, error: why, commit: this.inUse ?? null }, `a repository with runbooks cannot be read; it is tried again, and ${meanwhile}`);
    }
    // A store that is down has told its own trouble.
    const look = await shelf.look().catch(() => undefined);
    if (look) await shelf.saveLook({ ...look, failing: { since: look.failing?.since ?? clock.now(), why } }).catch(() => undefined);
  }

  private async note(summary: string, data: Readonly<Record<string, unknown>>): Promise<void> {
    await this.deps.audit.append({ at: new Date(this.deps.clock.now()).toISOString(), actor: 'nightshift', kind: 'note', summary, data });
  }
}
