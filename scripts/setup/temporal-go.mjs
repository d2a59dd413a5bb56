import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError, reason } from './errors.mjs';
import { runChild } from './child.mjs';
import { trustedCertificates } from './https.mjs';
import { findOnPath, programName } from './places.mjs';
import { atLeast } from './temporal-program.mjs';

const MODULE = fileURLToPath(new URL('./temporal-cli/', import.meta.url));
const PACKAGE = 'github.com/temporalio/cli/cmd/temporal';

/** The Go that the module asks for, as written in its go.mod. */
export function requiredGo(module = MODULE) {
  return /^go (\d+\.\d+(?:\.\d+)?)$/m.exec(readFileSync(join(module, 'go.mod'), 'utf8'))[1];
}

/**
 * Builds the official CLI from its Go module, pinned by our go.mod and go.sum, in `folder` (a folder of this attempt alone).
 * Resolves to the program's path; throws a SetupError when Go is missing, too old, or the build fails.
 */
export async function fromGo({ env, log, folder, cacheDir, release, module = MODULE }) {
  const builder = await goBuilder({ env, log, folder, module });
  log.line(
    `Building the Temporal CLI ${release.version} from its Go module with ${builder.version}: about 400 MB of source by the Go module proxy, 3 to 5 minutes, once`,
  );
  log.line(
    `  into ${cacheDir} (${release.programMegabytes} MB; to remove it, delete that folder); Go's own caches grow by up to 4 GB (\`go clean -cache -modcache\` empties them).`,
  );
  return builder.build(PACKAGE, programName('temporal'));
}

/** Prepares builds of programs of our Go module in `folder`: `build(package, name)` resolves to a program's path, `moduleFolder(path)` to where a module's files are. */
export async function goBuilder({ env, log, folder, module = MODULE }) {
  const go = await requireGo(env, requiredGo(module));
  const source = join(folder, 'module');
  mkdirSync(source, { recursive: true });
  for (const file of ['go.mod', 'go.sum', 'tools.go']) copyFileSync(join(module, file), join(source, file));
  const settings = { cwd: source, env: goEnvironment(env, folder, log) };
  return {
    version: go.version,
    build: (goPackage, name) => buildProgram({ go, settings, log, goPackage, program: join(folder, name) }),
    async moduleFolder(path) {
      const { code, output } = await runChild(go.path, ['list', '-m', '-f', '{{.Dir}}', path], settings);
      if (code !== 0) throw new SetupError(`Go does not say where the module ${path} is: ${lastError(output)}`);
      return output.split('\n').at(-1);
    },
  };
}

async function buildProgram({ go, settings, log, goPackage, program }) {
  const started = Date.now();
  let seen = 0;
  const onLine = (line) => {
    seen += 1;
    log.progress(`  ${Math.round((Date.now() - started) / 1000)} s, ${seen} steps: ${line}`);
  };
  const args = ['build', '-v', '-trimpath', '-ldflags', '-s -w', '-o', program, goPackage];
  const result = await runChild(go.path, args, { ...settings, onLine });
  if (result.code !== 0) throw new SetupError(`the Go build ended with ${result.code}: ${lastError(result.output)}`);
  return program;
}

async function requireGo(env, minimum) {
  const path = findOnPath('go', env);
  if (!path) throw new SetupError('Go is not installed');
  let result;
  try {
    // Go's own switch to another toolchain would download one; only what is installed counts.
    result = await runChild(path, ['version'], { env: { ...env, GOTOOLCHAIN: 'local' }, timeoutMs: 30_000 });
  } catch (error) {
    throw new SetupError(`Go cannot be run: ${reason(error)}`);
  }
  const version = /\bgo(\d+\.\d+(?:\.\d+)?)/.exec(result.output)?.[1];
  if (!version || !atLeast(version, minimum))
    throw new SetupError(`Go ${version ?? 'of an unknown version'} is installed, and the build needs ${minimum} or newer`);
  return { path, version: `Go ${version}` };
}

/** The settings of a build that gives the same program everywhere, whatever the user's own defaults are. */
function goEnvironment(env, folder, log) {
  const own = { CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly', GOWORK: 'off', GO111MODULE: 'on', GOOS: '', GOARCH: '' };
  const ca = env.SSL_CERT_FILE ? undefined : trustedCertificates(env, log);
  if (!ca) return { ...env, ...own };
  // Go knows nothing of NODE_EXTRA_CA_CERTS; SSL_CERT_FILE is its word for the same, and replaces the system's file.
  const bundle = join(folder, 'certificates.pem');
  writeFileSync(bundle, ca.join('\n'));
  return { ...env, ...own, SSL_CERT_FILE: bundle };
}

function lastError(output) {
  const lines = output.split('\n').filter((line) => line && !line.startsWith('go: downloading'));
  return lines.slice(-3).join(' / ') || 'it says nothing';
}
