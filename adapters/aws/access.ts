import type { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { NightshiftError } from '../../domain/errors';
import { placeText } from '../../domain/aws/place';
import type { AwsAccount, AwsPlace } from '../../domain/aws/place';

/** Gives credentials, and new ones when they run out. */
export type Credentials = ReturnType<typeof fromNodeProviderChain>;

/** Where and how AWS is reached. */
export interface AwsOptions {
  readonly accounts: readonly AwsAccount[];
  /** Of one try, milliseconds. */
  readonly timeoutMs: number;
  /** Another address than AWS's own. */
  readonly endpoint?: string;
}

/** How sessions of roles are asked for. */
export interface Session {
  /** Shows in CloudTrail. */
  readonly name: string;
  /** What the session may do at most, whatever the role allows; a policy in JSON. */
  readonly policy?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** For whom it acts. */
  readonly source?: string;
  readonly seconds: number;
}

/** What any client of the SDK is made with for reading: it tries again by itself. */
export interface ReadSettings {
  readonly region: string;
  readonly credentials: Credentials;
  readonly maxAttempts: number;
  readonly requestHandler: { readonly requestTimeout: number; readonly connectionTimeout: number; readonly throwOnRequestTimeout: true };
  readonly endpoint?: string;
}

/** Gives the settings of clients by account and region. */
export interface AwsAccess {
  readonly accounts: readonly AwsAccount[];
  /** Throws `not_found` for an account or a region that is not configured. Nothing is sent. */
  reading(place: AwsPlace): Promise<ReadSettings>;
}

const TRIES = 4;
/** A role's credentials last so long, seconds: the least that every role allows. */
const OBSERVING: Session = { name: 'nightshift-observer', seconds: 3600 };

/** Access by the credentials that the SDK finds, those of a profile, or those of the role of each account, which are asked for when they are needed first and shared by all clients of the account. */
export function awsAccess({ accounts, timeoutMs, endpoint }: AwsOptions, session: Session = OBSERVING): AwsAccess {
  const known = new Map<string, Promise<Credentials>>();
  const elsewhere = endpoint === undefined ? {} : { endpoint };
  const requestHandler = { requestTimeout: timeoutMs, connectionTimeout: timeoutMs, throwOnRequestTimeout: true } as const;
  return {
    accounts,
    async reading(place) {
      const account = accounts.find(({ id, regions }) => id === place.account && regions.includes(place.region));
      if (!account) throw new NightshiftError('not_found', `${placeText(place)} is not configured; add it to aws.accounts.`);
      const credentials = known.get(account.id) ?? sessionOf(account, session, { requestHandler, maxAttempts: TRIES, ...elsewhere });
      known.set(account.id, credentials);
      return { region: place.region, credentials: await credentials, maxAttempts: TRIES, requestHandler, ...elsewhere };
    },
  };
}

/** How sessions are asked for. */
export type StsSettings = Pick<ReadSettings, 'maxAttempts' | 'requestHandler' | 'endpoint'>;

/** Credentials of a session of the account's role, or those that are found where it has none. The SDK asks again when they run out. */
export async function sessionOf({ role, profile, regions }: AwsAccount, session: Session, sts: StsSettings): Promise<Credentials> {
  // Loaded when it is needed first: most teams never need it.
  const { fromIni, fromNodeProviderChain, fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
  const found = profile === undefined ? fromNodeProviderChain() : fromIni({ profile });
  if (!role) return found;
  return fromTemporaryCredentials({
    masterCredentials: found,
    params: {
      RoleArn: role.arn,
      RoleSessionName: session.name,
      DurationSeconds: session.seconds,
      ...(role.externalId !== undefined && { ExternalId: role.externalId }),
      ...(session.policy !== undefined && { Policy: session.policy }),
      ...(session.source !== undefined && { SourceIdentity: session.source }),
      ...(session.tags && { Tags: Object.entries(session.tags).map(([Key, Value]) => ({ Key, Value })) }),
    },
    clientConfig: { region: regions[0] ?? '', ...sts },
  });
}
