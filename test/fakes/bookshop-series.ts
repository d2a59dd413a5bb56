import type { LogLine, Sample } from '../../domain/metrics';
import { seededRandom } from '../../domain/seeded-random';

/** A fixed moment that the made-up series begin at (epoch milliseconds). */
export const T0 = Date.UTC(2026, 10, 20, 10, 0, 0);
const LE = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, null] as const;

/** What a made-up service does in one second, counted in seconds since `T0`. */
export interface Second {
  readonly rate: number;
  readonly errorShare?: number;
  /** Usual latency; a twentieth of the requests take three times as long. */
  readonly latencyMs?: number;
  readonly saturation?: Readonly<Record<string, number>>;
  readonly up?: boolean;
}

/** How a series is made. */
export interface SeriesOptions {
  readonly service?: string;
  readonly instance?: string;
  readonly seconds: number;
  /** Seconds at which the process begins anew. */
  readonly restarts?: readonly number[];
  readonly startedAt?: number;
  readonly seed?: number;
  readonly at: (second: number) => Second;
}

/** Samples every second of a service whose requests fail and slow as told, with the noise that real traffic has; the same seed gives the same series. */
export function makeSeries(options: SeriesOptions): Sample[] {
  const random = seededRandom(options.seed ?? 7);
  let process = freshProcess(options.startedAt ?? T0 - 3_600_000);
  return Array.from({ length: options.seconds + 1 }, (_, second): Sample => {
    const at = T0 + second * 1000;
    if (options.restarts?.includes(second)) process = freshProcess(at - 400);
    const now = options.at(second);
    if (now.up === false) return sample(options, at, process, {}, false);
    serve(process, now, random);
    return sample(options, at, process, now.saturation ?? {}, true);
  });
}

interface Process {
  readonly startedAt: number;
  readonly routes: Record<string, { requests: number; errors: number }>;
  readonly buckets: number[];
}

function freshProcess(startedAt: number): Process {
  return { startedAt, routes: { '/books': { requests: 0, errors: 0 }, '/checkout': { requests: 0, errors: 0 } }, buckets: LE.map(() => 0) };
}

function serve(process: Process, now: Second, random: () => number): void {
  // A rate wobbles by a few percent from second to second.
  const requests = Math.round(now.rate * (0.95 + random() * 0.1));
  for (let i = 0; i < requests; i += 1) {
    const route = process.routes[i % 3 === 0 ? '/checkout' : '/books'];
    if (!route) continue;
    route.requests += 1;
    if (random() < (now.errorShare ?? 0.002)) route.errors += 1;
    const seconds = ((now.latencyMs ?? 8) / 1000) * (0.6 + random() * 0.8) * (random() < 0.06 ? 3 : 1);
    LE.forEach((le, b) => {
      if (le === null || seconds <= le) process.buckets[b] = (process.buckets[b] ?? 0) + 1;
    });
  }
}

function sample(options: SeriesOptions, at: number, process: Process, saturation: Readonly<Record<string, number>>, up: boolean): Sample {
  const head = { service: options.service ?? 'bookshop', environment: 'demo', instance: options.instance ?? '127.0.0.1:1', at, up };
  if (!up) return { ...head, routes: {}, latency: { le: [], counts: [] }, saturation: {} };
  const routes = Object.fromEntries(Object.entries(process.routes).map(([route, c]) => [route, { ...c }]));
  return { ...head, startedAt: process.startedAt, routes, latency: { le: [...LE], counts: [...process.buckets] }, saturation: { ...saturation } };
}

/** Lines of one message, one each `everyMs` from one second to another (since `T0`). */
export function makeLines(level: LogLine['level'], fromSecond: number, toSecond: number, everyMs: number, message: (i: number) => string): LogLine[] {
  const count = Math.max(0, Math.floor(((toSecond - fromSecond) * 1000) / everyMs));
  return Array.from({ length: count }, (_, i) => ({ at: T0 + fromSecond * 1000 + i * everyMs, level, message: message(i) }));
}
