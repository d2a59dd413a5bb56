import { Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Archive } from './archive';
import { Hook } from './hook';
import type { HookCode } from './hook-code';
import { Intake } from './intake';
import { NAME } from './names';
import { LogStream } from './log-stream';
import { ownPolicy } from './own-policies';
import type { Place } from './place';
import { makeRole } from './role';
import type { Observer, Worker } from './settings-schema';
import { externalIdOf, workerTrust } from './trust';

/** What the stack of one account and region is made of. */
export interface ObserverProps extends StackProps {
  readonly place: Place;
  readonly observer: Observer;
  readonly worker: Worker;
  readonly code: HookCode;
}

const LISTS = 'Lists, descriptions and metrics cannot be narrowed to resources in IAM; it is the policy that nightshift doctor prints.';
const ROLES = 'As nightshift doctor prints it without roles in the configuration: roles by their convention of names.';
const NAMES = 'As nightshift doctor prints it: narrowed to names that begin with nightshift.';
/** Why statements of the printed policies name resources by a pattern, by what their Sid begins with. */
const OBSERVER_PATTERNS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['Cloudtrail', 'Cloudwatch', 'Codebuild', 'Codedeploy', 'Codepipeline', 'Config', 'Ecs', 'Health', 'Lambda', 'Logs', 'Sts', 'Tag', 'Xray'].map(
      (service) => [`Read${service}`, LISTS],
    ),
  ),
  ...{
    ReadKinesis: NAMES,
    ReadSqs: NAMES,
    WriteSqs: NAMES,
    ReadBedrock: 'As nightshift doctor prints it: models that make vectors, in any of their versions, and no other model.',
    ReadIam: ROLES,
    StsAssumeRole: ROLES,
  },
  ReadSagemaker: 'As nightshift doctor prints it: the endpoints that score are named in the configuration.',
};

/** What is read of one account in one region. The first region of the account is its home, which holds the roles too, as their names exist once in an account. */
export class ObserverStack extends Stack {
  constructor(scope: Construct, id: string, { place, observer, worker, code, ...props }: ObserverProps) {
    super(scope, id, props);
    const { regions, queue, cloudtrail, logs, archive, hook, alarmTopics: topics } = observer;
    const [home = place.region] = regions;
    const isHome = place.region === home;
    const keepsArchive = archive !== undefined && (archive.region ?? home) === place.region;
    if (isHome || keepsArchive) externalIdOf(this);
    if (isHome) this.roles(place, observer, worker);
    new Intake(this, 'Intake', { place, queue, cloudtrail, topics });
    if (logs && (logs.regions ?? [home]).includes(place.region)) new LogStream(this, 'LogStream', { ...logs, place });
    if (keepsArchive) new Archive(this, 'Archive', { ...archive, place, worker });
    if (hook && (hook.regions ?? [home]).includes(place.region)) new Hook(this, 'Hook', { ...hook, place, code, topics });
  }

  private roles(place: Place, { assumes, topics }: Observer, worker: Worker): void {
    const trust = workerTrust(worker, place);
    makeRole(this, 'Observer', {
      ...{ name: `${NAME}-observer`, place, trust, description: 'Nightshift reads this account: aws.accounts[].role of nightshift.yaml' },
      policies: { nightshift: ownPolicy('observer', { region: place.region, ...(assumes && { assumes }) }) },
      patterns: OBSERVER_PATTERNS,
    });
    if (!topics) return;
    makeRole(this, 'Subscriber', {
      ...{ name: `${NAME}-subscriber`, place, trust, description: 'Nightshift confirms that topics of SNS may send to its door' },
      policies: { nightshift: ownPolicy('subscriber', place) },
      patterns: { WriteSns: 'As nightshift doctor prints it: a confirmation counts only with the token that the topic sent.' },
    });
  }
}
