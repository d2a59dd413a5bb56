import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SetupError, reason } from './errors.mjs';
import { withLock } from './lock.mjs';
import { cacheFolder, findOnPath, isProgram, programName } from './places.mjs';
import { fromArchive } from './temporal-archive.mjs';
import { fromGo } from './temporal-go.mjs';
import { requireServer } from './temporal-program.mjs';

/** Prefix of folders in the cache that hold an attempt under way; only a finished program leaves one, by a rename. */
const ATTEMPT = '.attempt-';

/** The release that is pinned: version, server, and by system the archive's URL, SHA-256 (hex) and size. */
export function pinnedRelease() {
  return JSON.parse(readFileSync(new URL('./temporal-release.json', import.meta.url), 'utf8'));
}

/**
 * Finds a Temporal server program, or gets one: NIGHTSHIFT_TEMPORAL_CLI, the PATH, the cache folder, the official archive, a Go build.
 * Resolves to `{path, version, origin}` (version of the server; origin `setting`, `path`, `cache`, `archive` or `go`). With `lookOnly` nothing is
 * downloaded or built, and undefined means that there is none. Throws a SetupError that lists what was tried and the ways to mend it.
 */
export async function ensureTemporal({ env = process.env, log, cacheDir = cacheFolder(env), release = pinnedRelease(), lookOnly = false }) {
  const system = `${process.platform}-${process.arch}`;
  const cached = join(cacheDir, programName(`temporal-${release.version}-${system}`));
  const context = { env, log, cacheDir, release, system, cached, attempts: [] };
  const found = (await fromSetting(context)) ?? (await fromPath(context)) ?? (await fromCache(context));
  if (found || lookOnly) return found;
  mkdirSync(cacheDir, { recursive: true });
  const onWait = (pid) => log.line(`Another set-up (process ${pid}) is getting the Temporal CLI; waiting for it.`);
  return withLock(cacheDir, 'temporal', async () => (await fromCache(context)) ?? (await obtain(context)), onWait);
}

async function fromSetting({ env, release }) {
  if (!env.NIGHTSHIFT_TEMPORAL_CLI) return undefined;
  const path = resolve(env.NIGHTSHIFT_TEMPORAL_CLI);
  try {
    return { path, version: await requireServer(path, env, release.minimumServer), origin: 'setting' };
  } catch (error) {
    throw new SetupError(
      `NIGHTSHIFT_TEMPORAL_CLI names ${path}, but ${reason(error)}. Name another program there, or unset it and Nightshift finds one by itself.`,
    );
  }
}

async function fromPath(context) {
  const path = findOnPath('temporal', context.env);
  if (!path) {
    context.attempts.push('`temporal` on the PATH: there is none');
    return undefined;
  }
  return tryProgram(context, path, 'path', `${path} (on the PATH)`);
}

async function fromCache(context) {
  if (!isProgram(context.cached)) return undefined;
  return tryProgram(context, context.cached, 'cache', context.cached);
}

async function tryProgram(context, path, origin, name) {
  try {
    return { path, version: await requireServer(path, context.env, context.release.minimumServer), origin };
  } catch (error) {
    tell(context, `${name}: ${reason(error)}`);
    return undefined;
  }
}

/** Downloads or builds under the lock, so that whatever an earlier attempt left behind has no owner and can go. */
async function obtain(context) {
  const { cacheDir, release } = context;
  for (const entry of readdirSync(cacheDir)) if (entry.startsWith(ATTEMPT)) rmSync(join(cacheDir, entry), { recursive: true, force: true });
  const archive = `the official archive ${release.archives[context.system]?.url ?? ''}`.trim();
  const found = (await attempt(context, 'archive', archive, fromArchive)) ?? (await attempt(context, 'go', 'a build from the Go module', fromGo));
  if (!found) throw new SetupError(failure(context));
  return found;
}

/** Goes one way in a folder of its own and, only when the program there runs, moves it to its place in one step. */
async function attempt(context, origin, name, way) {
  const folder = mkdtempSync(join(context.cacheDir, ATTEMPT));
  const clean = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', clean);
  try {
    const program = await way({ ...context, folder });
    const version = await requireServer(program, context.env, context.release.minimumServer);
    renameSync(program, context.cached);
    context.log.line(`The Temporal CLI is in ${context.cached}.`);
    return { path: context.cached, version, origin };
  } catch (error) {
    tell(context, `${name}: ${reason(error)}`);
    return undefined;
  } finally {
    process.off('exit', clean);
    clean();
  }
}

function tell(context, attempt) {
  context.attempts.push(attempt);
  context.log.line(`Temporal: ${attempt}`);
}

function failure({ attempts, release, cacheDir, system }) {
  const archive = release.archives[system];
  return [
    `No Temporal server program could be found or made. Tried:`,
    ...attempts.map((attempt) => `  - ${attempt}`),
    'Any one of these mends it:',
    `  - install the Temporal CLI with a server ${release.minimumServer} or newer (https://docs.temporal.io/cli) so that \`temporal\` is on the PATH,`,
    '  - or set NIGHTSHIFT_TEMPORAL_CLI to the path of such a program,',
    `  - or let this machine reach ${archive ? new URL(archive.url).host : 'the official archive'} (HTTPS_PROXY, NO_PROXY and NODE_EXTRA_CA_CERTS are honoured),`,
    '  - or install Go (https://go.dev/dl) so that it can be built from its module,',
    '  - or, for `start` and `demo`, set TEMPORAL_ADDRESS to a server that runs already.',
    `The cache folder is ${cacheDir}.`,
  ].join('\n');
}
