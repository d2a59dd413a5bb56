import type { AssumeRoleRequest, AssumeRoleResponse, GetCallerIdentityResponse } from '@aws-sdk/client-sts';
import { AwsError, invalid } from '../errors';
import type { Session } from '../identity';
import type { Call, FakeService } from '../service';
import { readSessionPolicy } from '../session-policy';
import type { Place } from '../world';
import { partitionOf } from '../world';
import { stateKey } from './support';

/** A role that may be assumed. */
export interface FakeRole {
  readonly arn: string;
  /** What a caller must know. */
  readonly externalId?: string;
  /** Accounts that may assume it; all where nothing is said. */
  readonly trusted?: readonly string[];
}

const ROLES = stateKey('roles', () => new Map<string, FakeRole>());
const HOUR_MS = 3_600_000;
const TAG = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const [MOST_TAGS, LONGEST_KEY, LONGEST_VALUE] = [50, 128, 256] as const;
const [SHORTEST_SECONDS, LONGEST_SECONDS] = [900, 43_200] as const;

/** Adds a role, in the account that its ARN names. */
export function putRole({ world }: Place, role: FakeRole): void {
  rolesOf(world, role.arn).set(role.arn, role);
}

function rolesOf(world: Place['world'], arn: string): Map<string, FakeRole> {
  return world.place(accountOf(arn), 'global').state(ROLES);
}

function accountOf(arn: string): string {
  const [, account] = /^arn:[\w-]+:iam::(\d{12}):role\/.+$/.exec(arn) ?? [];
  if (account === undefined) throw invalid(`${arn} is invalid`);
  return account;
}

function getCallerIdentity(_input: object, { principal }: Call): GetCallerIdentityResponse {
  return { UserId: principal.userId, Account: principal.account, Arn: principal.arn };
}

function assumeRole(input: AssumeRoleRequest, call: Call): AssumeRoleResponse {
  const { RoleArn = '', RoleSessionName = '', ExternalId, DurationSeconds, SourceIdentity } = input;
  const account = accountOf(RoleArn);
  if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName)) throw invalid(`Value '${RoleSessionName}' at 'roleSessionName' failed to satisfy constraint`);
  const role = rolesOf(call.place.world, RoleArn).get(RoleArn);
  const trusted = role?.trusted?.includes(call.principal.account) ?? true;
  if (!role || !trusted || (role.externalId !== undefined && role.externalId !== ExternalId)) {
    throw new AwsError('AccessDeniedException', `User: ${call.principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`, 403);
  }
  const name = RoleArn.slice(RoleArn.lastIndexOf('/') + 1);
  const userId = `AROA${account}:${RoleSessionName}`;
  const arn = `arn:${partitionOf(call.place.region)}:sts::${account}:assumed-role/${name}/${RoleSessionName}`;
  const keys = call.identities.issue({ account, arn, userId, session: sessionOf(input) }, DurationSeconds === undefined ? HOUR_MS : DurationSeconds * 1000);
  return {
    Credentials: {
      AccessKeyId: keys.accessKeyId,
      SecretAccessKey: keys.secretAccessKey,
      SessionToken: keys.sessionToken,
      Expiration: new Date(keys.expiresAt),
    },
    AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
    ...(SourceIdentity !== undefined && { SourceIdentity }),
  };
}

function sessionOf({ Tags = [], SourceIdentity, Policy, DurationSeconds }: AssumeRoleRequest): Session {
  const unfit = Tags.some(({ Key = '', Value = '' }) => !TAG.test(Key) || !TAG.test(Value) || Key.length > LONGEST_KEY || Value.length > LONGEST_VALUE);
  if (Tags.length > MOST_TAGS || unfit) throw invalid("Value at 'tags' failed to satisfy constraint");
  if (SourceIdentity !== undefined && !/^[\w+=,.@-]{2,64}$/.test(SourceIdentity)) throw invalid("Value at 'sourceIdentity' failed to satisfy constraint");
  if (DurationSeconds !== undefined && (DurationSeconds < SHORTEST_SECONDS || DurationSeconds > LONGEST_SECONDS))
    throw invalid("Value at 'durationSeconds' failed to satisfy constraint");
  return {
    tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
    ...(SourceIdentity !== undefined && { source: SourceIdentity }),
    ...(Policy !== undefined && { policy: readSessionPolicy(Policy) }),
  };
}

/** Security Token Service. */
export const STS: FakeService = {
  signedAs: 'sts',
  target: 'AWSSecurityTokenServiceV20110615',
  xmlns: 'https://sts.amazonaws.com/doc/2011-06-15/',
  load: () => import('@aws-sdk/client-sts'),
  operations: { GetCallerIdentity: getCallerIdentity, AssumeRole: assumeRole },
  facts: { role: { put: putRole } },
};
