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
  const firing = incident.members.filter((member) => member.firing).sort((a, b) => apart(alert, a) - apart(alert, b));
  for (const rule of rules) {
    if (rule.environments.length > 0 && !rule.environments.includes(incident.environment)) continue;
    const member = firing.find((each) => fits(rule, alert, each, incident.environment) && (rule.action !== 'join' || apart(alert, each) <= windowMs));
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

function fits({ match, services, action }: CorrelateRule, alert: Member, member: Member, environment: string): boolean {
  if (services.length > 0 && !(services.includes(alert.service) && services.includes(member.service))) return false;
  const [one, other] = [matches(match, matched(alert, environment)), matches(match, matched(member, environment))];
  return action === 'never' ? one || other : one && other;
}

function matched({ service, source, name, severity, labels }: Member, environment: string): Matched {
  return { source, service, environment, title: name, severity, ...(labels && { labels }) };
}

function apart(a: Member, b: Member): number {
  return Math.abs(a.startsAt - b.startsAt);
}
