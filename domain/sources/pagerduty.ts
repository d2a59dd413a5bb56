import { z } from 'zod';
import { severityOfWord } from '../alert-intake';
import type { Severity } from '../names';
import { cleanText } from '../outside-text';
import { epochOf } from './instants';
import { environmentOf, serviceOf } from './names';
import type { Normalised, Source, SourceContext } from './source';
import { severityBy, toAlert } from './to-alert';
import { hasMembers, readAs } from './wire';

const named = z.looseObject({ id: z.string().nullish(), summary: z.string().nullish() }).nullish();

const envelope = z.looseObject({
  event: z.looseObject({
    id: z.string(),
    event_type: z.string(),
    occurred_at: z.string().nullish(),
    data: z.looseObject({ type: z.string().nullish() }).nullish(),
  }),
});
type Event = z.output<typeof envelope>['event'];

const incident = z.looseObject({
  event: z.looseObject({
    data: z.looseObject({
      id: z.string().min(1),
      status: z.string().nullish(),
      number: z.number().nullish(),
      created_at: z.string().nullish(),
      title: z.string().nullish(),
      html_url: z.string().nullish(),
      urgency: z.string().nullish(),
      service: named,
      priority: named,
      escalation_policy: named,
      teams: z.array(named).nullish(),
    }),
  }),
});
type Incident = z.output<typeof incident>['event']['data'];

/** The two schemes that PagerDuty offers; others are words of the account. */
const PRIORITIES: Readonly<Record<string, Severity>> = {
  ...{ p1: 'sev1', p2: 'sev2', p3: 'sev3', p4: 'sev4', p5: 'sev4' },
  ...{ 'sev-1': 'sev1', 'sev-2': 'sev2', 'sev-3': 'sev3', 'sev-4': 'sev4', 'sev-5': 'sev4' },
};

/** Webhooks of PagerDuty, version 3: events of incidents; others are left aside. https://developer.pagerduty.com/docs/webhooks-overview */
export const pagerduty: Source = {
  name: 'pagerduty',
  title: 'PagerDuty, webhook version 3 (incidents)',
  gives: ['alert'],
  recognises: ({ json }) => hasMembers(json, 'event') && hasMembers(json['event'], 'event_type', 'resource_type', 'occurred_at', 'data'),
  read(message, context) {
    const { event } = readAs(message, envelope);
    if (event.event_type === 'pagey.ping') return { objects: [], passedOver: ['a ping'] };
    if (event.data?.type !== 'incident') return { objects: [], passedOver: [`the event ${cleanText(event.event_type, 64)}, which begins or ends nothing`] };
    return { objects: [read(event, readAs(message, incident).event.data, context)], passedOver: [] };
  },
};

function read(event: Event, told: Incident, context: SourceContext): Normalised {
  const resolved = event.event_type === 'incident.resolved' || told.status === 'resolved';
  // What ends an incident, or opens it again, has a time and an id of its own; all else tells of the beginning once more, and only a new severity is news.
  const turns = resolved || event.event_type === 'incident.reopened';
  const occurredAt = epochOf(event.occurred_at);
  const severity = severityOf(told);
  return toAlert(
    {
      ...{ source: 'pagerduty', status: resolved ? 'resolved' : 'firing', name: told.title ?? '', severity, labels: labelsOf(told) },
      environment: environmentOf([], context),
      service: serviceOf([told.service?.summary ?? undefined, told.service?.id ?? undefined], context),
      summary: told.title ?? undefined,
      id: turns ? `pagerduty:event:${event.id}` : `pagerduty:${told.id}:firing:${severity ?? ''}`,
      fingerprint: `pagerduty:${told.id}`,
      startsAt: turns ? occurredAt : (epochOf(told.created_at) ?? occurredAt),
      endsAt: resolved ? occurredAt : undefined,
      link: told.html_url ?? undefined,
    },
    context,
  );
}

/** The priority, which people set, before the urgency, which follows from the service. */
function severityOf({ priority, urgency }: Incident): Severity | undefined {
  const word = priority?.summary ?? '';
  return severityBy(PRIORITIES, word) ?? severityOfWord(word) ?? severityOfWord(urgency ?? '');
}

function labelsOf({ number, urgency, priority, escalation_policy, teams }: Incident): Readonly<Record<string, unknown>> {
  const labels = { number, urgency, priority: priority?.summary, escalation_policy: escalation_policy?.summary, team: teams?.[0]?.summary };
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== undefined && value !== null));
}
