import type { CountedLine } from '../log-templates/grouped';

const MINUTE_MS = 60_000;
/** Minutes are known one by one for so long; before that in steps of ten, which is what the history is cut into. */
const EXACT_MS = 30 * MINUTE_MS;
const STEP_MS = 10 * MINUTE_MS;
/** Templates of one service that are looked at; of more, those with the most lines of late stay. */
const MOST_TEMPLATES = 500;

/** A template as the archive reads it. */
export interface ReadTemplate extends CountedLine {
  /** Number of the template in the archive. */
  readonly id: number;
}

interface Counts {
  readonly line: Omit<CountedLine, 'minutes'>;
  readonly cells: Map<number, number>;
}

/** The lines of one service by template and time, for as long as its history is compared with. */
export class LineCounts {
  private readonly templates = new Map<number, Counts>();

  /** `keepMs`: how long lines are remembered. */
  constructor(private readonly keepMs: number) {}

  /** Whether all lines are forgotten. */
  get empty(): boolean {
    return this.templates.size === 0;
  }

  /** Takes what was read; a minute that is read again counts as it was read last. */
  take(found: readonly ReadTemplate[]): void {
    for (const { id, minutes, ...line } of found) {
      const known = this.templates.get(id) ?? { line, cells: new Map<number, number>() };
      this.templates.set(id, known);
      for (const { at, lines } of minutes) known.cells.set(at, lines);
    }
  }

  /** Lines of level error in the minute that begins at `at`, one of the newest. */
  errors(at: number): number {
    let sum = 0;
    for (const { line, cells } of this.templates.values()) if (line.level === 'error') sum += cells.get(at) ?? 0;
    return sum;
  }

  /** Lines before `to`, with the times of each oldest first. */
  before(to: number): readonly CountedLine[] {
    return [...this.templates.values()].flatMap(({ line, cells }) => {
      const minutes = [...cells].filter(([at]) => at < to).map(([at, lines]) => ({ at, lines }));
      return minutes.length === 0 ? [] : [{ ...line, minutes: minutes.sort((a, b) => a.at - b.at) }];
    });
  }

  /** Forgets what is too old at `now`, and puts together what is not new any more. */
  age(now: number): void {
    const exactFrom = Math.floor((now - EXACT_MS) / STEP_MS) * STEP_MS;
    for (const [id, { cells }] of this.templates) {
      for (const [at, lines] of [...cells]) {
        const step = Math.floor(at / STEP_MS) * STEP_MS;
        if (at >= exactFrom || (at === step && at >= now - this.keepMs)) continue;
        cells.delete(at);
        if (at >= now - this.keepMs) cells.set(step, (cells.get(step) ?? 0) + lines);
      }
      if (cells.size === 0) this.templates.delete(id);
    }
    if (this.templates.size > MOST_TEMPLATES) this.drop(now);
  }

  private drop(now: number): void {
    const weights = [...this.templates].map(([id, { cells }]) => ({ id, newest: Math.max(...cells.keys()), lines: sum(cells) }));
    const recent = (newest: number): number => (newest >= now - EXACT_MS ? 1 : 0);
    weights.sort((a, b) => recent(b.newest) - recent(a.newest) || b.lines - a.lines || a.id - b.id);
    for (const { id } of weights.slice(MOST_TEMPLATES)) this.templates.delete(id);
  }
}

function sum(cells: ReadonlyMap<number, number>): number {
  return [...cells.values()].reduce((all, lines) => all + lines, 0);
}
