#!/usr/bin/env node
// `npm run build`: compiles the rooms and bundles the workflows into dist/.
import { fileURLToPath } from 'node:url';
import { prepare } from './setup/command.mjs';
import { runEntry } from './setup/entry.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

await runEntry(async ({ log }) => {
  await prepare({ root, env: process.env, log, temporal: 'none' });
  return 0;
});
