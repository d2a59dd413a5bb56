import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, reason } from './errors.mjs';
import { runChild } from './child.mjs';
import { withLock } from './lock.mjs';

/**
 * Makes `node_modules` match `package-lock.json` by `npm ci` when it does not. Safe when run twice at once; the stamp is written last, so that an
 * interrupted installation is done again. Resolves to true when something was installed; throws a SetupError with npm's words when npm fails.
 */
export async function ensureDependencies({ root, log, env = process.env }) {
  if (isCurrent(root)) return false;
  const onWait = (pid) => log.line(`Another set-up (process ${pid}) is installing the dependencies; waiting for it.`);
  return withLock(join(root, 'dist', '.locks'), 'dependencies', async (descriptor) => !isCurrent(root) && install(root, log, env, descriptor), onWait);
}

async function install(root, log, env, keepOpen) {
  const npm = npmCommand(env);
  const count = Object.keys(wantedPackages(root)).length;
  const registry = await runNpm(npm, ['config', 'get', 'registry'], { cwd: root, env });
  const from = registry.output.split('\n').findLast((line) => line.startsWith('http')) ?? 'your npm registry';
  log.line(`Installing dependencies with \`npm ci\`: up to ${count} packages (about 220 MB to download, 460 MB on disk) from ${from}`);
  log.line(`  into ${join(root, 'node_modules')}; to remove them, delete that folder.`);
  // npm empties the folder in any order: while it does, nothing in there may say that it is whole.
  for (const path of [stampPath(root), hiddenLockPath(root)]) rmSync(path, { force: true });
  const started = Date.now();
  const pulse = setInterval(() => log.progress(`  npm ci: ${Math.round((Date.now() - started) / 1000)} s`), 1000);
  try {
    // What NODE_ENV or the user's settings leave out would be missing for checks and tests.
    const result = await runNpm(npm, ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'], { cwd: root, env, keepOpen });
    if (result.code !== 0) throw new SetupError(`\`npm ci\` ended with ${result.code}. Mend what it says and run the same command again:\n${result.output}`);
  } finally {
    clearInterval(pulse);
  }
  if (!hiddenLockMatches(root))
    throw new SetupError('`npm ci` ended well, but node_modules does not match package-lock.json. Delete node_modules and run the same command again.');
  writeStamp(root);
  log.line(`Dependencies are installed (${Math.round((Date.now() - started) / 1000)} s).`);
  return true;
}

/** True when node_modules is whole and is the one of this lock file. An installation that npm itself finished is taken over by giving it our stamp. */
function isCurrent(root) {
  if (!existsSync(hiddenLockPath(root))) return false;
  if (readText(stampPath(root)) === stampText(root)) return true;
  if (!hiddenLockMatches(root)) return false;
  writeStamp(root);
  return true;
}

/** Compares npm's own record of what it installed, which it writes last, with the lock file. */
function hiddenLockMatches(root) {
  const wanted = wantedPackages(root);
  const text = readText(hiddenLockPath(root));
  if (text === undefined) return false;
  const installed = JSON.parse(text).packages;
  const same = (path) => wanted[path]?.version === installed[path]?.version && wanted[path]?.integrity === installed[path]?.integrity;
  return Object.entries(wanted).every(([path, entry]) => same(path) || (entry.optional && !installed[path])) && Object.keys(installed).every(same);
}

/** The packages that the lock file names, by path; the root itself is left out. */
function wantedPackages(root) {
  const text = readText(join(root, 'package-lock.json'));
  if (text === undefined)
    throw new SetupError(`package-lock.json is missing in ${root}. Nightshift is set up from a whole clone: run \`git checkout package-lock.json\`.`);
  const { '': _root, ...packages } = JSON.parse(text).packages;
  return packages;
}

function hiddenLockPath(root) {
  return join(root, 'node_modules', '.package-lock.json');
}

function stampPath(root) {
  return join(root, 'node_modules', '.nightshift-stamp');
}

function stampText(root) {
  const hash = createHash('sha256').update(readText(join(root, 'package-lock.json')) ?? '');
  return `${hash.digest('hex')} ${process.platform}-${process.arch}\n`;
}

function writeStamp(root) {
  const draft = `${stampPath(root)}.${process.pid}`;
  writeFileSync(draft, stampText(root));
  renameSync(draft, stampPath(root));
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** npm as it was called, or the one on the PATH. */
function npmCommand(env) {
  const script = env.npm_execpath;
  if (script && /npm-cli\.[cm]?js$/.test(script) && existsSync(script)) return { program: process.execPath, args: [script], shell: false };
  // npm is a .cmd file on Windows, which only a shell runs.
  return { program: 'npm', args: [], shell: process.platform === 'win32' };
}

async function runNpm(npm, args, options) {
  try {
    return await runChild(npm.program, [...npm.args, ...args], { ...options, shell: npm.shell });
  } catch (error) {
    throw new SetupError(
      `npm cannot be run (${reason(error)}). It comes with Node: install Node 22 or 24 from https://nodejs.org and run the same command again.`,
    );
  }
}
