#!/usr/bin/env node
// `npx nightshift …` in a clone: any command of the system, set up first. Temporal is looked for only by the commands that may need it.
import { fileURLToPath } from 'node:url';
import { prepare, runProgram, scriptOf, temporalNeed, withoutServer } from './setup/command.mjs';
import { runEntry } from './setup/entry.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

await runEntry(async ({ log, release }) => {
  const args = process.argv.slice(2);
  const { script, rest } = scriptOf(args);
  const given = script ? withoutServer(process.env) : process.env;
  const env = await prepare({ root, env: given, log, temporal: temporalNeed(args, given) });
  release();
  return runProgram({ root, script: script ?? 'workers/main.js', args: rest, env });
});
