import { errorMessage } from '../../domain/errors';
import type { PastFact, Span } from '../../domain/lookback/facts';
import type { Severity } from '../../domain/names';
import type { PastReader } from '../../ports/lookback';
import { currentAlerts, pastSilences } from './past-alertmanager';
import { pagesOfSeries } from './past-alerts';
import { checkPrometheus, queryRange, readAlertRules, type AlertRules, type ServerOptions } from './past-api';
import { restarts, specChanges, versionChanges } from './past-changes';

/** What is read from where. */
export interface PrometheusPast {
  readonly prometheus: ServerOptions;
  /** Without one, nothing is known of silences. */
  readonly alertmanager?: ServerOptions;
  /** Alerts of these severities page. */
  readonly severities: readonly Severity[];
}

const DAY_MS = 86_400_000;
/** Steps of the series of alerts, by how often rules are looked at: a day has at most 8,640 points of a series, and a server gives 11,000. */
const STEP = { least: 10_000, most: 60_000, unknown: 30_000 } as const;
/** Step of what changes seldom, and how far before its day a part looks: what was before the first change. */
const CHANGE_STEP_MS = 30_000;
const BEFORE_MS = 15 * 60_000;
/** A specification changes so long before the version that it brings is seen. */
const ROLLOUT_MS = 10 * 60_000;

interface Part {
  readonly part: string;
  readonly operation: string;
  readonly calls: number;
  readonly read: (rules: AlertRules) => Promise<readonly PastFact[]>;
}

/** The past as a Prometheus, and an Alertmanager, remember it: a part a day for alerts and one for changes, and what the Alertmanager knows. Asking costs nothing but the server's time. */
export function prometheusPast(options: PrometheusPast): PastReader {
  const { prometheus, alertmanager, severities } = options;
  return {
    source: `${[prometheus, alertmanager].flatMap((server) => server?.url ?? []).join(' and ')}, ${[...severities].sort().join(' ')}`,
    async estimate(span) {
      await checkPrometheus(prometheus);
      const { everyMs } = await readAlertRules(prometheus);
      const step = stepOf(everyMs);
      const parts = partsOf(options, span).map(({ part, operation, calls }) => ({ part, calls: [{ operation, calls, usd: 0 }] }));
      const missing = alertmanager ? [] : ['Without --alertmanager nothing is known of silences.'];
      return { parts, notes: [`Times of alerts are exact to ${String(step / 1000)} s, as that is how often they are looked at.`, ...missing] };
    },
    async *read(span, { done, signal }) {
      const rules = await readAlertRules(prometheus);
      for (const { part, operation, calls, read } of partsOf(options, span).filter((each) => !done.has(each.part))) {
        signal.throwIfAborted();
        try {
          yield { part, calls: { [operation]: calls }, facts: await read(rules) };
        } catch (error) {
          yield { part, calls: { [operation]: calls }, facts: [], error: errorMessage(error) };
        }
      }
    },
  };
}

function partsOf({ prometheus, alertmanager, severities }: PrometheusPast, span: Span): Part[] {
  const days = daysOf(span);
  const operation = 'prometheus:query_range';
  const ofDays = days.flatMap((day): Part[] => [
    { part: `alerts/${nameOf(day)}`, operation, calls: 2, read: ({ everyMs }) => readAlerts(prometheus, day, { span, stepMs: stepOf(everyMs), severities }) },
    { part: `changes/${nameOf(day)}`, operation, calls: 4, read: () => readChanges(prometheus, day) },
  ]);
  if (!alertmanager) return ofDays;
  return [
    ...ofDays,
    { part: 'silences', operation: 'alertmanager:silences', calls: 1, read: () => pastSilences(alertmanager, span) },
    { part: 'alerts now', operation: 'alertmanager:alerts', calls: 1, read: ({ names }) => currentAlerts(alertmanager, names, severities, span) },
  ];
}

async function readAlerts(
  server: ServerOptions,
  day: Span,
  { span, stepMs, severities }: { readonly span: Span; readonly stepMs: number; readonly severities: readonly Severity[] },
): Promise<readonly PastFact[]> {
  const range = gridOf(day, stepMs);
  // Of each step the last value within it, so that what fired for less than a step is seen too.
  const within = `[${String(stepMs)}ms]`;
  const firing = await queryRange(server, `last_over_time(ALERTS{alertstate="firing"}${within})`, range);
  const since = await queryRange(server, `last_over_time(ALERTS_FOR_STATE${within})`, range);
  return pagesOfSeries({ firing, since, stepMs }, span, severities);
}

async function readChanges(server: ServerOptions, day: Span): Promise<readonly PastFact[]> {
  const range = gridOf({ from: day.from - BEFORE_MS, to: day.to }, CHANGE_STEP_MS);
  const read = (query: string) => queryRange(server, query, range);
  const began = restarts(await read('process_start_time_seconds'));
  const started = began.filter(({ at }) => at >= day.from && at < day.to);
  const versions = versionChanges(await read('{__name__=~".+_build_info"}'), began);
  const specs = specChanges(await read('kube_deployment_metadata_generation'), await read('kube_deployment_spec_replicas'));
  const brings = (at: number, name: string | undefined): boolean =>
    versions.some((each) => each.where.names.includes(name ?? '') && each.at >= at - CHANGE_STEP_MS && each.at - at <= ROLLOUT_MS);
  return [...versions, ...started, ...specs.filter(({ at, where }) => !brings(at, where.names[0]))];
}

/** A range on whole steps, so that two parts that overlap see the same points. */
function gridOf({ from, to }: Span, stepMs: number): { readonly from: number; readonly to: number; readonly stepMs: number } {
  const first = Math.ceil(from / stepMs) * stepMs;
  return { from: first, to: Math.max(first, Math.ceil(to / stepMs) * stepMs - stepMs), stepMs };
}

function stepOf(everyMs: number | undefined): number {
  return Math.min(STEP.most, Math.max(STEP.least, everyMs ?? STEP.unknown));
}

function daysOf({ from, to }: Span): Span[] {
  const days: Span[] = [];
  for (let at = from; at < to; at = Math.floor(at / DAY_MS) * DAY_MS + DAY_MS)
    days.push({ from: at, to: Math.min(Math.floor(at / DAY_MS) * DAY_MS + DAY_MS, to) });
  return days;
}

function nameOf({ from }: Span): string {
  return new Date(from).toISOString().slice(0, 10);
}
