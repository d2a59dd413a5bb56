import { digestOf } from '../domain/digest';
import { errorMessage } from '../domain/errors';
import type { Service } from '../domain/inventory';
import { logCounts } from '../domain/log-counts';
import { dueWindows, LOG_WINDOW_MS, readLogProgress, windowOf } from '../domain/log-windows';
import type { LogProgress } from '../domain/log-windows';
import type { LogLine } from '../domain/metrics';
import type { ArchiveWriter } from '../ports/archive';
import type { Clock } from '../ports/clock';
import type { LogSource } from '../ports/logs';
import type { StateStore } from '../ports/store';
import { repeat } from './repeat';
import type { Repeated } from './repeat';

/** What the following of log files works with. */
export interface LogFilesDeps {
  readonly services: readonly Service[];
  readonly logs: LogSource;
  readonly writer: ArchiveWriter;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
}

/** Source of the lines of files in the archive. */
export const LOG_FILE_SOURCE = 'log-file';

/** Lines read of one service in one look; of more the newest count. */
const MOST_LINES = 100_000;

/** Follows log files into the archive. */
export interface LogFollower {
  /** Counts the lines of every file that came since the last turn. What fails is told once and tried again at the next turn. */
  turn(): Promise<void>;
}

/**
 * Counts the lines of the services' log files by template and minute, as those that are sent. Windows of ten seconds are counted once each, whatever is killed when: a window is one
 * delivery, and progress is saved after it is kept. Files are read by the times of their lines, so that rotation and truncation lose nothing that is still there.
 */
export function logFollower(deps: LogFilesDeps): LogFollower {
  const known = new Map<string, LogProgress>();
  const failing = new Set<string>();
  const followed = deps.services.filter(({ logs }) => logs !== undefined);
  return {
    async turn() {
      for (const service of followed) {
        const name = progressName(service);
        try {
          known.set(name, await follow(deps, service, known.get(name)));
          failing.delete(name);
        } catch (error) {
          known.delete(name);
          if (!failing.has(name)) deps.log.warn({ service: service.name, error: errorMessage(error) }, 'a log file could not be counted; it is tried again');
          failing.add(name);
        }
      }
    },
  };
}

/** Takes a turn every ten seconds, until it is stopped. */
export function createLogFollower(deps: LogFilesDeps): Repeated {
  if (deps.services.every(({ logs }) => logs === undefined)) return { stop: () => Promise.resolve() };
  const follower = logFollower(deps);
  return repeat(async () => {
    await follower.turn();
    return LOG_WINDOW_MS;
  });
}

async function follow(deps: LogFilesDeps, service: Service, known: LogProgress | undefined): Promise<LogProgress> {
  const now = deps.clock.now();
  const name = progressName(service);
  const progress = known ?? readLogProgress(service.logs?.file ?? '', await deps.state.load(name), now);
  const windows = dueWindows(progress, now);
  const [first, last] = [windows[0], windows.at(-1)];
  if (first === undefined || last === undefined) return progress;
  const lines = await deps.logs.read(service, first, last + LOG_WINDOW_MS - 1, MOST_LINES);
  const byWindow = new Map<number, LogLine[]>(windows.map((window) => [window, []]));
  for (const line of lines) byWindow.get(windowOf(line.at))?.push(line);
  for (const [window, its] of byWindow) await count(deps, service, window, its);
  const next = { ...progress, countedTo: last + LOG_WINDOW_MS };
  await deps.state.save(name, next);
  return next;
}

async function count({ writer, clock }: LogFilesDeps, service: Service, window: number, lines: readonly LogLine[]): Promise<void> {
  if (lines.length === 0) return;
  const { environment, name } = service;
  const records = lines.map(({ at, level, message }) => ({
    ...{ source: LOG_FILE_SOURCE, environment, service: name, level, message, labels: {} },
    at: new Date(at).toISOString(),
  }));
  await writer.keep({ logs: logCounts(records), delivery: digestOf([LOG_FILE_SOURCE, environment, name, service.logs?.file, window]) }, clock.now());
}

function progressName({ environment, name }: Service): string {
  return `log-file:${environment}/${name}`;
}
