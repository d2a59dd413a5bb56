import { STATE_LIMITS } from '../incident-state';
import { Likeness, spreads } from './alike';
import type { CallMap } from './call-map';
import { linkOf, type Link, type LinkFacts } from './link';
import { ruleFor } from './rules';
import type { CorrelateSettings, Decision, Member, OpenIncident, Relation } from './types';

/** What correlation decides by. */
export interface CorrelateFacts {
  readonly map: CallMap;
  readonly settings: CorrelateSettings;
  /** Remembers words from one alert to the next; one of its own for each when absent. */
  readonly likeness?: Likeness;
}

/** An incident that the alert could join, and how well it fits: fewer hops first. */
interface Candidate extends Relation {
  readonly hops: number;
  readonly alike: boolean;
}

type Finding = { readonly joins: Candidate } | { readonly relates: Relation } | undefined;

/**
 * What becomes of an alert of a service of which no incident is open, given the other open incidents of its environment. It joins one where a way of calls leads from one service to
 * the other, the times fit, and one service is known whose failure would reach all that fire: two services that are only noisy at the same time stay apart. Rules that people
 * declare are asked first. The same question always has the same answer.
 */
export function decide(alert: Member, incidents: readonly OpenIncident[], facts: CorrelateFacts): Decision {
  const { map, settings, likeness = new Likeness() } = facts;
  const findings = incidents.map((incident) => findingOf(alert, incident, { map, settings, likeness }));
  const candidates = findings.flatMap((finding) => (finding && 'joins' in finding ? [finding.joins] : [])).sort(byFit);
  const related = findings.flatMap((finding) => (finding && 'relates' in finding ? [finding.relates] : []));
  const [best, ...others] = candidates;
  if (!best) return { kind: 'own', relates: related };
  return {
    kind: 'joins',
    incident: best.incident,
    reason: best.reason,
    relates: [...others.map(({ incident, reason }) => ({ incident, reason })), ...related],
  };
}

function findingOf(alert: Member, incident: OpenIncident, facts: LinkFacts): Finding {
  const fit = ruleFor(alert, incident, facts.settings);
  if (fit?.rule.action === 'never') return undefined;
  if (fit?.rule.action === 'relate') return { relates: { incident, reason: fit.reason } };
  if (fit) return orRelated(alert, { incident, reason: fit.reason, hops: 0, alike: true });
  const link = linkOf(alert, incident, facts);
  return link && byCalls(alert, incident, link, facts);
}

function byCalls(alert: Member, incident: OpenIncident, link: Link, { map, settings }: LinkFacts): Finding {
  const services = [...new Set([...incident.members.filter((member) => member.firing && spreads(member)).map(({ service }) => service), alert.service])];
  const cause = map.commonCause(services, settings.maxHops);
  const doubt = link.doubt ?? (cause === undefined ? 'no one service is known whose failure would reach all that fire there' : undefined);
  if (doubt !== undefined) return { relates: { incident, reason: `${link.reason}; not one incident, as ${doubt}` } };
  const through = cause !== undefined && !services.includes(cause) ? `; all of them call ${cause}` : '';
  return orRelated(alert, { incident, reason: `${link.reason}${through}`, hops: link.hops, alike: link.common !== undefined });
}

/** Once something is done about an incident, what comes later must not change what it is measured by. */
function orRelated({ service }: Member, candidate: Candidate): Finding {
  const { incident, reason } = candidate;
  const against = incident.split.includes(service) ? `a person split ${service} off` : (incident.closedTo ?? fullOf(incident));
  return against === undefined ? { joins: candidate } : { relates: { incident, reason: `${reason}; not one incident, as ${against}` } };
}

/** The incident must keep room for conditions of its own service. */
function fullOf({ service, members }: OpenIncident): string | undefined {
  const joined = members.filter((member) => member.service !== service).length;
  return joined < STATE_LIMITS.joined ? undefined : `it holds ${String(joined)} conditions of other services already`;
}

function byFit(a: Candidate, b: Candidate): number {
  return (
    a.hops - b.hops ||
    Number(b.alike) - Number(a.alike) ||
    a.incident.openedAt - b.incident.openedAt ||
    (a.incident.workflowId < b.incident.workflowId ? -1 : 1)
  );
}
