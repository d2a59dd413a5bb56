import { z } from 'zod';
import { maybe } from './aws-envelope';
import { eventReader, eventSource, text } from './aws-event';
import type { ToldEvent } from './aws-event';
import { awsEnvironment, consoleLink } from './aws-names';
import { awsTime } from './aws-times';
import { words } from './cloudwatch-names';
import { serviceOf } from './names';
import type { Normalised, SourceContext } from './source';
import { toChange } from './to-change';

const detail = z.looseObject({
  ...{
    eventArn: z.string(),
    service: z.string(),
    eventTypeCode: z.string(),
    eventTypeCategory: z.string(),
    startTime: text,
    eventRegion: text,
    statusCode: text,
  },
  eventDescription: maybe(z.array(z.looseObject({ latestDescription: text }))),
  affectedEntities: maybe(z.array(z.looseObject({ entityValue: text }))),
});
type Told = ToldEvent<z.output<typeof detail>>;

/** Author of what the provider does. */
const PROVIDER = 'aws';

/**
 * Trouble and planned changes of AWS itself: changes of the infrastructure by nobody of the team, told once however often AWS updates them. Notifications of accounts are left aside.
 * https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
 */
export const awsHealth = eventSource({
  ...{ name: 'aws-health', title: 'AWS Health, events of the provider by EventBridge', gives: ['change'], service: 'aws.health' },
  readers: { 'AWS Health Event': eventReader(detail, changeOf) },
  otherwise: 'as only trouble and planned changes are kept',
});

function changeOf({ detail: told, at, account, region }: Told, context: SourceContext): Normalised[] | string {
  const { eventArn, service, eventTypeCode, eventTypeCategory, startTime } = told;
  if (eventTypeCategory === 'accountNotification') return `the notification ${eventTypeCode} of AWS Health`;
  const where = told.eventRegion ?? region;
  const names = (told.affectedEntities ?? []).flatMap(({ entityValue }) => (entityValue === undefined ? [] : [nameIn(entityValue)]));
  const why = told.eventDescription?.find(({ latestDescription }) => latestDescription !== undefined)?.latestDescription;
  const what = eventTypeCategory === 'scheduledChange' ? 'Planned change' : 'Trouble';
  return [
    toChange(
      {
        ...{ kind: 'infrastructure', id: `health:${account}:${eventArn}`, at: awsTime(startTime) ?? at, author: PROVIDER },
        ...{ environment: awsEnvironment([], context), service: serviceOf([...known(names, context), `aws-${service.toLowerCase()}`], context) },
        summary: `${what} of ${service} in ${where} (${eventTypeCode})${why ? `: ${why}` : ''}`,
        link: /^[\w:./-]+$/.test(eventArn) ? consoleLink(region, 'health/home', `/account/dashboard/open-issues?eventID=${eventArn}`) : undefined,
      },
      context,
    ),
  ];
}

/** Ids such as `i-0abc` name a service only where the configuration knows them. */
function known(names: readonly string[], { services }: SourceContext): string[] {
  return names.flatMap((name) => [name, ...words(name)]).filter((name) => services.has(name.toLowerCase()));
}

/** The last part of an ARN, or the whole of another name. */
function nameIn(entity: string): string {
  return entity.startsWith('arn:') ? (entity.split(/[:/]/).at(-1) ?? entity) : entity;
}
