import { compareText } from './compare';
import type { Build, BuildResult } from './build';
import { BUILD_RESULTS } from './build';
import { buildOddities, isFailed } from './build-oddities';
import type { BuildOddity } from './build-oddities';
import { defined } from './defined';
import type { IncidentView } from './incident-view';
import { quantileOf } from './quantile';
import { trendOf } from './trend';
import type { Trend } from './trend';

/** What a health view reads and shows at most; a larger time is answered in part, and says so. */
export const HEALTH_LIMITS = { builds: 5000, pipelines: 100, plottedRuns: 200, incidents: 500, shownIncidents: 20, marks: 200 } as const;

/** Something that is wrong with what is measured of a service. Times are ISO 8601. */
export interface HealthMark {
  readonly environment: string;
  readonly service: string;
  /** The series in words, such as its metric and labels. */
  readonly series: string;
  /** Name of the rule, such as `gap`. */
  readonly rule: string;
  readonly since: string;
  /** What is wrong, in a sentence. */
  readonly detail: string;
}

/** A build as the view reads it; steps are not needed and may be large. */
export type HealthBuild = Omit<Build, 'steps'>;
/** An incident as the view shows it. */
export type HealthIncident = Pick<IncidentView, 'incidentId' | 'environment' | 'service' | 'title' | 'severity' | 'status' | 'openedAt' | 'resolvedAt'>;

/** Middle and upper end of a measure over the runs, with its trend. */
export interface Measure {
  readonly runs: number;
  readonly p50: number;
  readonly p95: number;
  readonly trend: Trend;
}

/** One run for a plot. Times are ISO 8601. */
export interface PlottedRun {
  readonly at: string;
  readonly run: string;
  readonly result: BuildResult;
  readonly durationMs?: number;
  readonly failedTests?: number;
  readonly cpuMs?: number;
  readonly memoryBytes?: number;
  readonly link?: string;
}

/** How a pipeline of a service does. */
export interface PipelineHealth {
  readonly environment: string;
  readonly service: string;
  readonly name: string;
  readonly runs: number;
  readonly results: Readonly<Record<BuildResult, number>>;
  /** Failed and timed out among those that were not cancelled; null when all were. */
  readonly failureShare: number | null;
  /** Milliseconds, of runs that succeeded: one that failed ends early. */
  readonly duration?: Measure;
  /** Tests of runs that told of them: failed in all, runs with a failed one, and how many the newest run had. */
  readonly tests?: { readonly runs: number; readonly failed: number; readonly runsWithFailures: number; readonly newestTotal: number };
  /** Milliseconds of CPU time. */
  readonly cpu?: Measure;
  /** Bytes. */
  readonly memory?: Measure;
  readonly oddities: readonly BuildOddity[];
  readonly newest: PlottedRun;
  /** In order of time; of more runs the newest. */
  readonly plotted: readonly PlottedRun[];
}

/** What else is known of a service. */
export interface ServiceHealth {
  readonly environment: string;
  readonly service: string;
  readonly incidents: { readonly opened: number; readonly stillOpen: number; readonly newest: readonly HealthIncident[] };
  readonly marks: readonly HealthMark[];
}

/** How pipelines and services did over a time. Times are ISO 8601. */
export interface HealthReport {
  readonly from: string;
  readonly to: string;
  /** Those that need a look first. */
  readonly pipelines: readonly PipelineHealth[];
  readonly services: readonly ServiceHealth[];
  /** What is not in it because of a limit, in words. */
  readonly leftOut: readonly string[];
}

/** What a report is made of. `from` and `to` are epoch milliseconds; `cut` names the lists that held more than their limit. */
export interface HealthInput {
  readonly from: number;
  readonly to: number;
  readonly builds: readonly HealthBuild[];
  readonly incidents: readonly HealthIncident[];
  readonly marks: readonly HealthMark[];
  readonly cut: readonly ('builds' | 'incidents' | 'marks')[];
}

/** The report over some builds, incidents and marks of a chosen time. */
export function healthReport(input: HealthInput): HealthReport {
  const builds = [...input.builds].sort((a, b) => (a.endedAt < b.endedAt ? -1 : a.endedAt > b.endedAt ? 1 : a.id < b.id ? -1 : 1));
  const all = grouped(builds, ({ environment, service, name }) => [environment, service, name])
    .map(pipelineOf)
    .sort(byNeed);
  const pipelines = all.slice(0, HEALTH_LIMITS.pipelines);
  return {
    from: new Date(input.from).toISOString(),
    to: new Date(input.to).toISOString(),
    pipelines,
    services: servicesOf(input),
    leftOut: [
      ...(input.cut.includes('builds') ? [`builds before ${builds[0]?.endedAt ?? ''}: only the newest ${String(HEALTH_LIMITS.builds)} are read`] : []),
      ...(all.length > pipelines.length ? [`${String(all.length - pipelines.length)} pipelines: at most ${String(HEALTH_LIMITS.pipelines)} are shown`] : []),
      ...(input.cut.includes('incidents') ? [`older incidents: at most ${String(HEALTH_LIMITS.incidents)} are read`] : []),
      ...(input.cut.includes('marks') ? [`older marks of data quality: at most ${String(HEALTH_LIMITS.marks)} are read`] : []),
    ],
  };
}

