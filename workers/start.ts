import pino from 'pino';
import type { Logger } from 'pino';
import { packageRoot } from '../config/package-root';
import { loadStartup } from '../config/startup';
import { temporalProgram } from '../config/environment';
import type { Environment, NightshiftConfig } from '../config/types';
import { NightshiftError } from '../domain/errors';
import type { CliIo } from '../cli/deps';
import { EXIT } from '../cli/exit-codes';
import { ensureFirstKey, openStore } from './open-store';
import { installRuntime, startSystem } from './system';
import { startTemporalServer } from './temporal-server';
import type { TemporalServer } from './temporal-server';
import { buildVersion } from '../config/version';

/** What `nightshift start` is given. */
export interface StartOptions {
  readonly io: CliIo;
  readonly env: Environment;
  readonly cwd: string;
  readonly config?: string;
  readonly json: boolean;
  /** Resolves when the system should stop. */
  readonly stopped: Promise<unknown>;
}

/** Where the doors of a running system are. */
export interface Doors {
  readonly api: string;
  readonly temporal: string;
  readonly temporalUi: string | null;
  readonly namespace: string;
  readonly home: string;
  readonly keyFile: string | null;
  readonly temporalPid: number | null;
}

const TEMPORAL_PORTS = { grpc: 7233, ui: 8233 } as const;

/** Runs the embedded system (or the worker beside a Temporal server that is named) until it is told to stop. */
export async function start(options: StartOptions): Promise<number> {
  const { config, catalogue } = loadStartup({
    root: packageRoot(),
    env: options.env,
    cwd: options.cwd,
    ...(options.config === undefined ? {} : { file: options.config }),
  });
  const log = pino({ level: 'info', redact: ['authorization', 'key', 'secret', 'url'] }, pino.destination({ dest: 2, sync: true }));
  installRuntime(log);
  const store = await openStore(config);
  let temporal: TemporalServer | undefined;
  try {
    const keyFile = await ensureFirstKey(config, store, new Date().toISOString());
    temporal = config.temporal.address === undefined ? await embeddedTemporal(config, options.env) : undefined;
    const address = temporal?.address ?? config.temporal.address ?? '';
    const uiUrl = temporal?.uiUrl ?? config.temporal.uiUrl;
    const write = (text: string): unknown => options.io.stderr.write(text);
    const system = await startSystem({
      config,
      catalogue,
      store,
      temporal: { address, ...(uiUrl === undefined ? {} : { uiUrl }) },
      log,
      version: buildVersion(),
      write,
    });
    tell(options, log, {
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
  return startTemporalServer({ program, folder: config.home, namespace: config.temporal.namespace, ports: TEMPORAL_PORTS });
}

function tell(options: StartOptions, log: Logger, doors: Doors): void {
  if (options.json) {
    options.io.stdout.write(`${JSON.stringify(doors)}\n`);
    return;
  }
  const lines = [
    'Nightshift is up.',
    `  API          ${doors.api}  (described at ${doors.api}/openapi.json)`,
    ...(doors.temporalUi === null ? [] : [`  Temporal UI  ${doors.temporalUi}`]),
    `  Temporal     ${doors.temporal}`,
    `  Data         ${doors.home}`,
    ...(doors.keyFile === null ? [] : [`  First key    ${doors.keyFile} (role admin; the command line finds it there)`]),
    'Next: npx nightshift incident list. Stop with Ctrl-C.',
  ];
  options.io.stdout.write(`${lines.join('\n')}\n`);
  log.info({ api: doors.api }, 'up');
}
