import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SetupError, reason } from './errors.mjs';
import { withLock } from './lock.mjs';
import { cacheFolder, isProgram, programName } from './places.mjs';
import { goBuilder } from './temporal-go.mjs';
import { pinnedRelease } from './temporal.mjs';

/** Programs of a Temporal cluster, by the name that they have in the official images: server, schema tool, UI. */
const PROGRAMS = [
  { name: 'temporal-server', goPackage: 'go.temporal.io/server/cmd/server' },
  { name: 'temporal-sql-tool', goPackage: 'go.temporal.io/server/cmd/tools/sql' },
  { name: 'ui-server', goPackage: 'github.com/temporalio/ui-server/v2/cmd/server' },
];
/** Prefix of folders in the cache that hold an attempt under way. */
const ATTEMPT = '.cluster-attempt-';
/** The UI's own configuration in its official image, which reads everything from the environment. */
const UI_MODULE = 'github.com/temporalio/ui-server/v2';

/**
 * Finds the programs of a Temporal cluster, or builds them with Go: NIGHTSHIFT_TEMPORAL_PROGRAMS (a folder), the cache folder, a build from the same pinned module as the CLI.
 * Resolves to the folder, which also holds the UI's `docker.yaml`. With `lookOnly` nothing is built, and undefined means that there are none.
 */
export async function ensureTemporalCluster({ env = process.env, log, cacheDir = cacheFolder(env), release = pinnedRelease(), lookOnly = false }) {
  const named = env.NIGHTSHIFT_TEMPORAL_PROGRAMS && resolve(env.NIGHTSHIFT_TEMPORAL_PROGRAMS);
  if (named) {
    if (isWhole(named)) return named;
    throw new SetupError(`NIGHTSHIFT_TEMPORAL_PROGRAMS names ${named}, which lacks one of ${PROGRAMS.map(({ name }) => name).join(', ')} or docker.yaml.`);
  }
  const folder = join(cacheDir, `temporal-cluster-${release.serverVersion}-${process.platform}-${process.arch}`);
  if (isWhole(folder)) return folder;
  if (lookOnly) return undefined;
  mkdirSync(cacheDir, { recursive: true });
  const onWait = (pid) => log.line(`Another set-up (process ${pid}) is building the Temporal server; waiting for it.`);
  return withLock(cacheDir, 'temporal-cluster', async () => (isWhole(folder) ? folder : obtain({ env, log, cacheDir, release, folder })), onWait);
}

function isWhole(folder) {
  return PROGRAMS.every(({ name }) => isProgram(join(folder, programName(name)))) && existsSync(join(folder, 'docker.yaml'));
}

async function obtain({ env, log, cacheDir, release, folder }) {
  for (const entry of readdirSync(cacheDir)) if (entry.startsWith(ATTEMPT)) rmSync(join(cacheDir, entry), { recursive: true, force: true });
  const attempt = mkdtempSync(join(cacheDir, ATTEMPT));
  const clean = () => rmSync(attempt, { recursive: true, force: true });
  process.once('exit', clean);
  try {
    const builder = await goBuilder({ env, log, folder: attempt });
    log.line(
      `Building the Temporal server ${release.serverVersion}, its schema tool and its UI from their Go modules with ${builder.version}: half a minute where the CLI was built before, else up to 5 minutes, once`,
    );
    log.line(`  into ${folder} (190 MB; to remove it, delete that folder).`);
    const whole = join(attempt, 'whole');
    mkdirSync(whole);
    for (const { name, goPackage } of PROGRAMS) renameSync(await builder.build(goPackage, programName(name)), join(whole, programName(name)));
    copyFileSync(join(await builder.moduleFolder(UI_MODULE), 'config', 'docker.yaml'), join(whole, 'docker.yaml'));
    rmSync(folder, { recursive: true, force: true });
    renameSync(whole, folder);
    return folder;
  } catch (error) {
    throw new SetupError(
      `The Temporal server could not be built: ${reason(error)}. Install Go (https://go.dev/dl) and let this machine reach the Go module proxy, or name a folder with ${PROGRAMS.map(({ name }) => name).join(', ')} in NIGHTSHIFT_TEMPORAL_PROGRAMS.`,
    );
  } finally {
    process.off('exit', clean);
    clean();
  }
}
