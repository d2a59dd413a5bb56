import { SetupError, reason } from './errors.mjs';
import { runChild } from './child.mjs';

/** How long `temporal --version` may take, in milliseconds; the first start of a fresh file can be slow where programs are scanned. */
const VERSION_MS = 30_000;

/** Asks a Temporal program for its server's version (such as `1.31.2`); throws a SetupError that says why when there is none. */
export async function serverVersion(path, env) {
  let result;
  try {
    result = await runChild(path, ['--version'], { env, timeoutMs: VERSION_MS });
  } catch (error) {
    throw new SetupError(`it cannot be run: ${reason(error)}`);
  }
  if (result.code !== 0) throw new SetupError(`\`--version\` ended with ${result.code}`);
  const version = /\bServer v?(\d+\.\d+\.\d+[^\s,)]*)/i.exec(result.output)?.[1];
  if (!version) throw new SetupError('it does not say which server it holds');
  return version;
}

/** True when version `a` is at least `b`; both are `major.minor.patch`, and what follows a dash is not looked at. */
export function atLeast(a, b) {
  const [x, y] = [a, b].map((text) => text.split('-')[0].split('.').map(Number));
  for (let i = 0; i < 3; i += 1) if ((x[i] ?? 0) !== (y[i] ?? 0)) return (x[i] ?? 0) > (y[i] ?? 0);
  return true;
}

/** The program's server version when it is new enough; throws a SetupError otherwise. */
export async function requireServer(path, env, minimum) {
  const version = await serverVersion(path, env);
  if (!atLeast(version, minimum)) throw new SetupError(`its server is ${version}, and ${minimum} or newer is needed`);
  return version;
}
