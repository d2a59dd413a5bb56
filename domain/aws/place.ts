/** Where something of AWS is. */
export interface AwsPlace {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** An account whose regions are read. */
export interface AwsAccount {
  /** Twelve digits. */
  readonly id: string;
  readonly regions: readonly string[];
  /** Environment of what is found in it; `production` unless it is said. */
  readonly environment: string;
  /** Role that is assumed for reading; without one the credentials that are found are those of the account. */
  readonly role?: { readonly arn: string; readonly externalId?: string };
  /** Role that is assumed for acting; without one nothing of the account is acted on. */
  readonly actuator?: { readonly arn: string; readonly externalId?: string };
  /** Profile of the shared configuration files that credentials come from. */
  readonly profile?: string;
}

/** A region's name as AWS writes it. */
export const REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/;

/** Partitions other than `aws` by how the names of their regions begin. */
export const PARTITIONS: Readonly<Record<string, string>> = {
  ...{ 'cn-': 'aws-cn', 'us-gov-': 'aws-us-gov', 'us-iso-': 'aws-iso', 'us-isob-': 'aws-iso-b', 'us-isof-': 'aws-iso-f', 'eu-isoe-': 'aws-iso-e' },
  'eusc-': 'aws-eusc',
};

/** Partition of a region: `aws`, or the one of China, of a government, or of Europe's sovereign cloud. */
export function partitionOf(region: string): string {
  return Object.entries(PARTITIONS).find(([begin]) => region.startsWith(begin))?.[1] ?? 'aws';
}

/** `123456789012/eu-central-1`, for people and as a key. */
export function placeText({ account, region }: AwsPlace): string {
  return `${account}/${region}`;
}

/** The environment of each account by its id. */
export function accountEnvironments(accounts: readonly AwsAccount[] = []): ReadonlyMap<string, string> {
  return new Map(accounts.map(({ id, environment }) => [id, environment]));
}

/** Every region of every account, in their order. */
export function placesOf(accounts: readonly AwsAccount[]): readonly AwsPlace[] {
  return accounts.flatMap(({ id, regions }) => regions.map((region) => ({ account: id, region })));
}
