import { SETTLE_MS } from '../../domain/aws/metric';
import { placeText } from '../../domain/aws/place';
import { instanceOf, keptPeriods, metricsOfResource, samplesOfResource } from '../../domain/aws/service-metrics';
import type { Periods, ServiceResource } from '../../domain/aws/service-metrics';
import { errorCode } from '../../domain/errors';
import type { Service } from '../../domain/inventory';
import type { Sample } from '../../domain/metrics';
import type { Clock } from '../../ports/clock';
import type { MetricQueries } from '../../ports/metric-queries';
import type { MetricHistory, MetricSource } from '../../ports/metrics';
import { makeGates } from './gate';

const MINUTE_MS = 60_000;
/** So many periods that nobody asked for are made up for at once. */
const MOST_PERIODS = 10;

/** The detector waits for everybody's numbers: a region that does not answer must not hold up the others for long. Counted from when it is sent. */
const SCRAPE_TIMEOUT_MS = 5_000;

/** Questions that one place is asked at once, and how long one waits for its turn before it is left to the next scrape: many services have their numbers in one place. */
const AT_ONCE = 5;
const MOST_WAIT_MS = 10_000;

/** Of one question about the past, which has more to tell. */
const PAST_TIMEOUT_MS = 30_000;

/** What was asked last about a service in a place. */
interface Asked {
  readonly to: number;
  readonly samples: readonly Sample[];
  /** End of the last period that was told of each instance. */
  readonly told: ReadonlyMap<string, number>;
}

/** A service's resources in one place, and what was asked of them. */
interface Scraped {
  readonly key: string;
  readonly place: string;
  readonly resources: readonly ServiceResource[];
  readonly everyMs: number;
}

/** Called once of each place (account and region) whose past may not be read, with the reason, where other places of the service have theirs. */
export type LeftOut = (place: string, reason: unknown) => void;

/**
 * Numbers of services from CloudWatch. Each period is asked for once, when it has been over for two minutes, however often a scrape is wanted: each question is billed. One that has no
 * value yet where the one before it has some is asked for once more. Where CloudWatch does not answer, the sample is `unreadable`: its trouble is not the service's, and it is asked again after
 * a period. Of the past a place that is forbidden is left out where others answer, which is told once.
 */
export function cloudWatchNumbers(queries: Pick<MetricQueries, 'readAll'>, clock: Clock, leftOut: LeftOut): MetricSource & MetricHistory {
  const asked = new Map<string, Asked>();
  const failed = new Map<string, number>();
  const gate = makeGates(AT_ONCE);
  const scrapePlace = async (service: Service, { key, place, resources, everyMs }: Scraped): Promise<readonly Sample[]> => {
    const now = clock.now();
    const to = Math.floor((now - SETTLE_MS) / everyMs) * everyMs;
    const last = asked.get(key);
    if (last && to <= last.to) return last.samples;
    if (now < (failed.get(key) ?? 0)) return [];
    try {
      const toldTo = resources.map((resource) => Math.max(last?.told.get(instanceOf(resource)) ?? to - everyMs, to - MOST_PERIODS * everyMs));
      // One period more: whether there were values tells whether the newest ones are late.
      const span = { from: Math.min(...toldTo) - everyMs, to, periodMs: everyMs };
      const read = await gate(place)(async () =>
        clock.now() - now > MOST_WAIT_MS ? undefined : readPlace(queries, service, resources, span, AbortSignal.timeout(SCRAPE_TIMEOUT_MS)),
      );
      if (!read) return [];
      const samples = read.flatMap((each, i) => settled(each, span).filter(({ at }) => at > (toldTo[i] ?? 0)));
      const told = new Map(resources.map((resource, i) => [instanceOf(resource), toldTo[i] ?? 0]));
      for (const { instance, at } of samples) told.set(instance, Math.max(told.get(instance) ?? 0, at));
      asked.set(key, { to, samples, told });
      return samples;
    } catch {
      failed.set(key, now + everyMs);
      return resources.map((resource) => unreadable(service, resource, now));
    }
  };
  return {
    async scrape(service) {
      const { metrics, environment, name } = service;
      const places = byPlace(metrics?.cloudwatch ?? []);
      const all = await Promise.all(
        [...places].map(([place, resources]) =>
          scrapePlace(service, { key: `${environment}/${name} ${place}`, place, resources, everyMs: metrics?.everyMs ?? 0 }),
        ),
      );
      return all.flat();
    },
    ...pastNumbers(queries, clock, leftOut),
  };
}

