import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative, sep } from 'node:path';
import { bundleConsole } from './build-console.mjs';
import { withLock } from './lock.mjs';

/** Rooms that are compiled, and the fakes: that of AWS also runs alone and carries a demo, and benchmarks run on others; one that does not exist is passed over. */
const ROOMS = [...['domain', 'ports', 'config', 'workflows', 'activities', 'adapters', 'api', 'cli', 'workers', 'bench', 'scripts'], 'test/fakes'];
/** Rooms whose sources end up in the workflow bundle. */
const BUNDLED = ['workflows', 'domain'];
/** Rooms whose sources end up in the page for browsers. */
const PAGED = ['console', 'domain'];
/** Bump when the way of building changes, so that what was built before is built again. */
const RECIPE = 1;
const OPTIONS = { bundle: false, format: 'cjs', platform: 'node', target: 'node20', sourcemap: true, keepNames: true };

/**
 * Compiles the rooms into `dist/`, bundles the workflows into `dist/workflow-bundle.js` and the console into `dist/console.html`, each only when its sources changed. Safe when run twice
 * at once: files appear by a rename and the stamp comes last. Resolves to the names of what was built; throws esbuild's or webpack's error.
 */
export async function build({ root, log }) {
  const dist = join(root, 'dist');
  if (isBuilt(root, dist)) return [];
  const onWait = (pid) => log.line(`Another process (${pid}) is building; waiting for it.`);
  return withLock(join(dist, '.locks'), 'build', () => buildParts(root, dist, log), onWait);
}

async function buildParts(root, dist, log) {
  const built = [];
  const sources = listSources(root, ROOMS);
  const rooms = digest(root, sources);
  const stamps = readStamps(dist);
  if (stamps.rooms !== rooms || !allThere(dist, sources)) {
    const started = Date.now();
    await compile(root, dist, sources);
    stamps.rooms = rooms;
    writeWhole(stampPath(dist), JSON.stringify(stamps));
    built.push('rooms');
    log.line(`Compiled ${sources.length} files (${seconds(started)}).`);
  }
  const bundle = digest(root, listSources(root, BUNDLED));
  if (hasWorkflows(root) && (stamps.bundle !== bundle || !existsSync(bundlePath(dist)))) {
    const started = Date.now();
    await bundleWorkflows(root, dist, log);
    stamps.bundle = bundle;
    writeWhole(stampPath(dist), JSON.stringify(stamps));
    built.push('workflows');
    log.line(`Bundled the workflows (${seconds(started)}).`);
  }
  const page = digest(root, listSources(root, PAGED));
  if (hasConsole(root) && (stamps.page !== page || !existsSync(pagePath(dist)))) {
    const started = Date.now();
    writeWhole(pagePath(dist), await bundleConsole(root));
    stamps.page = page;
    writeWhole(stampPath(dist), JSON.stringify(stamps));
    built.push('console');
    log.line(`Bundled the console (${seconds(started)}).`);
  }
  if (hasStore(root) && !existsSync(emptyStorePath(dist, root))) {
    const started = Date.now();
    await makeEmptyStore(root, dist);
    built.push('store');
    log.line(`Made an empty database to copy from (${seconds(started)}).`);
  }
  return built;
}

function isBuilt(root, dist) {
  const stamps = readStamps(dist);
  const sources = listSources(root, ROOMS);
  if (stamps.rooms !== digest(root, sources) || !allThere(dist, sources)) return false;
  if (hasStore(root) && !existsSync(emptyStorePath(dist, root))) return false;
  if (hasConsole(root) && (stamps.page !== digest(root, listSources(root, PAGED)) || !existsSync(pagePath(dist)))) return false;
  return !hasWorkflows(root) || (stamps.bundle === digest(root, listSources(root, BUNDLED)) && existsSync(bundlePath(dist)));
}

async function compile(root, dist, sources) {
  const { build: esbuild } = createRequire(join(root, 'package.json'))('esbuild');
  const scripts = sources.filter((path) => extname(path) === '.ts');
  const result = await esbuild({
    ...OPTIONS,
    entryPoints: scripts.map((path) => join(root, path)),
    outbase: root,
    outdir: dist,
    write: false,
    logLevel: 'silent',
  });
  const made = new Set();
  for (const file of result.outputFiles) {
    writeWhole(file.path, file.contents);
    made.add(relative(dist, file.path));
  }
  for (const path of sources.filter((source) => !scripts.includes(source))) {
    writeWhole(join(dist, path), readFileSync(join(root, path)));
    made.add(path);
  }
  for (const room of ROOMS) for (const path of walk(dist, room)) if (!made.has(path)) rmSync(join(dist, path), { force: true });
}

async function bundleWorkflows(root, dist, log) {
  const { bundleWorkflowCode, DefaultLogger } = createRequire(join(root, 'package.json'))('@temporalio/worker');
  const logger = new DefaultLogger('WARN', (entry) => log.line(`  ${entry.message}`));
  const { code } = await bundleWorkflowCode({ workflowsPath: join(dist, 'workflows', 'index.js'), logger });
  writeWhole(bundlePath(dist), code);
}

/** Making a database takes many seconds of computing, copying one does not: every first start copies this one. */
async function makeEmptyStore(root, dist) {
  const { PGlite } = createRequire(join(root, 'package.json'))('@electric-sql/pglite');
  const draft = join(dist, `empty-store.${process.pid}.draft`);
  rmSync(draft, { recursive: true, force: true });
  const store = await PGlite.create({ dataDir: draft });
  await store.close();
  renameSync(draft, emptyStorePath(dist, root));
}

/** Everything in the rooms that a compiled room may need: TypeScript to compile, and other files (SQL, pages, schemas) to copy. */
function listSources(root, rooms) {
  return rooms
    .flatMap((room) => walk(root, room))
    .filter((path) => !/\.(d|test)\.ts$/.test(path) && (!path.startsWith(`scripts${sep}`) || path.endsWith('.ts')));
}

function walk(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .flatMap((entry) => (entry.isDirectory() ? walk(root, join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

function digest(root, sources) {
  const hash = createHash('sha256').update(JSON.stringify([RECIPE, OPTIONS]));
  for (const path of ['package-lock.json', ...sources]) hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

function allThere(dist, sources) {
  return sources.every((path) => existsSync(join(dist, path.replace(/\.ts$/, '.js'))));
}

function hasWorkflows(root) {
  return existsSync(join(root, 'workflows', 'index.ts'));
}

function hasConsole(root) {
  return existsSync(join(root, 'console', 'main.tsx'));
}

function hasStore(root) {
  return existsSync(join(root, 'adapters', 'postgres', 'open.ts'));
}

/** Named by the version that made it, as another one may write another form. */
function emptyStorePath(dist, root) {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', '@electric-sql', 'pglite', 'package.json'), 'utf8'));
  return join(dist, `empty-store-${version}`);
}

function bundlePath(dist) {
  return join(dist, 'workflow-bundle.js');
}

function pagePath(dist) {
  return join(dist, 'console.html');
}

function stampPath(dist) {
  return join(dist, '.build.json');
}

function readStamps(dist) {
  try {
    return JSON.parse(readFileSync(stampPath(dist), 'utf8'));
  } catch {
    return {};
  }
}

function writeWhole(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}

function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}
