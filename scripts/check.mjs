#!/usr/bin/env node
// `npm run check`: types, lint, format, room rules and dead code, one line each; exits with 1 when any of them fails.
import { fileURLToPath } from 'node:url';
import { CHECKS, runChecks } from './setup/checks.mjs';
import { prepare } from './setup/command.mjs';
import { runEntry } from './setup/entry.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

await runEntry(async ({ log }) => {
  await prepare({ root, env: process.env, log, temporal: 'none', compile: false });
  const results = await runChecks(CHECKS, { root, print: console.log });
  return results.every((result) => result.ok) ? 0 : 1;
});
