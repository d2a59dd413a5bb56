import { humanDuration } from '../human-time';
import { matches } from '../quiet/match';
import type { Matched } from '../quiet/match';
import type { CorrelateRule, CorrelateSettings, Member, OpenIncident } from './types';

/** A rule that fits an alert and an open incident, with the condition of the incident that it fits. */
export interface RuleFit {
  readonly rule: CorrelateRule;
  readonly member: Member;
  readonly reason: string;
}

/** The first rule that fits the two. One of `join` needs the window too, as a declaration says that alerts belong together, and not that they do for ever. */
export function ruleFor(alert: Member, incident: OpenIncident, { rules, windowMs }: CorrelateSettings): RuleFit | undefined {
  for (const rule of rules) {
    if (!mayFit(rule, alert, incident.environment)) continue;
    const one = matches(rule.match, matched(alert, incident.environment));
    if (!one && rule.action !== 'never') continue;
    const firing = incident.members.filter((each) => each.firing && fits(rule, each, incident.environment, one));
    const member = nearest(alert, firing, rule.action === 'join' ? windowMs : Infinity);
    if (member)
      return { rule, member, reason: `the rule ${rule.name} says so, ${humanDuration(apart(alert, member))} from ${member.name} on ${member.service}` };
  }
  return undefined;
}

/** Might any rule join or relate alerts of this service? */
export function ruleSpeaksOf({ rules }: CorrelateSettings, environment: string, service: string): boolean {
  return rules.some(
    ({ action, services, environments }) =>
      action !== 'never' && (services.length === 0 || services.includes(service)) && (environments.length === 0 || environments.includes(environment)),
  );
}

/** What costs nothing to see: most rules speak of other services than those of an alert. */
function mayFit({ services, environments }: CorrelateRule, { service }: Member, environment: string): boolean {
  return (environments.length === 0 || environments.includes(environment)) && (services.length === 0 || services.includes(service));
}

/** `one`: the alert itself matches. */
function fits({ match, services, action }: CorrelateRule, member: Member, environment: string, one: boolean): boolean {
  if (services.length > 0 && !services.includes(member.service)) return false;
  if (action === 'never' && one) return true;
  return matches(match, matched(member, environment));
}

function matched({ service, source, name, severity, labels }: Member, environment: string): Matched {
  return { source, service, environment, title: name, severity, ...(labels && { labels }) };
}

function nearest(alert: Member, members: readonly Member[], withinMs: number): Member | undefined {
  let found: Member | undefined;
  for (const each of members) {
    const ms = apart(alert, each);
    if (ms <= withinMs && (found === undefined || ms < apart(alert, found))) found = each;
  }
  return found;
}

function apart(a: Member, b: Member): number {
  return Math.abs(a.startsAt - b.startsAt);
}
