import type { PlacedPage } from './places';

/** Pages that belong together. Times are epoch milliseconds. */
export interface Group {
  readonly environment: string;
  /** The service that the others call, where several are in it; else the first that paged. */
  readonly service: string;
  /** All services, that one first. */
  readonly services: readonly string[];
  /** By begin. */
  readonly pages: readonly PlacedPage[];
  readonly begin: number;
  /** The last end; the end of the span where something still fires. */
  readonly end: number;
  /** When the trouble began, as far as the alarms tell: before the first page, as an alarm looks at several periods. */
  readonly onset: number;
  /** Why pages of other services are in it, one sentence each. */
  readonly because: readonly string[];
}

/** A condition that fires for longer holds no incident open: pages that come later are news. */
const CHRONIC_MS = 12 * 3_600_000;
/** A caller's alarm may fire so long before and after the one of what it calls, and still be the same trouble. */
const CALLER_BEFORE_MS = 10 * 60_000;
const CALLER_AFTER_MS = 20 * 60_000;

/** One group for each service and stretch of trouble, as the live engine has one incident a service, and joins what comes while it still watches (`watchMs`). */
export function groupByService(pages: readonly PlacedPage[], watchMs: number, until: number): Group[] {
  const groups: Group[] = [];
  const open = new Map<string, PlacedPage[]>();
  const key = ({ environment, service }: PlacedPage): string => JSON.stringify([environment, service]);
  for (const page of pages) {
    const current = open.get(key(page));
    if (current && page.begin <= lastEnd(current, until) + watchMs) current.push(page);
    else {
      if (current) groups.push(groupOf(current, until));
      open.set(key(page), [page]);
    }
  }
  for (const current of open.values()) groups.push(groupOf(current, until));
  return groups.sort((a, b) => a.begin - b.begin);
}

/** Puts the trouble of callers into that of what they call, where it began about then: what is below is the cause until shown otherwise. */
export function joinCallers(groups: readonly Group[], dependsOn: ReadonlyMap<string, ReadonlySet<string>>, until: number): Group[] {
  const joined = [...groups];
  const calls = (caller: Group, callee: Group): boolean => callee.services.some((name) => dependsOn.get(caller.service)?.has(name) === true);
  for (const caller of groups) {
    const callee = joined.find(
      (each) => each !== caller && !each.pages.includes(caller.pages[0] as PlacedPage) && calls(caller, each) && aboutThen(caller, each),
    );
    const place = joined.indexOf(caller);
    if (!callee || place < 0) continue;
    const because = `${caller.service} calls ${callee.service}, and its trouble began about then`;
    joined.splice(place, 1);
    joined.splice(joined.indexOf(callee), 1, together(callee, caller, because, until));
  }
  return joined.sort((a, b) => a.begin - b.begin);
}

/** One group of two; the first one's service leads. */
export function together(first: Group, second: Group, because: string, until: number): Group {
  const pages = [...first.pages, ...second.pages].sort((a, b) => a.begin - b.begin);
  const whole = groupOf(pages, until);
  const services = [...new Set([...first.services, ...second.services])];
  return { ...whole, service: first.service, services, because: [...first.because, ...second.because, because] };
}

function aboutThen(caller: Group, callee: Group): boolean {
  return caller.environment === callee.environment && caller.begin >= callee.begin - CALLER_BEFORE_MS && caller.begin <= callee.begin + CALLER_AFTER_MS;
}

function groupOf(pages: readonly PlacedPage[], until: number): Group {
  const [first] = pages as readonly [PlacedPage, ...PlacedPage[]];
  const { environment, service } = first;
  const onset = Math.min(...pages.filter(({ begin }) => begin - first.begin <= CALLER_AFTER_MS).map(({ begin, since }) => Math.min(begin, since ?? begin)));
  const end = Math.max(...pages.map((page) => page.end ?? until));
  return { environment, service, services: [service], pages, begin: first.begin, end, onset, because: [] };
}

function lastEnd(pages: readonly PlacedPage[], until: number): number {
  return Math.max(...pages.map(({ begin, end = until }) => Math.min(end, begin + CHRONIC_MS)));
}
