import { median } from '../../domain/quantile';
import { medianInterval } from './intervals';
import type { Interval } from './intervals';
import { Judge } from './judge';
import { settingsOf } from './product';
import type { ProductSettings } from './product';
import type { Recording } from './recording';
import { replay } from './replay';

/** Runs of each fault, shared out over its recordings, and of each healthy recording. */
const RUNS_A_FAULT = 20;
const RUNS_A_HEALTHY = 5;
/** Name of the recordings that history is made of. */
const USUAL = /^healthy-steady-/;

/** How the runs of a fault went. Times are milliseconds from the onset to the first alert of the service. */
export interface FaultResult {
  readonly runs: number;
  readonly found: number;
  readonly medianDetectMs: number | null;
  readonly detectMs: readonly number[];
  /** Alerts that came first, by name, and how often. */
  readonly first: Readonly<Record<string, number>>;
  /** Alerts that began between the history and the onset. */
  readonly falseAlarms: number;
}

/** How the runs of recordings went in which nothing was wrong. */
export interface HealthyResult {
  readonly runs: number;
  readonly falseAlarms: number;
  readonly pages: number;
  /** Pages by recording and alert. */
  readonly by: Readonly<Record<string, number>>;
}

/** Replays every fault that was recorded. */
export function replayFaults(recordings: readonly Recording[], product: ProductSettings, seed: number): Record<string, FaultResult> {
  const names = [...new Set(recordings.flatMap(({ head }) => head.fault ?? []))].sort();
  return Object.fromEntries(
    names.map((name) => [
      name,
      replayFault(
        recordings.filter(({ head }) => head.fault === name),
        recordings,
        product,
        seed,
      ),
    ]),
  );
}

function replayFault(own: readonly Recording[], all: readonly Recording[], product: ProductSettings, seed: number): FaultResult {
  const detectMs: number[] = [];
  const first: Record<string, number> = {};
  let falseAlarms = 0;
  for (let run = 0; run < RUNS_A_FAULT; run += 1) {
    const { judge, from, onset } = judged(own[run % own.length] as Recording, all, product, seed + run);
    const alert = onset === null ? undefined : judge.first(onset);
    falseAlarms += judge.told(from, onset ?? Infinity).alerts.length;
    if (!alert || onset === null) continue;
    detectMs.push(alert.at - onset);
    first[alert.alert.name] = (first[alert.alert.name] ?? 0) + 1;
  }
  detectMs.sort((a, b) => a - b);
  return { runs: RUNS_A_FAULT, found: detectMs.length, medianDetectMs: detectMs.length > 0 ? median(detectMs) : null, detectMs, first, falseAlarms };
}

/** Replays every healthy recording. */
export function replayHealthy(recordings: readonly Recording[], product: ProductSettings, seed: number): HealthyResult {
  const healthy = recordings.filter(({ head }) => head.fault === null);
  const by: Record<string, number> = {};
  let [falseAlarms, pages] = [0, 0];
  for (const recording of healthy) {
    for (let run = 0; run < RUNS_A_HEALTHY; run += 1) {
      const { judge, from } = judged(recording, recordings, product, seed + run);
      const told = judge.told(from);
      falseAlarms += told.alerts.length;
      pages += told.pages.length;
      for (const { alert } of told.pages) by[`${recording.head.name} ${alert.name}`] = (by[`${recording.head.name} ${alert.name}`] ?? 0) + 1;
    }
  }
  return { runs: RUNS_A_HEALTHY * healthy.length, falseAlarms, pages, by };
}

/** Median over all runs with its interval, and the same in rows. */
export function detectTimes(
  faults: readonly FaultResult[],
  rowMs: number,
): {
  readonly medianDetectMs: number | null;
  readonly medianDetectInterval: Interval | null;
  readonly medianDetectRows: number | null;
} {
  const all = faults.flatMap(({ detectMs }) => detectMs);
  if (all.length === 0) return { medianDetectMs: null, medianDetectInterval: null, medianDetectRows: null };
  return { medianDetectMs: median(all), medianDetectInterval: medianInterval(all) ?? null, medianDetectRows: Math.ceil(median(all) / rowMs) };
}

function judged(recording: Recording, all: readonly Recording[], product: ProductSettings, seed: number): { judge: Judge; from: number; onset: number | null } {
  const usual = all.filter(({ head }) => USUAL.test(head.name));
  const { rows, from, onset } = replay(recording, usual, product, seed);
  const judge = new Judge(settingsOf(product));
  for (const row of rows) judge.row(row);
  return { judge, from, onset };
}
