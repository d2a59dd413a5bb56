#!/usr/bin/env node
// `npm run lambda`: writes the Lambda function that reports builds as dist/lambda/post-build.mjs and post-build.zip, and prints their sizes. The same sources give the same bytes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleLambda, MODULE, zipped } from './setup/build-lambda.mjs';
import { prepare } from './setup/command.mjs';
import { runEntry } from './setup/entry.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

await runEntry(async ({ log }) => {
  await prepare({ root, env: process.env, log, temporal: 'none', compile: false });
  const code = await bundleLambda(root);
  const folder = join(root, 'dist', 'lambda');
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of [
    [MODULE, code],
    [MODULE.replace('.mjs', '.zip'), zipped(MODULE, code)],
  ]) {
    writeFileSync(join(folder, name), bytes);
    process.stdout.write(`dist/lambda/${name} ${String(bytes.length)} bytes\n`);
  }
  return 0;
});