/** A pipeline from its builds in order of time, of which there is at least one. */
function pipelineOf(builds: readonly [HealthBuild, ...HealthBuild[]]): PipelineHealth {
  const { environment, service, name } = builds[0];
  const results = Object.fromEntries(BUILD_RESULTS.map((word) => [word, builds.filter(({ result }) => result === word).length])) as Record<BuildResult, number>;
  const told = builds.length - results.cancelled;
  const succeeded = builds.filter(({ result }) => result === 'succeeded');
  const plotted = builds.slice(-HEALTH_LIMITS.plottedRuns).map(plottedRun);
  return {
    ...{ environment, service, name, runs: builds.length, results },
    failureShare: told === 0 ? null : (results.failed + results['timed-out']) / told,
    ...defined({
      duration: measureOf(succeeded, ({ durationMs }) => durationMs),
      tests: testsOf(builds),
      cpu: measureOf(succeeded, ({ usage }) => usage?.cpuMs),
      memory: measureOf(succeeded, ({ usage }) => usage?.memoryBytes),
    }),
    oddities: buildOddities(builds),
    newest: plottedRun(builds.at(-1) ?? builds[0]),
    plotted,
  };
}

function measureOf(builds: readonly HealthBuild[], value: (build: HealthBuild) => number | undefined): Measure | undefined {
  const values = builds.flatMap((build) => {
    const told = value(build);
    return told === undefined ? [] : [{ at: Date.parse(build.endedAt), value: told }];
  });
  const numbers = values.map((each) => each.value);
  const [p50, p95] = [quantileOf(numbers, 0.5), quantileOf(numbers, 0.95)];
  return p50 === null || p95 === null ? undefined : { runs: values.length, p50, p95, trend: trendOf(values) };
}

function testsOf(builds: readonly HealthBuild[]): PipelineHealth['tests'] {
  const counted = builds.flatMap(({ tests }) => (tests ? [tests] : []));
  const newest = counted.at(-1);
  if (!newest) return undefined;
  const failed = counted.reduce((sum, tests) => sum + tests.failed, 0);
  return { runs: counted.length, failed, runsWithFailures: counted.filter((tests) => tests.failed > 0).length, newestTotal: newest.total };
}

function plottedRun({ endedAt, run, result, durationMs, tests, usage, link }: HealthBuild): PlottedRun {
  return { at: endedAt, run, result, ...defined({ durationMs, failedTests: tests?.failed, cpuMs: usage?.cpuMs, memoryBytes: usage?.memoryBytes, link }) };
}

function servicesOf({ builds, incidents, marks }: HealthInput): readonly ServiceHealth[] {
  const placed = [...builds, ...incidents, ...marks];
  return grouped(placed, ({ environment, service }) => [environment, service])
    .map(([{ environment, service }]) => {
      const here = (each: { readonly environment: string; readonly service: string }): boolean => each.environment === environment && each.service === service;
      const own = incidents.filter(here).sort((a, b) => (a.openedAt > b.openedAt ? -1 : 1));
      const stillOpen = own.filter(({ status }) => status !== 'resolved').length;
      return {
        ...{ environment, service },
        incidents: { opened: own.length, stillOpen, newest: own.slice(0, HEALTH_LIMITS.shownIncidents) },
        marks: marks.filter(here),
      };
    })
    .sort((a, b) => b.incidents.stillOpen - a.incidents.stillOpen || b.incidents.opened - a.incidents.opened || compareText(a.service, b.service));
}

/** Groups in the order of their first elements. */
function grouped<T>(elements: readonly T[], key: (element: T) => readonly string[]): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const element of elements) {
    const name = JSON.stringify(key(element));
    const group = groups.get(name);
    if (group) group.push(element);
    else groups.set(name, [element]);
  }
  return [...groups.values()];
}

function byNeed(a: PipelineHealth, b: PipelineHealth): number {
  return needOf(b) - needOf(a) || (b.failureShare ?? 0) - (a.failureShare ?? 0) || compareText(a.service, b.service) || compareText(a.name, b.name);
}

/** What fails now goes before what is odd, and that before what only grows. */
function needOf({ oddities, newest, duration, cpu, memory }: PipelineHealth): number {
  const failing = oddities.some(({ ongoing }) => ongoing === true) ? 100 : isFailed(newest.result) ? 50 : 0;
  const growing = [duration, cpu, memory].filter((measure) => measure?.trend.direction === 'rising').length;
  return failing + oddities.length * 10 + growing;
}
