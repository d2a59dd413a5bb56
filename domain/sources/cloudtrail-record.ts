import { z } from 'zod';
import type { Change } from '../change';
import { cleanText } from '../outside-text';
import { maybe } from './aws-envelope';
import { actorOf, awsEnvironment, consoleLink, isEnvironment } from './aws-names';
import { awsTime } from './aws-times';
import { words } from './cloudwatch-names';
import { serviceOf } from './names';
import type { Normalised, SourceContext } from './source';
import { toChange } from './to-change';

const text = maybe(z.string());
const members = maybe(z.record(z.string(), z.unknown()));

/** Fields of a record of CloudTrail that are read. Of the parameters of a call only names are: others may hold secrets. */
export const trailRecord = z.looseObject({
  ...{ eventID: z.string(), eventName: z.string(), eventSource: z.string(), eventTime: text, awsRegion: text, recipientAccountId: text, errorCode: text },
  ...{ readOnly: maybe(z.boolean()), eventCategory: text, managementEvent: maybe(z.boolean()), requestParameters: members },
  userIdentity: maybe(z.looseObject({ type: text, arn: text, userName: text, invokedBy: text, principalId: text })),
});
type TrailRecord = z.output<typeof trailRecord>;

/** Parameters whose values people choose as names of what runs, the most telling first. */
const NAMES = [
  ...['functionname', 'service', 'servicename', 'application', 'applicationname', 'dbinstanceidentifier', 'dbclusteridentifier', 'autoscalinggroupname'],
  ...['endpointname', 'environmentname', 'tablename', 'queueurl', 'queuename', 'topicarn', 'streamname', 'bucketname', 'loadbalancername', 'targetgrouparn'],
  ...['rulename', 'alarmname', 'clustername', 'cluster', 'family', 'stackname', 'rolename', 'name', 'groupname', 'groupid', 'instanceid', 'resourcearn'],
];
/** Calls of sessions and encryption that are told as writes and alter nothing of a service. */
const NOISE =
  /^(?:AssumeRole|GetSessionToken|GenerateDataKey|Decrypt|Encrypt|CreateGrant|RetireGrant|CreateLogStream|CreateLogGroup|StartQuery|UpdateInstanceInformation)/;
const KINDS: readonly (readonly [RegExp, Change['kind']])[] = [
  [
    /^lambda .*(?:UpdateFunctionCode|UpdateAlias|PublishVersion|CreateFunction)|^ecs (?:UpdateService|CreateService)|^cloudformation ExecuteChangeSet/,
    'deployment',
  ],
  [/RollbackStack|StopDeployment/, 'rollback'],
  [/Reboot|Restart|^ec2 (?:StopInstances|StartInstances)/, 'restart'],
  [
    /^(?:lambda .*Configuration|appconfig |ssm PutParameter|secretsmanager |ec2 .*SecurityGroup|iam |.*(?:Policy|Attribute|Configuration|Settings|ParameterGroup))/,
    'configuration',
  ],
];

/** The change that a call made, or why it made none that counts. */
export function changeOfCall(told: TrailRecord, context: SourceContext): Normalised | string {
  const call = nameOfCall(told);
  if (told.readOnly === true) return `the call ${cleanText(call, 100)}, which only read`;
  if (told.errorCode !== undefined) return `the call ${cleanText(call, 100)}, which failed`;
  if (told.managementEvent === false || told.eventCategory === 'Data') return `the call ${cleanText(call, 100)} on data`;
  if (NOISE.test(told.eventName)) return `the call ${cleanText(call, 100)}, which alters nothing of a service`;
  const { eventID, eventTime, awsRegion, recipientAccountId } = told;
  const names = namesIn(told);
  const [main] = names;
  const where = [recipientAccountId, awsRegion].filter((part) => part !== undefined).join('/');
  return toChange(
    {
      ...{ kind: kindOf(call), id: `cloudtrail:${eventID}`, at: awsTime(eventTime), author: authorOf(told) },
      summary: `${call}${main === undefined ? '' : ` on ${main}`}${where === '' ? '' : ` in ${where}`}`,
      environment: awsEnvironment(
        names.map((name) => name.split(/[-_./]/).findLast(isEnvironment)),
        context,
      ),
      service: serviceOf([...names, ...names.flatMap(words), productOf(told)], context),
      link: /^[\w-]+$/.test(eventID) ? consoleLink(awsRegion, 'cloudtrailv2/home', `/events/${eventID}`) : undefined,
    },
    context,
  );
}

/** `lambda UpdateFunctionCode`: Lambda writes the version of its API behind its calls. */
function nameOfCall(told: TrailRecord): string {
  return `${productOf(told)} ${told.eventName.replace(/\d{8}(?:v\d+)?$/, '')}`;
}

/** `lambda` of `lambda.amazonaws.com`. */
function productOf({ eventSource }: TrailRecord): string {
  return eventSource.split('.')[0] ?? eventSource;
}

function kindOf(call: string): Change['kind'] {
  return KINDS.find(([pattern]) => pattern.test(call))?.[1] ?? 'infrastructure';
}

/** Of a service of AWS that acts by itself its name, such as `autoscaling`. */
function authorOf({ userIdentity }: TrailRecord): string | undefined {
  return userIdentity?.invokedBy?.replace(/\.amazonaws\.com$/, '') ?? userIdentity?.userName ?? actorOf(userIdentity?.arn) ?? userIdentity?.principalId;
}

function namesIn({ requestParameters }: TrailRecord): string[] {
  const given = new Map(Object.entries(requestParameters ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  return NAMES.flatMap((name) => {
    const value = given.get(name);
    return typeof value === 'string' && value.trim() !== '' ? [lastName(value)] : [];
  });
}

/** `checkout` of `arn:aws:lambda:eu-central-1:123456789012:function:checkout` and of the URL of a queue. */
function lastName(value: string): string {
  if (value.startsWith('arn:')) {
    const [, , , , , ...rest] = value.split(':');
    const path = rest.join(':').split('/');
    return (path[0] === 'targetgroup' ? path[1] : path.at(-1))?.split(':').at(-1) ?? value;
  }
  return /^https?:\/\//.test(value) ? (value.split('/').at(-1) ?? value) : value;
}
