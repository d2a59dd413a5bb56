import { z } from 'zod';
import { dayPage } from '../domain/archive-export/day-page';
import { claimMeasures, claimTarget, writeMeasures, writePage } from '../domain/archive-export/export';
import { measurePage } from '../domain/archive-export/measure-day';
import { dateOf, dayBounds, nextDate } from '../domain/archive-export/series';
import { errorMessage } from '../domain/errors';
import type { PointReader } from '../ports/archive';
import type { Clock } from '../ports/clock';
import type { MeasuredServices, MeasureHistory } from '../ports/measures';
import type { Objects } from '../ports/objects';
import type { StateStore } from '../ports/store';
import { repeat } from './repeat';
import type { Repeated } from './repeat';

/** What the export works with; durations in milliseconds. */
export interface ExporterDeps {
  readonly copy: DayCopy;
  readonly objects: Objects;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  readonly settings: { readonly everyMs: number; readonly keepMs: number; readonly shingle: number };
  /** Between two pages, and after a failure. */
  readonly pause?: { readonly pageMs: number; readonly failedMs: number };
}

/** What is copied, day by day, page by page. */
export interface DayCopy {
  /** Begin of the name that its progress is kept under. */
  readonly name: string;
  /** Makes sure that what lies there is of the same kind. Throws `conflict`. */
  claim(objects: Objects, width: number): Promise<void>;
  /** Writes what comes after a place of a day, and says where to go on; undefined where the day is whole. */
  page(objects: Objects, date: string, after: Place | undefined, options: PageOptions): Promise<Place | undefined>;
}

/** How a page is written; `leftOut` is told of what is too large, by its names. */
interface PageOptions {
  readonly width: number;
  readonly leftOut: (names: object, error: unknown) => void;
}

const place = z.union([z.number(), z.object({ environment: z.string(), service: z.string(), rowMs: z.number() })]);
/** Where a day was left: the number of a series, or a service. */
type Place = z.output<typeof place>;

/** Points of the archive. */
export function pointCopy(points: PointReader): DayCopy {
  return {
    name: 'archive-export',
    claim: claimTarget,
    async page(objects, date, after, { width, leftOut }) {
      const tell = ({ environment, service, metric }: { environment: string; service: string; metric: string }, error: unknown): void =>
        leftOut({ environment, service, metric }, error);
      const page = await dayPage(points, date, typeof after === 'number' ? after : 0, tell);
      await writePage(objects, page, date, width, tell);
      return page.next;
    },
  };
}

/** Measures of services, as endpoints are asked to score them. */
export function measureCopy(measures: MeasureHistory & MeasuredServices): DayCopy {
  return {
    name: 'measure-export',
    claim: claimMeasures,
    async page(objects, date, after, { width, leftOut }) {
      const page = await measurePage(measures, date, typeof after === 'object' ? after : undefined, width);
      await writeMeasures(objects, page, date, width, ({ environment, service, measure }, error) => leftOut({ environment, service, measure }, error));
      return page.next;
    },
  };
}

/** Name that the progress is kept under: what lies at another place, or in rows of another width, is exported by itself. */
export function exportState({ name }: Pick<Objects, 'name'>, shingle: number, copied = 'archive-export'): string {
  return `${copied}:${name}/${String(shingle)}`;
}

const PAUSE = { pageMs: 50, failedMs: 5 * 60_000 };
/** A day is over so long after its end: what is late has come by then. */
const SETTLE_MS = 3_600_000;
const DAY_MS = 86_400_000;

const progress = z.object({
  /** The last day that is exported whole. */
  done: z.string().optional(),
  /** The day under way, and the last series or service that is written. */
  under: z.object({ date: z.string(), after: place }).optional(),
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
  const { copy, objects, state, clock, log, settings } = deps;
  const name = exportState(objects, settings.shingle, copy.name);
  const before = progress.safeParse(await state.load(name)).data ?? {};
  const { date, after } = before.under ?? { date: dueDate(before, clock.now(), settings.keepMs), after: undefined };
  if (dayBounds(date).to + SETTLE_MS >= clock.now()) return false;
  if (!claimed.yet) await copy.claim(objects, settings.shingle);
  claimed.yet = true;
  const leftOut = (names: object, error: unknown): void =>
    log.warn({ date, ...names, error: errorMessage(error) }, 'a series is left out of the export of a day');
  const next = await copy.page(objects, date, after, { width: settings.shingle, leftOut });
  const reached: Progress = next === undefined ? { done: date } : { ...before, under: { date, after: next } };
  await state.save(name, reached);
  const due = before.done === undefined ? date : nextDate(before.done);
  if (!before.under && due < date) log.warn({ from: due, before: date, to: objects.name }, 'days were forgotten before they were exported');
  if (next === undefined) log.info({ date, to: objects.name, what: copy.name }, 'a day is exported');
  return true;
}

/** The day after the last one, or the oldest of which nothing is forgotten yet. */
function dueDate({ done }: Progress, now: number, keepMs: number): string {
  const oldest = dateOf(now - keepMs + DAY_MS);
  const next = done === undefined ? oldest : nextDate(done);
  return next > oldest ? next : oldest;
}
