import { z } from 'zod';
import { dayPage } from '../domain/archive-export/day-page';
import type { PassOver } from '../domain/archive-export/day-page';
import { claimTarget, writePage } from '../domain/archive-export/export';
import { dateOf, dayBounds, nextDate } from '../domain/archive-export/series';
import { errorMessage } from '../domain/errors';
import type { PointReader } from '../ports/archive';
import type { Clock } from '../ports/clock';
import type { Objects } from '../ports/objects';
import type { StateStore } from '../ports/store';
import { repeat } from './repeat';
import type { Repeated } from './repeat';

/** What the export works with; durations in milliseconds. */
export interface ExporterDeps {
  readonly points: PointReader;
  readonly objects: Objects;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  readonly settings: { readonly everyMs: number; readonly keepMs: number; readonly shingle: number };
  /** Between two pages, and after a failure. */
  readonly pause?: { readonly pageMs: number; readonly failedMs: number };
}

/** Name that the progress is kept under: what lies at another place, or in rows of another width, is exported by itself. */
export function exportState({ name }: Pick<Objects, 'name'>, shingle: number): string {
  return `archive-export:${name}/${String(shingle)}`;
}

const PAUSE = { pageMs: 50, failedMs: 5 * 60_000 };
/** A day is over so long after its end: what is late has come by then. */
const SETTLE_MS = 3_600_000;
const DAY_MS = 86_400_000;

const progress = z.object({
  /** The last day that is exported whole. */
  done: z.string().optional(),
  /** The day under way, and the number of the last series that is written. */
  under: z.object({ date: z.string(), after: z.number() }).optional(),
});
type Progress = z.output<typeof progress>;

/**
 * Exports every day that is over, the oldest that is kept whole first, page by page; how far it is survives a kill, and what is written twice is the same. The store is only read.
 */
export function createExporter(deps: ExporterDeps): Repeated {
  const { pageMs, failedMs } = deps.pause ?? PAUSE;
  const claimed = { yet: false };
  return repeat(async () => {
    try {
      return (await exportNext(deps, claimed)) ? pageMs : deps.settings.everyMs;
    } catch (error) {
      deps.log.warn({ error: errorMessage(error) }, 'the archive could not be exported; it is tried again');
      return failedMs;
    }
  });
}

/** Writes one page; false when every day that is over is exported. */
async function exportNext(deps: ExporterDeps, claimed: { yet: boolean }): Promise<boolean> {
  const { points, objects, state, clock, log, settings } = deps;
  const name = exportState(objects, settings.shingle);
  const before = progress.safeParse(await state.load(name)).data ?? {};
  const { date, after } = before.under ?? { date: dueDate(before, clock.now(), settings.keepMs), after: 0 };
  if (dayBounds(date).to + SETTLE_MS >= clock.now()) return false;
  if (!claimed.yet) await claimTarget(objects, settings.shingle);
  claimed.yet = true;
  const passOver: PassOver = ({ environment, service, metric }, error) => {
    log.warn({ date, environment, service, metric, error: errorMessage(error) }, 'a series is left out of the export of a day');
  };
  const page = await dayPage(points, date, after, passOver);
  await writePage(objects, page, date, settings.shingle, passOver);
  const reached: Progress = page.next === undefined ? { done: date } : { ...before, under: { date, after: page.next } };
  await state.save(name, reached);
  const due = before.done === undefined ? date : nextDate(before.done);
  if (!before.under && due < date) log.warn({ from: due, before: date, to: objects.name }, 'days were forgotten before they were exported');
  if (page.next === undefined) log.info({ date, to: objects.name }, 'a day of the archive is exported');
  return true;
}

/** The day after the last one, or the oldest of which nothing is forgotten yet. */
function dueDate({ done }: Progress, now: number, keepMs: number): string {
  const oldest = dateOf(now - keepMs + DAY_MS);
  const next = done === undefined ? oldest : nextDate(done);
  return next > oldest ? next : oldest;
}
