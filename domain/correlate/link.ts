import { humanDuration } from '../human-time';
import { spreads, type Likeness } from './alike';
import type { CallMap } from './call-map';
import type { CorrelateSettings, Member, OpenIncident } from './types';

/** How an alert hangs together with a condition of an incident by the calls between their services. */
export interface Link {
  readonly member: Member;
  readonly hops: number;
  /** Both ends included, the caller first. */
  readonly way: readonly string[];
  /** Between the two beginnings, milliseconds. */
  readonly apartMs: number;
  readonly common?: string;
  /** Undefined where they belong together; else what speaks against it, as the end of a sentence. */
  readonly doubt?: string;
  readonly reason: string;
}

/** What links are found by. */
export interface LinkFacts {
  readonly map: CallMap;
  readonly settings: CorrelateSettings;
  readonly likeness: Likeness;
}

/** The nearest link of an alert to what fires in an incident; one without doubts before others. Undefined where no way of calls goes from one to the other. */
export function linkOf(alert: Member, incident: OpenIncident, { map, settings, likeness }: LinkFacts): Link | undefined {
  if (!spreads(alert)) return undefined;
  const firing = byService(incident.members.filter((member) => member.firing && spreads(member)));
  let best: Tie | undefined;
  for (const [service, members] of firing) {
    if (service === alert.service) continue;
    const way = map.path(alert.service, service, settings.maxHops) ?? map.path(service, alert.service, settings.maxHops);
    if (way === undefined) continue;
    const silent = way.slice(1, -1).find((each) => !firing.has(each));
    for (const member of members) {
      const tie = tieOf(alert, member, { way, silent, common: likeness.of(alert, member), windowMs: settings.windowMs });
      if (best === undefined || byStrength(tie, best) < 0) best = tie;
    }
  }
  return best && linkBy(alert, best, map, settings);
}

/** A link before it is put into words, as only the best one is. */
interface Tie {
  readonly member: Member;
  readonly way: readonly string[];
  readonly apartMs: number;
  readonly common: string | undefined;
  readonly late: boolean;
  /** A service between the two of which nothing fires, where that speaks against it. */
  readonly silent: string | undefined;
}

interface Between extends Pick<Tie, 'way' | 'common' | 'silent'> {
  readonly windowMs: number;
}

function tieOf(alert: Member, member: Member, { way, silent, common, windowMs }: Between): Tie {
  const apartMs = Math.abs(alert.startsAt - member.startsAt);
  return { member, way, apartMs, common, late: apartMs > windowMs, silent: common === undefined ? silent : undefined };
}

function byService(members: readonly Member[]): ReadonlyMap<string, readonly Member[]> {
  const found = new Map<string, Member[]>();
  for (const member of members) {
    const own = found.get(member.service);
    if (own) own.push(member);
    else found.set(member.service, [member]);
  }
  return found;
}

function linkBy(alert: Member, { member, way, apartMs, common, late, silent }: Tie, map: CallMap, { windowMs }: CorrelateSettings): Link {
  const doubt = late
    ? `they began ${humanDuration(apartMs)} apart, which is more than ${humanDuration(windowMs)}`
    : silent !== undefined
      ? `nothing of ${silent} between them fires, and their alerts are not alike`
      : undefined;
  const reason = [wayText(way, map), timeText(alert, member), ...(common === undefined ? [] : [`both ${common}`])].join(', ');
  return { member, hops: way.length - 1, way, apartMs, reason, ...(common === undefined ? {} : { common }), ...(doubt === undefined ? {} : { doubt }) };
}

function wayText(way: readonly string[], map: CallMap): string {
  const seen = way.some((caller, i) => i + 1 < way.length && map.from(caller, way[i + 1] ?? '') === 'traces');
  const [caller = '', callee = '', ...further] = way;
  return `${caller} calls ${callee}${further.map((service) => `, which calls ${service}`).join('')}${seen ? ' (seen in traces)' : ''}`;
}

function timeText(alert: Member, member: Member): string {
  const apart = alert.startsAt - member.startsAt;
  const other = `${member.name} on ${member.service}`;
  if (Math.abs(apart) < 1000) return `at the same time as ${other}`;
  return `${humanDuration(Math.abs(apart))} ${apart > 0 ? 'after' : 'before'} ${other}`;
}

function byStrength(a: Tie, b: Tie): number {
  return (
    Number(doubtful(a)) - Number(doubtful(b)) ||
    a.way.length - b.way.length ||
    Number(b.common !== undefined) - Number(a.common !== undefined) ||
    a.apartMs - b.apartMs ||
    (a.member.fingerprint < b.member.fingerprint ? -1 : 1)
  );
}

function doubtful({ late, silent }: Tie): boolean {
  return late || silent !== undefined;
}
