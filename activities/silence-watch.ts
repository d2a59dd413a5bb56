import { errorMessage } from '../domain/errors';
import { incidentSilence, silenceText } from '../domain/quiet/silence';
import type { Clock } from '../ports/clock';
import { openIncidents } from '../ports/open-incidents';
import type { SilenceSource, SilenceStore } from '../ports/quiet';
import type { IncidentReader } from '../ports/store';
import type { NoteTaker } from './notes';
import type { SilenceBook } from './silence-book';
import { repeat } from './repeat';
import type { Repeated } from './repeat';

/** What the watch over silences works with. */
export interface SilenceWatchDeps {
  readonly silences: Pick<SilenceStore, 'replace'>;
  readonly sources: readonly SilenceSource[];
  readonly book: Pick<SilenceBook, 'ready'>;
  readonly incidents: Pick<IncidentReader, 'list'>;
  readonly notes: NoteTaker;
  readonly clock: Clock;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  /** Silences have changed. */
  readonly onChanged: () => void;
  readonly everyMs?: number;
}

const EVERY_MS = 2_000;

/** Reads silences of other systems, and says in the timeline of each open incident that a silence holds it. One at a time may run on a database. */
export function watchSilences(deps: SilenceWatchDeps): Repeated {
  const loop = new SilenceLoop(deps);
  const repeated = repeat(() => loop.turn());
  return {
    async stop() {
      await repeated.stop();
      await loop.ended();
    },
  };
}

class SilenceLoop {
  private readonly nextRead = new Map<string, number>();
  private readonly failed = new Set<string>();
  private readonly problems = new Map<string, string>();
  private readonly noted = new Set<string>();
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(private readonly deps: SilenceWatchDeps) {}

  async turn(): Promise<number> {
    for (const source of this.deps.sources) this.begin(source);
    await this.note().catch((error: unknown) => this.deps.log.warn({ error: errorMessage(error) }, 'silences could not be noted; it is tried again'));
    return this.deps.everyMs ?? EVERY_MS;
  }

  /** Ends when everything that is being read has ended. */
  async ended(): Promise<void> {
    await Promise.all(this.underWay.values());
  }

  /** Nobody waits for one that is slow. */
  private begin(source: SilenceSource): void {
    const { name } = source;
    if (this.underWay.has(name)) return;
    this.underWay.set(
      name,
      this.read(source).finally(() => this.underWay.delete(name)),
    );
  }

  /** One that does not answer keeps the silences that were read last: each still ends at its time. */
  private async read(source: SilenceSource): Promise<void> {
    const { silences, clock, log, onChanged } = this.deps;
    const { name } = source;
    if (clock.now() < (this.nextRead.get(name) ?? 0)) return;
    this.nextRead.set(name, clock.now() + source.everyMs);
    try {
      const found = await source.read();
      const { added, changed, ended } = await silences.replace(name, found.silences, clock.now());
      if (added + changed + ended > 0) {
        log.info({ source: name, added, changed, ended }, 'silences were read');
        onChanged();
      }
      this.tell(name, found.problems);
      if (this.failed.delete(name)) log.info({ source: name }, 'silences are read again');
    } catch (error) {
      if (!this.failed.has(name))
        log.warn({ source: name, error: errorMessage(error) }, 'silences cannot be read; those that are known still hold until they end');
      this.failed.add(name);
    }
  }

  /** Once, not at every read. */
  private tell(name: string, problems: readonly string[]): void {
    const text = problems.join(' ');
    if (text !== '' && this.problems.get(name) !== text) this.deps.log.warn({ source: name, problems }, 'some silences cannot be used and silence nothing');
    this.problems.set(name, text);
  }

  private async note(): Promise<void> {
    const { book, incidents, notes, clock } = this.deps;
    const silences = await book.ready();
    if (silences.length === 0) return;
    for await (const page of openIncidents(incidents)) {
      for (const view of page) {
        const silence = incidentSilence(silences, view, clock.now());
        const key = silence && `silence/${silence.id}/${String(silence.endsAt)}/${view.incidentId}`;
        if (!silence || key === undefined || this.noted.has(key)) continue;
        this.noted.add(key);
        await notes.note(view.workflowId, `${silenceText(silence)}. Messages wait and nothing is done until then.`, key);
      }
    }
  }
}
