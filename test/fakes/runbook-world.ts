import { RunbookBook } from '../../activities/runbook-book';
import { runbookShelf } from '../../activities/runbook-shelf';
import { RunbookWatch } from '../../activities/runbook-watch';
import { githubRunbooks } from '../../adapters/github/runbooks';
import { readCatalogue } from '../../config/catalogue';
import { packageRoot } from '../../config/package-root';
import type { RunbookSnapshot } from '../../domain/runbook';
import type { RunbookPlace } from '../../domain/runbook-source';
import type { FakeGithub } from './github';
import { MemoryStore } from './memory-store';

const EVERY_MS = 300_000;

/** A process with a catalogue over a store and a repository; the test turns its clock, and may begin another process on the same store. */
export class RunbookWorld {
  readonly logged: { readonly fields: object; readonly message: string }[] = [];
  readonly clock = { now: () => this.now };
  now = Date.UTC(2026, 10, 22);
  own: readonly RunbookSnapshot[] = readCatalogue({ root: packageRoot() }).runbooks;
  rules: readonly { readonly runbook?: string }[] = [];
  place: RunbookPlace;
  book: RunbookBook;
  private watch: RunbookWatch;
  private readonly log = {
    info: (fields: object, message: string) => void this.logged.push({ fields, message }),
    warn: (fields: object, message: string) => void this.logged.push({ fields, message }),
  };

  constructor(
    readonly github: FakeGithub,
    readonly store = new MemoryStore(),
  ) {
    this.place = { url: github.url, repository: github.repository, ref: 'main', path: 'runbooks' };
    this.book = this.newBook();
    this.watch = this.newWatch();
  }

  /** Begins anew with nothing but what the store holds. */
  restart(): void {
    this.logged.length = 0;
    this.book = this.newBook();
    this.watch = this.newWatch();
  }

  /** Another process on the same store. */
  newBook(): RunbookBook {
    return new RunbookBook({
      own: this.own,
      repository: { place: this.place, shelf: runbookShelf(this.place, this.store.state) },
      clock: this.clock,
      log: this.log,
    });
  }

  /** One look at the repository, some time after the one before; returns the time until the next. */
  async look(): Promise<number> {
    this.now += 1_000;
    const pause = await this.watch.turn(AbortSignal.timeout(10_000));
    this.now += 1_000;
    return pause;
  }

  /** Ids of the catalogue with the titles of those of the repository. */
  async known(book = this.book): Promise<readonly string[]> {
    return (await book.current()).map(({ runbook, origin }) => (origin === 'built-in' ? runbook.id : `${runbook.id}: ${runbook.title}`));
  }

  /** What the audit says of the repository. */
  notes(): readonly string[] {
    return this.store.audit.records.map(({ summary }) => summary);
  }

  private newWatch(): RunbookWatch {
    const { place, clock, log, own, rules, store } = this;
    const repository = githubRunbooks({ ...place, timeoutMs: 2_000, clock });
    const shelf = runbookShelf(place, store.state);
    return new RunbookWatch({ name: place.repository, repository, everyMs: EVERY_MS, shelf, library: this.book, own, rules, audit: store.audit, clock, log });
  }
}
