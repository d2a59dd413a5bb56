#!/usr/bin/env node
// `npm test`: sets up, runs every check and every test, and ends with the line `N passed, N failed`. Arguments go to jest, and then only jest runs.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './setup/build.mjs';
import { CHECKS, runChecks } from './setup/checks.mjs';
import { prepare, runInTerminal, withoutServer } from './setup/command.mjs';
import { count } from './setup/count.mjs';
import { runEntry } from './setup/entry.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

await runEntry(async ({ log, release }) => {
  const args = process.argv.slice(2);
  const env = await prepare({ root, env: withoutServer(process.env), log, temporal: 'get', compile: false });
  const built = await runBuild(log);
  const checks = args.length === 0 ? [built, ...(await runChecks(CHECKS, { root, print: console.log }))] : [built].filter((check) => !check.ok);
  release();
  const { report, code } = await runJest(args, env);
  const { passed, failed, skipped } = count(checks, report, code);
  for (const check of checks.filter((one) => !one.ok)) console.log(`failed: the check "${check.name}"`);
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
