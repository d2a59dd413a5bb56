import type { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { NightshiftError } from '../../domain/errors';
import { placeText } from '../../domain/aws/place';
import type { AwsAccount, AwsPlace } from '../../domain/aws/place';

/** Gives credentials, and new ones when they run out. */
type Credentials = ReturnType<typeof fromNodeProviderChain>;

/** Where and how AWS is reached. */
export interface AwsOptions {
  readonly accounts: readonly AwsAccount[];
  /** Of one try, milliseconds. */
  readonly timeoutMs: number;
  /** Another address than AWS's own. */
  readonly endpoint?: string;
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
const SESSION_SECONDS = 3600;
const SESSION = 'nightshift-observer';

/** Access by the credentials that the SDK finds, those of a profile, or those of the role of each account, which are asked for when they are needed first and shared by all clients of the account. */
export function awsAccess({ accounts, timeoutMs, endpoint }: AwsOptions): AwsAccess {
  const known = new Map<string, Promise<Credentials>>();
  const elsewhere = endpoint === undefined ? {} : { endpoint };
  const requestHandler = { requestTimeout: timeoutMs, connectionTimeout: timeoutMs, throwOnRequestTimeout: true } as const;
  return {
    accounts,
    async reading(place) {
      const account = accounts.find(({ id, regions }) => id === place.account && regions.includes(place.region));
      if (!account) throw new NightshiftError('not_found', `${placeText(place)} is not configured; add it to aws.accounts.`);
      const credentials = known.get(account.id) ?? credentialsOf(account, { requestHandler, maxAttempts: TRIES, ...elsewhere });
      known.set(account.id, credentials);
      return { region: place.region, credentials: await credentials, maxAttempts: TRIES, requestHandler, ...elsewhere };
    },
  };
}

type StsSettings = Pick<ReadSettings, 'maxAttempts' | 'requestHandler' | 'endpoint'>;

/** The SDK asks the provider again when what it gave runs out. */
async function credentialsOf({ role, profile, regions }: AwsAccount, sts: StsSettings): Promise<Credentials> {
  // Loaded when it is needed first: most teams never need it.
  const { fromIni, fromNodeProviderChain, fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
  const found = profile === undefined ? fromNodeProviderChain() : fromIni({ profile });
  if (!role) return found;
  return fromTemporaryCredentials({
    masterCredentials: found,
    params: {
      RoleArn: role.arn,
      RoleSessionName: SESSION,
      DurationSeconds: SESSION_SECONDS,
      ...(role.externalId !== undefined && { ExternalId: role.externalId }),
    },
    clientConfig: { region: regions[0] ?? '', ...sts },
  });
}