function pastNumbers(queries: Pick<MetricQueries, 'readAll'>, clock: Clock, leftOut: LeftOut): MetricHistory {
  const told = new Set<string>();
  const gate = makeGates(AT_ONCE);
  return {
    async past(service, from, to, stepMs) {
      if (!service.metrics?.cloudwatch) return [];
      const least = Math.max(service.metrics.everyMs, Math.floor(stepMs / MINUTE_MS) * MINUTE_MS);
      const now = clock.now();
      // What is not over for long enough is left to those who measure.
      const spans = keptPeriods(from, Math.min(to, now - SETTLE_MS), least, now);
      const found: Sample[] = [];
      const refused = new Map<string, unknown>();
      const places = byPlace(service.metrics.cloudwatch);
      for (const [place, resources] of places) {
        await gate(place)(() => pastOfPlace(queries, service, resources, { spans, now })).then(
          (samples) => found.push(...samples),
          (error: unknown) => {
            if (errorCode(error) !== 'forbidden' || refused.size + 1 === places.size) throw error;
            refused.set(place, error);
          },
        );
      }
      for (const [place, error] of refused) {
        if (!told.has(place)) leftOut(place, error);
        told.add(place);
      }
      return found.sort((a, b) => a.at - b.at);
    },
  };
}

/** Samples of a place in whole periods of the spans. Of a time from which there is no value at all nobody knows whether the service was there: there are none. */
async function pastOfPlace(
  queries: Pick<MetricQueries, 'readAll'>,
  service: Service,
  resources: readonly ServiceResource[],
  { spans, now }: { readonly spans: readonly Periods[]; readonly now: number },
): Promise<readonly Sample[]> {
  const found: Sample[] = [];
  for (const [i, { from, to, periodMs }] of spans.entries()) {
    // The period that is under way at the begin is asked for too: it begins where the last known one ended. A later stretch begins where the one before it ends.
    const whole = i === 0 ? Math.floor : Math.ceil;
    const span = { from: whole(from / periodMs) * periodMs, to: Math.floor(to / periodMs) * periodMs, periodMs };
    if (span.from >= span.to) continue;
    const newest = span.to > now - SETTLE_MS - periodMs;
    for (const each of await readPlace(queries, service, resources, span, AbortSignal.timeout(PAST_TIMEOUT_MS)))
      if (each.valued.size > 0) found.push(...(newest ? settled(each, span) : each.samples));
  }
  return found;
}

/** Samples up to the last one, which is held back where its period has no value and the one before it has: values may come late, and a zero would stay for good. */
function settled({ valued, samples }: ResourceSamples, { to, periodMs }: Periods): readonly Sample[] {
  return !valued.has(to - periodMs) && valued.has(to - 2 * periodMs) ? samples.filter(({ at }) => at < to) : samples;
}

interface ResourceSamples {
  /** Begins of the periods of which there was any value. */
  readonly valued: ReadonlySet<number>;
  readonly samples: readonly Sample[];
}

/** Samples of each resource of a place, asked for together. */
async function readPlace(
  queries: Pick<MetricQueries, 'readAll'>,
  service: Service,
  resources: readonly ServiceResource[],
  span: Periods,
  signal: AbortSignal,
): Promise<readonly ResourceSamples[]> {
  const metrics = resources.map((resource) => metricsOfResource(service, resource, span.periodMs));
  const answers = await queries.readAll(metrics.flat(), span.from, span.to, signal);
  let next = 0;
  return resources.map((resource, i) => {
    const own = answers.slice(next, (next += metrics[i]?.length ?? 0));
    const valued = new Set(own.flatMap((lines) => lines.flatMap(({ points }) => points.map(({ at }) => at))));
    return { valued, samples: samplesOfResource(service, resource, own, span) };
  });
}

function byPlace(resources: readonly ServiceResource[]): ReadonlyMap<string, readonly ServiceResource[]> {
  const places = new Map<string, ServiceResource[]>();
  for (const resource of resources) places.set(placeText(resource), [...(places.get(placeText(resource)) ?? []), resource]);
  return places;
}

function unreadable({ name, environment }: Service, resource: ServiceResource, at: number): Sample {
  const nothing = { routes: {}, latency: { le: [], counts: [] }, saturation: {} };
  return { service: name, environment, instance: instanceOf(resource), at, up: false, unreadable: true, ...nothing };
}
