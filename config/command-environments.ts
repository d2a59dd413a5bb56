import { targetId } from '../domain/inventory';
import type { Service } from '../domain/inventory';
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
      const passed = [...ALWAYS, ...(source.hands.pass ?? [])].flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
      const hidden = Object.entries(source.hands.secrets ?? {}).map(([name, ref]) => [name, secrets.read(ref, `${path}.hands.secrets.${name}`) ?? ''] as const);
      const variables = { PATH: DEFAULT_PATH, ...Object.fromEntries([...passed, ...hidden]) };
      return [[targetId(service.hands.target), { variables, secrets: hidden.map(([, value]) => value) }] as const];
    }),
  );
}
