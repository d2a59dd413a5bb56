import pino from 'pino';
import type { Logger } from 'pino';
import { packageRoot } from '../config/package-root';
import { loadStartup, withPrograms } from '../config/startup';
import { temporalProgram } from '../config/environment';
import type { Environment, NightshiftConfig, SystemRole } from '../config/types';
import { NightshiftError } from '../domain/errors';
import type { CliIo } from '../cli/deps';
import { EXIT } from '../cli/exit-codes';
import { doorLines } from './door-lines';
import { frugalServer, limitHeapGrowth } from './frugal';
import { createLog } from './log';
import { ensureFirstKey, openStore } from './open-store';
import type { Senses } from './senses';
import { installRuntime, startSystem } from './system';
import { startTemporalServer } from './temporal-server';
import type { TemporalServer } from './temporal-server';
import { startWatch } from './watch';
import { buildVersion } from '../config/version';

/** What `nightshift start` is given. */
export interface StartOptions {
  readonly io: CliIo;
  readonly env: Environment;
  readonly cwd: string;
  readonly config?: string;
  readonly json: boolean;
  readonly role: SystemRole;
  /** Resolves when the system should stop. */
  readonly stopped: Promise<unknown>;
  /** Replaces parts of the outside world, for tests of what happens when they are broken. */
  readonly senses?: Partial<Senses>;
}

/** Where the doors of a running system are. */
export interface Doors {
  readonly role: SystemRole;
  /** The HTTP API; with the role `worker` only health and metrics are there. */
  readonly api: string;
  readonly temporal: string;
  readonly temporalUi: string | null;
  readonly namespace: string;
  readonly home: string;
  readonly keyFile: string | null;
  readonly temporalPid: number | null;
}

const TEMPORAL_PORTS = { grpc: 7233, ui: 8233 } as const;

/** Runs what the role says, with an embedded store and Temporal server where none is named, until it is told to stop. */
export async function start(options: StartOptions): Promise<number> {
  const startup = loadStartup({
    root: packageRoot(),
    env: options.env,
    cwd: options.cwd,
    role: options.role,
    ...(options.config === undefined ? {} : { file: options.config }),
  });
  // An API acts on nothing, and its machine need not have the programs.
  const { config, catalogue } = options.role === 'api' ? startup : withPrograms(startup);
  const log = createLog('info', pino.destination({ dest: 2, sync: true }));
  installRuntime(log);
  limitHeapGrowth();
  const store = await openStore(config);
  const write = (text: string): unknown => options.io.stderr.write(text);
  const watch = startWatch({ config, store, log, write });
  let temporal: TemporalServer | undefined;
  try {
    // A worker has no door that a key would open.
    const keyFile = options.role === 'worker' ? undefined : await ensureFirstKey(config, store, new Date().toISOString());
    temporal = config.temporal.address === undefined ? await embeddedTemporal(config, options.env) : undefined;
    const address = temporal?.address ?? config.temporal.address ?? '';
    const uiUrl = temporal?.uiUrl ?? config.temporal.uiUrl;
    const system = await startSystem({
      ...{ config, catalogue, store, role: options.role },
      temporal: { address, ...(uiUrl === undefined ? {} : { uiUrl }) },
      log,
      version: buildVersion(),
      watch,
      ...(options.senses === undefined ? {} : { senses: options.senses }),
    });
    tell(options, log, {
      role: options.role,
      api: system.apiUrl,
      temporal: address,
      temporalUi: uiUrl ?? null,
      namespace: config.temporal.namespace,
      home: config.home,
      keyFile: keyFile ?? null,
      temporalPid: temporal?.pid ?? null,
    });
    await options.stopped;
    await system.stop();
  } finally {
    await watch.stop();
    await temporal?.stop();
    await store.close();
  }
  return EXIT.ok;
}

function embeddedTemporal(config: NightshiftConfig, env: Environment): Promise<TemporalServer> {
  const program = temporalProgram(env);
  if (program === undefined) {
    throw new NightshiftError(
      'unreachable',
      'There is no Temporal server: set TEMPORAL_ADDRESS to a running one, NIGHTSHIFT_TEMPORAL_CLI to the `temporal` program, or run `npm start`, which gets one.',
    );
  }
  return startTemporalServer({ program, folder: config.home, namespace: config.temporal.namespace, ports: TEMPORAL_PORTS, env: frugalServer(env) });
}

function tell(options: StartOptions, log: Logger, doors: Doors): void {
  if (options.json) {
    options.io.stdout.write(`${JSON.stringify(doors)}\n`);
    return;
  }
  options.io.stdout.write(`${doorLines(doors).join('\n')}\n`);
  log.info({ role: doors.role, listens: doors.api }, 'up');
}
