import { z } from 'zod';
import { bareId } from '../aliases';
import { defined } from '../../defined';
import type { ChangeKind } from '../../change';
import type { PastChange } from '../facts';

/** An event of CloudTrail as `LookupEvents` has it. */
export interface PastTrailEvent {
  readonly id: string;
  readonly name: string;
  /** As `ec2.amazonaws.com`. */
  readonly source: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly user: string;
  /** Names and ARNs of what it is about. */
  readonly resources: readonly string[];
  /** The record itself (`CloudTrailEvent`), JSON. */
  readonly record: string;
}

const text = z.string().optional().catch(undefined);
const recordSchema = z.looseObject({
  ...{ awsRegion: text, recipientAccountId: text, userAgent: text, errorCode: text, sessionCredentialFromConsole: text },
  readOnly: z.boolean().optional().catch(undefined),
  userIdentity: z.looseObject({ type: text, arn: text, accountId: text, invokedBy: text }).optional().catch(undefined),
  requestParameters: z.record(z.string(), z.unknown()).nullish().catch(undefined),
});
type TrailRecord = z.output<typeof recordSchema>;

/** Writes that alter nothing of what a service does: names, notes, what is watched, copies, who has logged in. */
const INERT =
  /^(?:(?:Un)?[Tt]ag|(?:Create|Delete|AddTo|Add|Remove|Change).*Tags?(?:$|[A-Z])|(?:Put|Delete|Set|Enable|Disable)\w*(?:Alarm|Dashboard|Retention|Insight|Anomaly)|Create\w*(?:Snapshot|Backup|Image|LogStream|LogGroup|Report)|CopySnapshot|StartQuery|AssumeRole|GetSession|GetFederation|ConsoleLogin|CheckMfa|Lookup|Describe|Get|List|BatchGet|Head|Decrypt|GenerateDataKey|Start(?:Session|Build|Pipeline)|CreateDeployment|RegisterTaskDefinition|RegisterApplicationRevision|PutImage|InitiateLayerUpload|UploadLayerPart|CompleteLayerUpload|SendHeartbeat|PutEvents|Publish|SendMessage)/;
/** Programs by which machines write. */
const MACHINES = /terraform|pulumi|cloudformation|codepipeline|codedeploy|codebuild|jenkins|github|gitlab|argocd|spinnaker|ansible|cdk/i;
const CONFIGURATION = /^(?:lambda|ssm|appconfig|secretsmanager|elasticache|rds|dynamodb|ecs|sqs|s3|kinesis)\./;

/**
 * A write as a change; undefined for one that failed, only read, or alters nothing of what a service does. By the console or a person's own keys it is a person's; what AWS does by
 * itself (scaling, its own services) is the provider's. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function trailChange(event: PastTrailEvent): PastChange | undefined {
  const record = recordOf(event.record);
  if (record.readOnly === true || record.errorCode !== undefined || INERT.test(event.name)) return undefined;
  const product = event.source.replace(/\.amazonaws\.com$/, '');
  const what: ChangeKind = CONFIGURATION.test(event.source) ? 'configuration' : 'infrastructure';
  const byHand = record.sessionCredentialFromConsole === 'true' ? ' in the console' : '';
  const about = event.resources[0] === undefined ? '' : ` on ${bareId(event.resources[0])}`;
  const place = defined({ account: record.recipientAccountId ?? record.userIdentity?.accountId, region: record.awsRegion });
  return {
    ...{ kind: 'change', id: `cloudtrail:${event.id}`, what, by: makerOf(record), at: event.at, author: event.user },
    summary: `${event.name.replace(/\d{8}(?:v\d+)?$/, '')} (${product})${about}${byHand}`,
    where: { names: [], resources: [...new Set([...event.resources, ...idsIn(record.requestParameters)])], products: [product], ...place },
  };
}

function recordOf(json: string): TrailRecord {
  try {
    return recordSchema.parse(JSON.parse(json));
  } catch {
    return {};
  }
}

function makerOf({ sessionCredentialFromConsole, userIdentity, userAgent = '' }: TrailRecord): PastChange['by'] {
  if (userIdentity?.type === 'AWSService' || /\.amazonaws\.com$/.test(userIdentity?.invokedBy ?? '')) return 'provider';
  if (sessionCredentialFromConsole === 'true' || userIdentity?.type === 'IAMUser' || (userIdentity?.arn ?? '').includes('AWSReservedSSO_')) return 'person';
  return MACHINES.test(userAgent) || userIdentity?.type === 'AssumedRole' ? 'automation' : 'person';
}

/** Ids among the parameters, as not every event lists its resources: `groupId: sg-…`, `functionName`, `service`. */
function idsIn(parameters: TrailRecord['requestParameters']): string[] {
  return Object.entries(parameters ?? {}).flatMap(([name, value]) =>
    /(?:Id|Arn|Name|Identifier)$/.test(name) && typeof value === 'string' && value.length <= 300 ? [value] : [],
  );
}
