import { awsEnvironment, isEnvironment, pathEnvironment } from './aws-names';
import type { ToldAlarm } from './cloudwatch-alarm';
import { ENVIRONMENT_LABELS, SERVICE_LABELS, serviceOf, valuesOf } from './names';
import type { SourceContext } from './source';

/** Dimensions whose values people choose, the most telling first. */
const RESOURCES = [
  ...[
    'functionname',
    'apiname',
    'statemachinearn',
    'endpointname',
    'environmentname',
    'autoscalinggroupname',
    'targetgroup',
    'loadbalancer',
    'loadbalancername',
  ],
  ...['dbclusteridentifier', 'dbinstanceidentifier', 'tablename', 'queuename', 'topicname', 'streamname', 'deliverystreamname', 'rulename'],
  ...['replicationgroupid', 'cacheclusterid', 'bucketname', 'domainname', 'loggroupname', 'projectname', 'clustername'],
];
/** Dimensions whose values AWS makes up: they name a service only where the configuration knows them. */
const OPAQUE = ['instanceid', 'apiid', 'volumeid', 'distributionid', 'filesystemid', 'natgatewayid', 'brokerid'];
/** Words of an alarm's name that are tried together. */
const MOST_WORDS = 5;

/** The service of an alarm: by its tags, its dimensions, the conventions of its name (`prod/checkout/errors`), a known service that its name holds, or else its whole name. */
export function alarmService({ name, tags, metrics }: ToldAlarm, context: SourceContext): string {
  const tagged = lower([tags]);
  const dimensions = lower(metrics.map((metric) => metric.dimensions));
  const path = name.split(/[/:|]/).map((part) => part.trim());
  const own = path.length > 1 ? path.find((part) => part !== '' && !isEnvironment(part)) : undefined;
  return serviceOf(
    [
      ...valuesOf(tagged, SERVICE_LABELS),
      ...valuesOf(dimensions, SERVICE_LABELS),
      ...valuesOf(dimensions, RESOURCES).map((value) => value && resourceName(value)),
      ...[own, name],
      ...valuesOf(dimensions, OPAQUE),
      ...nameRuns(name),
    ],
    context,
  );
}

/** The environment of an alarm: by its tags, its dimensions or the path in its name. */
export function alarmEnvironment({ name, tags, metrics }: ToldAlarm, context: SourceContext): string {
  const named = [lower([tags]), lower(metrics.map((metric) => metric.dimensions))].flatMap((labels) => valuesOf(labels, ENVIRONMENT_LABELS));
  return awsEnvironment([...named, /[/:|]/.test(name) ? pathEnvironment(name) : undefined], context);
}

/** The severity of an alarm as a word: by its tags, or one in its name that means nothing else. */
export function alarmSeverity({ name, tags }: ToldAlarm): string | undefined {
  const tagged = valuesOf(lower([tags]), ['severity', 'priority']).find((word) => word !== undefined);
  return tagged ?? /(?:^|[^a-z])(critical|fatal|warning|sev[1-4])(?:$|[^a-z0-9])/i.exec(name)?.[1];
}

/** The first value of each name, in small letters, as `ServiceName` and `service` are one. */
function lower(labels: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const entries = labels.flatMap((each) => Object.entries(each).map(([name, value]): [string, string] => [name.toLowerCase(), value]));
  return Object.fromEntries(entries.reverse());
}

/** `checkout` of `targetgroup/checkout/6d0ecf831eec9f09`, `app/checkout/50dc6c495c0c9188` and `arn:…:stateMachine:checkout`. */
function resourceName(value: string): string {
  const balanced = /^(?:targetgroup|app|net|gwy)\/([^/]+)/.exec(value)?.[1];
  return balanced ?? (value.startsWith('arn:') ? (value.split(/[:/]/).at(-1) ?? value) : value);
}

/** Every run of words of a name, the longest first: only a known service is found by one. */
export function nameRuns(name: string): string[] {
  const all = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/g)?.slice(0, 40) ?? [];
  const lengths = Array.from({ length: Math.min(MOST_WORDS, all.length) }, (_none, i) => i + 1).reverse();
  return lengths.flatMap((length) => all.slice(0, all.length - length + 1).map((_word, from) => all.slice(from, from + length).join('-')));
}
