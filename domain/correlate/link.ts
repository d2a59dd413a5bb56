import { humanDuration } from '../human-time';
import { alike, spreads } from './alike';
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

/** The nearest link of an alert to what fires in an incident; one without doubts before others. Undefined where no way of calls goes from one to the other. */
export function linkOf(alert: Member, incident: OpenIncident, map: CallMap, settings: CorrelateSettings): Link | undefined {
  if (!spreads(alert)) return undefined;
  const firing = incident.members.filter((member) => member.firing && member.service !== alert.service && spreads(member));
  const failing = new Set(firing.map(({ service }) => service));
  const links = firing.flatMap((member) => {
    const way = map.path(alert.service, member.service, settings.maxHops) ?? map.path(member.service, alert.service, settings.maxHops);
    return way === undefined ? [] : [linkBy(alert, member, way, { map, settings, failing })];
  });
  return links.sort(byStrength)[0];
}

/** Longest way that a failure is followed between services that fire. */
const MOST_HOPS = 20;

/**
 * One service whose failure would reach all of these. One that fires itself may be any number of calls away, as those between tell of it too; one of which nothing is heard must be
 * near to all. Undefined where none is known.
 */
export function commonCause(services: readonly string[], map: CallMap, maxHops: number): string | undefined {
  return shared(services, map, MOST_HOPS).find((service) => services.includes(service)) ?? shared(services, map, maxHops)[0];
}

function shared(services: readonly string[], map: CallMap, maxHops: number): string[] {
  const [first, ...others] = services.map((service) => map.causes(service, maxHops));
  return [...(first ?? [])].filter((service) => others.every((causes) => causes.has(service))).sort();
}

interface LinkFacts {
  readonly map: CallMap;
  readonly settings: CorrelateSettings;
  /** Services of which something fires in the incident. */
  readonly failing: ReadonlySet<string>;
}

function linkBy(alert: Member, member: Member, way: readonly string[], { map, settings, failing }: LinkFacts): Link {
  const apartMs = Math.abs(alert.startsAt - member.startsAt);
  const common = alike(alert, member);
  const silent = way.slice(1, -1).find((service) => !failing.has(service));
  const doubt =
    apartMs > settings.windowMs
      ? `they began ${humanDuration(apartMs)} apart, which is more than ${humanDuration(settings.windowMs)}`
      : silent !== undefined && common === undefined
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

function byStrength(a: Link, b: Link): number {
  return (
    Number(a.doubt !== undefined) - Number(b.doubt !== undefined) ||
    a.hops - b.hops ||
    Number(b.common !== undefined) - Number(a.common !== undefined) ||
    a.apartMs - b.apartMs ||
    (a.member.fingerprint < b.member.fingerprint ? -1 : 1)
  );
}
