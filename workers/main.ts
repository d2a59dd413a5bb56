import { resolve } from 'node:path';
import { createClient } from '../cli/client';
import { runDemo } from '../cli/demo/run';
import type { AwsLookback, CliDeps, CliIo } from '../cli/deps';
import { processIo } from '../cli/process-io';
import { runCli } from '../cli/program';
import { readCatalogue, readRunbooks } from '../config/catalogue';
import { loadClientSettings } from '../config/client';
import { processEnvironment, sharedTemporal, terminalSettings } from '../config/environment';
import { packageRoot } from '../config/package-root';
import { loadStartup, withPrograms } from '../config/startup';
import type { Startup } from '../config/startup';
import type { Environment } from '../config/types';
import { buildVersion } from '../config/version';
import type { PastReader } from '../ports/lookback';
import { awsPastOf } from './aws-past';
import { startDemoSystem } from './demo-system';
import { doctor } from './doctor';
import { init } from './init';
import { initAws } from './init-aws';
import { sealedAt } from './anchors';
import { objectsAt } from './objects';
import { runLookback } from './lookback';
import { restoreStore } from './restore';
import { start } from './start';
import { stopSignal } from './stop-signal';
import { upgradeCheck } from './upgrade-check';

function cliDeps(env: Environment, io: CliIo): CliDeps {
  const cwd = process.cwd();
  const root = packageRoot();
  const place = (config: string | undefined): { env: Environment; cwd: string; file?: string } => ({
    env,
    cwd,
    ...(config === undefined ? {} : { file: config }),
  });
  return {
    io,
    clock: { now: () => Date.now() },
    version: buildVersion(),
    clientSettings: (config) => loadClientSettings(place(config)),
    loadConfig: (config, role) => {
      const startup = loadStartup({ root, role, ...place(config) });
      return (role === 'api' ? startup : withPrograms(startup)).config;
    },
    loadCatalogue: ({ files, config }) =>
      files ? readRunbooks(files) : readCatalogue({ root, directory: loadStartup({ root, ...place(config) }).config.runbooks.directory }),
    objects: (target, config) =>
      objectsAt(target?.startsWith('s3://') === false ? resolve(cwd, target) : target, () => loadStartup({ root, ...place(config) }).config),
    sealed: (target, config) =>
      sealedAt(target.startsWith('s3://') ? target : resolve(cwd, target), () => loadStartup({ root, ...place(config) }).config, { now: () => Date.now() }),
    launchers: {
      start: (options) => start({ ...options, io, env, cwd, stopped: stopSignal() }),
      demo: (options) =>
        runDemo(
          {
            io,
            sharedServer: sharedTemporal(env),
            stopped: stopSignal(),
            startSystem: (wanted) => startDemoSystem({ ...wanted, env }),
            createClient: ({ url, key }) => createClient({ apiUrl: url, apiKey: key, keyFile: '', home: '' }),
          },
          options,
        ),
      restore: ({ file, config }) =>
        restoreStore({ config: loadStartup({ root, ...place(config) }).config, file: resolve(cwd, file), at: new Date().toISOString() }),
      doctor: (options) => doctor({ ...options, io, env, cwd }),
      upgradeCheck: (options) => upgradeCheck({ ...options, io, env, cwd }),
      init: (options) => init({ ...options, io, cwd }),
      initAws: (options) => initAws({ ...options, io, cwd, env, stopped: stopSignal() }),
      lookback: (options) => {
        const startup = (): Startup => loadStartup({ root, ...place(options.config) });
        const aws = (wanted: AwsLookback): PastReader => awsPastOf(wanted, startup().config.aws, env);
        return runLookback(options, { env, clock: { now: () => Date.now() }, startup, stopped: stopSignal(), aws });
      },
    },
  };
}

async function main(): Promise<void> {
  const env = processEnvironment();
  const io = processIo(process, terminalSettings(env).noColor, () => process.exit(0));
  process.exitCode = await runCli(cliDeps(env, io), process.argv.slice(2));
  // Timers of closed connections must not hold a finished command.
  setTimeout(() => process.exit(), 200).unref();
}

void main();
