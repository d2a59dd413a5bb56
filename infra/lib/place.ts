import own from '../policies.json';

/** Partition of a region: `aws`, or the one of China, of a government, or of Europe's sovereign cloud. */
export function partitionOf(region: string): string {
  return Object.entries(own.partitions).find(([begin]) => region.startsWith(begin))?.[1] ?? 'aws';
}

/** An account and one of its regions. */
export interface Place {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** ARN of what a service calls by this name, such as `queue` or `role/name`; IAM's have no region. */
export function arn(service: string, { account, region }: Place, name: string): string {
  return `arn:${partitionOf(region)}:${service}:${service === 'iam' ? '' : region}:${account}:${name}`;
}
