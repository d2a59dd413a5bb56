import { addressKind, isAddress } from '../domain/address';
import { defined } from '../domain/defined';
import type { Problem } from '../domain/errors';
import { suggestion } from '../domain/nearest';
import type { Defaults } from './defaults';
import { overlay } from './overlay';
import type { ConfigSource } from './schema';
import type { Secrets } from './secrets';
import { PROFILES } from './types';
import type { ApiConfig, Environment, Profile, StoreConfig, TemporalConfig, TemporalTls } from './types';

/** A variable's text without outer white space; an empty one counts as absent. */
export function nonEmpty(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}

/** The set of defaults: NIGHTSHIFT_PROFILE, else `profile` of the file, else `default`. */
export function profileOf(source: Pick<ConfigSource, 'profile'>, env: Environment): Profile {
  const named = nonEmpty(env['NIGHTSHIFT_PROFILE']);
  return PROFILES.find((profile) => profile === named) ?? source.profile ?? 'default';
}

/** What is wrong with the variables that we read. */
export function environmentProblems(env: Environment): Problem[] {
  const profile = nonEmpty(env['NIGHTSHIFT_PROFILE']);
  const address = nonEmpty(env['TEMPORAL_ADDRESS']);
  const problems: Problem[] = [];
  if (profile !== undefined && !PROFILES.some((each) => each === profile)) {
    problems.push({ path: 'NIGHTSHIFT_PROFILE', message: `${profile} is not a profile; ${suggestion(profile, PROFILES)}` });
  }
  if (address !== undefined && !/^[^\s/]+:\d{1,5}$/.test(address))
    problems.push({ path: 'TEMPORAL_ADDRESS', message: 'must be host:port, such as 127.0.0.1:7233, without http://' });
  return problems;
}

/** The HTTP door with defaults filled in. */
export function resolveApi(source: NonNullable<ConfigSource['api']> = {}, { api }: Pick<Defaults, 'api'>): ApiConfig {
  const { doorTimeout, ...same } = source;
  return overlay(api, { ...same, doorTimeoutMs: doorTimeout });
}

/** Where Temporal is: TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE win over the file. What would go over the internet in the clear is noted in `secrets`. */
export function resolveTemporal(source: ConfigSource['temporal'], { temporal }: Defaults, env: Environment, secrets: Secrets): TemporalConfig {
  const resolved = {
    address: nonEmpty(env['TEMPORAL_ADDRESS']) ?? source?.address,
    namespace: nonEmpty(env['TEMPORAL_NAMESPACE']) ?? source?.namespace ?? temporal.namespace,
    taskQueue: source?.taskQueue ?? temporal.taskQueue,
    uiUrl: source?.uiUrl,
    tls: resolveTls(source?.tls, secrets),
    apiKey: secrets.read(source?.apiKey, 'temporal.apiKey'),
  };
  secrets.problems.push(...openTemporal(resolved.address, source));
  return defined(resolved);
}

function resolveTls(source: NonNullable<ConfigSource['temporal']>['tls'], secrets: Secrets): TemporalTls | undefined {
  if (source === undefined) return undefined;
  const [ca, cert, key] = (['ca', 'cert', 'key'] as const).map((part) => secrets.read(source[part], `temporal.tls.${part}`));
  if ((source.cert === undefined) !== (source.key === undefined)) {
    secrets.problems.push({ path: 'temporal.tls', message: 'needs both cert and key, or neither: they are one pair' });
  }
  return defined({ ca, serverName: source.serverName, pair: cert !== undefined && key !== undefined ? { cert, key } : undefined });
}

/** Names and addresses inside of one's own network cannot be told from others by their look, but these can. */
function openTemporal(address: string | undefined, source: ConfigSource['temporal']): Problem[] {
  if (source?.tls !== undefined) return [];
  const host = address?.replace(/:\d+$/, '').replace(/^\[|\]$/g, '') ?? '';
  const outside = (isAddress(host) && addressKind(host) === 'public') || host.endsWith('.tmprl.cloud') || host.endsWith('.api.temporal.io');
  return [
    ...(outside ? [{ path: 'temporal.tls', message: `is missing; ${host} is reached over the internet: write tls: {}, or name certificates in it` }] : []),
    ...(source?.apiKey === undefined ? [] : [{ path: 'temporal.apiKey', message: 'would be sent in the clear; add temporal.tls' }]),
  ];
}

/** Where state is kept: DATABASE_URL, else the file that DATABASE_URL_FILE names, wins over the configuration. A URL of another database than PostgreSQL is noted in `secrets`. */
export function resolveStore(source: ConfigSource['store'], env: Environment, secrets: Secrets): StoreConfig {
  const file = nonEmpty(env['DATABASE_URL_FILE']);
  const fromEnvironment = nonEmpty(env['DATABASE_URL']) ?? (file === undefined ? undefined : secrets.read({ file }, 'DATABASE_URL_FILE'));
  const databaseUrl = fromEnvironment ?? secrets.read(source?.databaseUrl, 'store.databaseUrl');
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\/./.test(databaseUrl)) {
    // The text is not repeated, as it holds a password.
    const path = fromEnvironment === undefined ? 'store.databaseUrl' : nonEmpty(env['DATABASE_URL']) === undefined ? 'DATABASE_URL_FILE' : 'DATABASE_URL';
    secrets.problems.push({ path, message: 'must begin with postgres:// or postgresql://; other databases are not supported' });
  }
  return defined({ databaseUrl, firstAdminKey: secrets.read(source?.firstAdminKey, 'store.firstAdminKey') });
}
