import { errorMessage } from '../domain/errors';
import { windowsAt, type MaintenanceWindow } from '../domain/quiet/maintenance';
import { readySilence, type ReadySilence, type Silence } from '../domain/quiet/silence';
import type { Clock } from '../ports/clock';
import type { SilenceStore } from '../ports/quiet';

/** What silences are read from. */
export interface SilenceBookDeps {
  readonly silences: Pick<SilenceStore, 'current'>;
  readonly windows: readonly MaintenanceWindow[];
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
}

/** How long what was read of the store counts, so that a storm does not ask for every batch. */
const FRESH_MS = 500;

/** The silences that are in force, of the store and of the configuration. */
export class SilenceBook {
  private stored: readonly ReadySilence[] = [];
  private readAt = -Infinity;

  constructor(private readonly deps: SilenceBookDeps) {}

  /** All that may be in force now. Throws when the store does not answer. */
  async ready(): Promise<readonly ReadySilence[]> {
    const { clock, silences, windows } = this.deps;
    const now = clock.now();
    if (now < this.readAt || now - this.readAt >= FRESH_MS) {
      this.stored = (await silences.current(now)).flatMap((each) => this.made(each));
      this.readAt = now;
    }
    return windows.length === 0 ? this.stored : [...this.stored, ...windowsAt(windows, now).flatMap((each) => this.made(each))];
  }

  private made(silence: Silence): readonly ReadySilence[] {
    try {
      return [readySilence(silence)];
    } catch (error) {
      this.deps.log.warn({ silence: silence.id, error: errorMessage(error) }, 'a silence cannot be used and silences nothing');
      return [];
    }
  }
}
