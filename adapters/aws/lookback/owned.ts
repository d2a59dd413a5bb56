import { partitionOf } from '../../../domain/aws/place';
import type { AwsPlace } from '../../../domain/aws/place';
import type { PastFact } from '../../../domain/lookback/facts';
import { taggedService } from './tags';
import type { PlaceTags } from './tags';

/** What runs a service, and what else is there for it. */
export interface Runner {
  readonly arn: string;
  /** Its name, which is the service's where no tag says another. */
  readonly name: string;
  /** Ids, such as `sg-0a1b`. */
  readonly securityGroups: readonly string[];
  /** ARNs. */
  readonly others: readonly string[];
}

/** Who owns what a service runs on. What has a tag of its own is left to that; a shared group has several owners. */
export function owned({ arn, name, securityGroups, others }: Runner, { account, region }: AwsPlace, { byArn }: PlaceTags): PastFact[] {
  const service = taggedService(byArn.get(arn)) ?? name;
  const groups = securityGroups.map((id) => `arn:${partitionOf(region)}:ec2:${region}:${account}:security-group/${id}`);
  return [arn, ...groups, ...others]
    .filter((resource) => taggedService(byArn.get(resource)) === undefined)
    .map((resource) => ({ kind: 'owner', resource, service }));
}
