import { zoneClock } from '../local-time';
import type { Span } from './facts';
import type { ReportIncident, ReportTotals } from './report';

/** Night, by the clock on the wall: from 22 to 7. */
const NIGHT = { from: 22, to: 7 } as const;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Says whether an instant lies in the night of a zone, and in which one: nights are named by the day on which they end. */
export function nightOf(zone: string): (at: number) => string | undefined {
  const clock = zoneClock(zone);
  return (at) => {
    const reading = clock.wall(at);
    const hour = Math.floor((((reading % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS);
    if (hour >= NIGHT.to && hour < NIGHT.from) return undefined;
    return new Date(hour >= NIGHT.from ? reading + DAY_MS : reading).toISOString().slice(0, 10);
  };
}

/** Sums over all incidents. `foldedMs` is the time of pages that the engine's gate folds. */
export function totalsOf(incidents: readonly ReportIncident[], span: Span, zone: string): ReportTotals {
  const pages = incidents.flatMap((each) => each.pages);
  const count = (kind: string): number => pages.filter((page) => page.kind === kind).length;
  const noise = {
    ...{ flapping: count('flapping'), 'self-healed': count('self-healed'), repeated: count('repeated'), silenced: count('silenced'), folded: count('folded') },
    all: pages.filter(({ kind }) => kind !== 'told').length,
  };
  const real = incidents.filter((each) => !each.noise);
  const followed = incidents.filter(({ suspects }) => suspects.some(({ named }) => named)).length;
  const would = (what: string): number => incidents.filter(({ wouldHave }) => wouldHave.would === what).length;
  return {
    ...{ pages: pages.length, incidents: incidents.length, noise, night: nightTotals(pages, span, zone) },
    followedChange: { incidents: followed, of: Math.max(real.length, followed), share: ratio(followed, Math.max(real.length, followed)) },
    wouldHave: { propose: would('propose'), wait: would('wait'), ask: would('ask'), silent: would('silent') },
    wrong: incidents.filter(({ hindsight }) => hindsight.some(({ wrong }) => wrong)).length,
    hours: hoursOf(incidents, span),
  };
}

function nightTotals(pages: ReportIncident['pages'], span: Span, zone: string): ReportTotals['night'] {
  const night = nightOf(zone);
  const names = pages.flatMap(({ begin }) => night(Date.parse(begin)) ?? []);
  const nights = new Set<string>();
  for (let at = span.from; at < span.to; at += HOUR_MS) {
    const name = night(at);
    if (name !== undefined) nights.add(name);
  }
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return { pages: names.length, nights: nights.size, perNight: round(ratio(names.length, nights.size)), worst: Math.max(0, ...counts.values()) };
}

function hoursOf(incidents: readonly ReportIncident[], span: Span): ReportTotals['hours'] {
  const end = (text: string | undefined): number => (text === undefined ? span.to : Date.parse(text));
  const stretch = ({ begin, end: until }: { begin: string; end?: string }): readonly [number, number] => [Date.parse(begin), end(until)];
  const pages = incidents.flatMap((each) => each.pages);
  const kept = pages.filter(({ kind }) => kind === 'told' || kind === 'repeated' || kind === 'self-healed');
  const [all, without] = [covered(pages.map(stretch)), covered(kept.map(stretch))];
  const saved = incidents.reduce((sum, { savedMs }) => sum + savedMs, 0);
  return { paging: hours(all), savedByRemedies: hours(saved), savedByFolding: hours(all - without) };
}

/** Length of the union of stretches, so that an hour with three alarms is one hour. */
function covered(stretches: readonly (readonly [number, number])[]): number {
  let [sum, reached] = [0, -Infinity];
  for (const [from, to] of [...stretches].sort(([a], [b]) => a - b)) {
    sum += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return sum;
}

function hours(ms: number): number {
  return Math.round(ms / (HOUR_MS / 10)) / 10;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1000) / 1000;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
