#!/usr/bin/env node
// `npm test`: sets up, runs every check and every test, and ends with the line `N passed, N failed`. Arguments go to jest, and then only jest runs. A file that failed
// beside others is run a second time alone, and the line before the last says how that went.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesToRunAgain, toldOfSecondRun, withSecondRun } from './setup/again.mjs';
import { build } from './setup/build.mjs';
import { CHECKS, runChecks } from './setup/checks.mjs';
import { prepare, runInTerminal, withoutServer } from './setup/command.mjs';
import { total } from './setup/count.mjs';
import { runEntry } from './setup/entry.mjs';

/** What runs processes against the clock comes last, and has nothing beside it that keeps the machine busy. */
const PARTS = [
  ['--selectProjects', 'unit', 'server'],
  ['--selectProjects', 'process'],
  ['--selectProjects', 'practice'],
];
const root = fileURLToPath(new URL('..', import.meta.url));

await runEntry(async ({ log, release }) => {
  const args = process.argv.slice(2);
  // Outside of CI nobody waits for the build of a server that one test needs; that test says how to get it.
  const cluster = process.env.CI ? 'try' : 'look';
  const env = await prepare({ root, env: withoutServer(process.env), log, temporal: 'get', cluster, compile: false });
  const built = await runBuild(log);
  const checks = args.length === 0 ? [built, ...(await runChecks(CHECKS, { root, print: console.log }))] : [built].filter((check) => !check.ok);
  release();
  const runs = [];
  const told = [];
  for (const part of args.length === 0 ? PARTS : [args]) runs.push({ part, ...(await runJest(part, env)) });
  for (const [i, run] of args.length === 0 ? runs.entries() : []) {
    const files = filesToRunAgain(run.report);
    if (files.length === 0) continue;
    const second = await runJest([...run.part, '--runInBand', '--runTestsByPath', ...files], env);
    runs[i] = withSecondRun(run, files, second);
    told.push(...toldOfSecondRun(root, files, second));
  }
  const { passed, failed, skipped } = total(checks, runs);
  for (const check of checks.filter((one) => !one.ok)) console.log(`failed: the check "${check.name}"`);
  for (const line of told) console.log(line);
  if (skipped) console.log(`${skipped} skipped`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});

async function runBuild(log) {
  try {
    await build({ root, log });
    return { name: 'build', ok: true };
  } catch (error) {
    console.log(`build      failed\n    ${error.message}`);
    return { name: 'build', ok: false };
  }
}

async function runJest(args, env) {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-test-'));
  const file = join(folder, 'report.json');
  try {
    const jest = [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
      '--json',
      `--outputFile=${file}`,
      ...args,
    ];
    const code = await runInTerminal(process.execPath, jest, { cwd: root, env });
    return { code, report: readReport(file) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
