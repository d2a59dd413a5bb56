#!/usr/bin/env node
// `npm test`: checks types, compiles, runs every test, and ends with the line `infra: N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const count = { passed: 0, failed: 0, skipped: 0 };
const add = (kind) => (event) => {
  if (event.details?.type !== 'suite') count[event.skip === undefined ? kind : 'skipped'] += 1;
};

if (spawnSync(process.execPath, [at('build.mjs')], { stdio: 'inherit' }).status === 0) await runTests();
else count.failed += 1;
if (count.skipped > 0) console.log(`infra: ${count.skipped} skipped`);
console.log(`infra: ${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed === 0 && count.passed > 0 ? 0 : 1;

async function runTests() {
  const files = readdirSync(at('../dist/test'))
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => at(`../dist/test/${name}`));
  const tests = run({ files, concurrency: 2, timeout: 120_000 }).on('test:pass', add('passed')).on('test:fail', add('failed'));
  for await (const text of tests.compose(spec)) process.stdout.write(text);
}
