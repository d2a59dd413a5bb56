import { errorMessage } from '../../domain/errors';
import { NOMINALS } from '../../domain/forecast/plan';
import { median } from '../../domain/quantile';
import type { BenchRun } from '../benchmark';
import type { Alarmed } from './breaches';
import { watchTask } from './breaches';
import type { BenchSeries, Scored, Task } from './evaluate';
import { evaluate, taskOf } from './evaluate';
import { seriesFiles } from './files';
import { generatedSeries } from './generate';
import type { PeerResult } from './peer';
import { measurePeer } from './peer';

/** What `bench forecast` prints; bench/README.md says what each figure is. */
export interface ForecastResult {
  readonly data: string;
  readonly series: number;
  readonly skipped: readonly { readonly name: string; readonly why: string }[];
  readonly forecasts: number;
  /** Share of the forecasts that were declined. */
  readonly declined: number;
  readonly mase: number | null;
  readonly maseMedian: number | null;
  readonly relativeMae: number | null;
  readonly answeredRelativeMae: number | null;
  readonly seasonalNaiveMase: number | null;
  readonly nominal: readonly number[];
  readonly coverage: Readonly<Record<string, number | null>>;
  readonly methods: Readonly<Record<string, number>>;
  readonly breaches: number;
  /** Share of the breaches that were told before they began; null without any. */
  readonly caught: number | null;
  readonly medianLeadMs: number | null;
  readonly falseAlarms: number;
  readonly falseAlarmsPerWeek: number | null;
  readonly planMs: number;
  readonly peer: PeerResult | null;
  readonly bySeries: readonly Scored[];
}

const WEEK = 7 * 86_400_000;
const SEED = 20_261_121;
/** Forecasts and looks in all, shared by the series, and the fewest and most that one has: they bound the time. */
const FORECASTS = { all: 800, least: 4, most: 12 };
const LOOKS = { all: 12_000, least: 48, most: 168 };

/** Forecasts held-out time of the series of a folder, or of generated ones, and watches limits on them. */
export async function benchForecast({ options, env, tell }: Pick<BenchRun, 'options' | 'env' | 'tell'>): Promise<ForecastResult> {
  const dir = typeof options['data'] === 'string' ? options['data'] : undefined;
  const sources: readonly { readonly name: string; read(): BenchSeries }[] = dir
    ? seriesFiles(dir)
    : generatedSeries(SEED).map((series) => ({ name: series.name, read: () => series }));
  const tasks: Task[] = [];
  const scored: Scored[] = [];
  const alarmed: Alarmed[] = [];
  const skipped: { name: string; why: string }[] = [];
  const begun = process.cpuUsage();
  let forecastCpu = 0;
  for (const source of sources) {
    const read = readTask(source, shareOf(FORECASTS, sources.length));
    if (typeof read === 'string') {
      skipped.push({ name: source.name, why: read });
      continue;
    }
    const before = process.cpuUsage(begun).user;
    const score = evaluate(read);
    forecastCpu += process.cpuUsage(begun).user - before;
    if (!score) {
      skipped.push({ name: source.name, why: 'the seasonal naive forecast makes no error, or nothing is measured in the held-out time' });
      continue;
    }
    tasks.push(read);
    scored.push(score);
    alarmed.push(watchTask(read, shareOf(LOOKS, sources.length)));
    tell(`${source.name}: MASE ${score.mase.toFixed(3)}, of seasonal naive ${score.relative.toFixed(3)}, declined ${score.declined} of ${score.forecasts}`);
  }
  const peer = options['peer'] === true ? await measurePeer(tasks, env, tell) : null;
  return { data: dir ?? `generated, seed ${SEED}`, ...summary(scored, alarmed), skipped, planMs: planMs(forecastCpu, scored), peer, bySeries: scored };
}

function shareOf({ all, least, most }: { readonly all: number; readonly least: number; readonly most: number }, series: number): number {
  return Math.max(least, Math.min(most, Math.floor(all / series)));
}

function readTask(source: { read(): BenchSeries }, mostForecasts: number): Task | string {
  try {
    return taskOf(source.read(), mostForecasts) ?? 'too short to hold a quarter out';
  } catch (error) {
    return errorMessage(error);
  }
}

function summary(scored: readonly Scored[], alarmed: readonly Alarmed[]): Omit<ForecastResult, 'data' | 'skipped' | 'planMs' | 'peer' | 'bySeries'> {
  const forecasts = sum(scored.map((each) => each.forecasts));
  const leads = alarmed.flatMap(({ leadsMs }) => leadsMs);
  const breaches = sum(alarmed.map((each) => each.breaches));
  const falseAlarms = sum(alarmed.map((each) => each.falseAlarms));
  const weeks = sum(alarmed.map(({ watchedMs }) => watchedMs)) / WEEK;
  const methods: Record<string, number> = {};
  for (const [method, count] of scored.flatMap((each) => Object.entries(each.methods))) methods[method] = (methods[method] ?? 0) + count;
  return {
    series: scored.length,
    forecasts,
    declined: forecasts === 0 ? 0 : sum(scored.map((each) => each.declined)) / forecasts,
    mase: mean(scored.map((each) => each.mase)),
    maseMedian: scored.length === 0 ? null : median(scored.map((each) => each.mase)),
    relativeMae: mean(scored.map((each) => each.relative)),
    answeredRelativeMae: mean(scored.flatMap((each) => each.answered ?? [])),
    seasonalNaiveMase: mean(scored.map((each) => each.naiveMase)),
    nominal: NOMINALS,
    coverage: Object.fromEntries(NOMINALS.map((nominal) => [String(nominal), mean(scored.flatMap((each) => each.coverage?.[String(nominal)] ?? []))])),
    methods,
    breaches,
    caught: breaches === 0 ? null : leads.length / breaches,
    medianLeadMs: leads.length === 0 ? null : median(leads),
    falseAlarms,
    falseAlarmsPerWeek: weeks === 0 ? null : falseAlarms / weeks,
  };
}

/** Processor time of one forecast with its backtest, milliseconds. */
function planMs(cpuMicroseconds: number, scored: readonly Scored[]): number {
  return Math.round(cpuMicroseconds / 1000 / Math.max(1, sum(scored.map((each) => each.forecasts))));
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : sum(values) / values.length;
}
