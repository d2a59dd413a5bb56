import { targetId } from '../domain/inventory';
import type { Service } from '../domain/inventory';
import type { SecretRef } from './fields';
import type { ServiceSource } from './schema-services';
import type { Secrets } from './secrets';
import type { CommandEnvironment, Environment } from './types';

/** What programs can hardly do without, and what holds no secret. */
const ALWAYS = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

/** One service with its source and its path in the file. */
export interface ResolvedService {
  readonly source: ServiceSource;
  readonly service: Service;
  readonly path: string;
}

/** Environments of the commands of all services, by target. They stand apart from the inventory, which is shown and passed around. */
export function commandEnvironments(all: readonly ResolvedService[], env: Environment, secrets: Secrets): Record<string, CommandEnvironment> {
  return Object.fromEntries(
    all.flatMap(({ source, service, path }) => {
      if (source.hands?.kind !== 'commands' || !service.hands) return [];
      return [[targetId(service.hands.target), variablesOf(source.hands, env, secrets, `${path}.hands`)] as const];
    }),
  );
}

/** What a program gets: what programs can hardly do without, what is passed on by name, and its secrets. */
export function variablesOf(
  { pass = [], secrets: refs = {} }: { readonly pass?: readonly string[] | undefined; readonly secrets?: Readonly<Record<string, SecretRef>> | undefined },
  env: Environment,
  secrets: Secrets,
  path: string,
): CommandEnvironment {
  const passed = [...ALWAYS, ...pass].flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  const hidden = Object.entries(refs).map(([name, ref]) => [name, secrets.read(ref, `${path}.secrets.${name}`) ?? ''] as const);
  return { variables: { PATH: DEFAULT_PATH, ...Object.fromEntries([...passed, ...hidden]) }, secrets: hidden.map(([, value]) => value) };
}
