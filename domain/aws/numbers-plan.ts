import { countOf, numbersOf } from './found-resource';
import type { FoundService } from './found-services';
import { monthlyReads, pastReads, readsUsd } from './pull-prices';
import type { ServiceResource } from './service-metrics';

/** A service with what CloudWatch is to tell of it. */
export interface PlannedService extends FoundService {
  readonly numbers: readonly ServiceResource[];
}

/** Which numbers are read how often, and what that takes. */
export interface NumbersPlan {
  readonly services: readonly PlannedService[];
  readonly everyMs: number;
  readonly metrics: number;
  /** Metrics that are asked for in a month, and once for the past. */
  readonly reads: number;
  readonly pastReads: number;
  /** US dollars of each. */
  readonly usd: number;
  readonly pastUsd: number;
  /** Sentences. */
  readonly notes: readonly string[];
}

const MINUTE_MS = 60_000;
/** How often metrics are read, the best first. */
const EVERY = [1, 2, 5, 10, 15].map((minutes) => minutes * MINUTE_MS);
/** Resources of one service whose numbers are read. */
const MOST_RESOURCES = 100;

/** Plans the numbers of services so that reading them for a month, and their past of `reachMs` once, costs no more than `mostUsd`: less often where there are many, and at worst not of all. */
export function planNumbers(found: readonly FoundService[], { mostUsd, reachMs }: { readonly mostUsd: number; readonly reachMs: number }): NumbersPlan {
  const notes: string[] = [];
  const all = found.map((service): PlannedService => {
    const numbers = service.resources.flatMap(numbersOf);
    if (numbers.length > MOST_RESOURCES)
      notes.push(`${service.name} has ${String(numbers.length)} resources; the numbers of the first ${String(MOST_RESOURCES)} are read.`);
    return { ...service, numbers: numbers.slice(0, MOST_RESOURCES) };
  });
  const usdOf = (metrics: number, everyMs: number): number => readsUsd(monthlyReads(metrics, everyMs) + pastReads(metrics, reachMs));
  const total = all.reduce((sum, each) => sum + count(each), 0);
  const slowest = EVERY.at(-1) ?? MINUTE_MS;
  const everyMs = EVERY.find((each) => usdOf(total, each) <= mostUsd) ?? slowest;
  let metrics = 0;
  const services = all.map((each) => {
    if (usdOf(metrics + count(each), everyMs) > mostUsd) return { ...each, numbers: [] };
    metrics += count(each);
    return each;
  });
  const left = services.filter((each, i) => each.numbers.length < (all[i]?.numbers.length ?? 0));
  const often = `each ${everyMs === MINUTE_MS ? 'minute' : `${String(everyMs / MINUTE_MS)} minutes`}`;
  if (everyMs > MINUTE_MS) notes.push(`Numbers are read ${often}, so that they cost no more than ${mostUsd.toFixed(2)} USD a month (aws.monthlyUsd).`);
  if (left.length > 0)
    notes.push(`Numbers of ${String(left.length)} services are left out, as they would cost more than that: raise aws.monthlyUsd and add them.`);
  const reads = monthlyReads(metrics, everyMs);
  const past = pastReads(metrics, reachMs);
  return { services, everyMs, metrics, reads, pastReads: past, usd: readsUsd(reads), pastUsd: readsUsd(past), notes };
}

function count({ numbers }: PlannedService): number {
  return numbers.reduce((sum, each) => sum + countOf(each), 0);
}
