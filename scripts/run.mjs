#!/usr/bin/env node
// `npm run demo`, `npm start`, `npm run bench`, `npm run cluster`: sets up what is missing, builds, and runs a command of the system or, after `--script`, a compiled script.
import { fileURLToPath } from 'node:url';
import { prepare, runProgram, scriptOf, temporalNeed, withoutServer } from './setup/command.mjs';
import { runEntry } from './setup/entry.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

await runEntry(async ({ log, release }) => {
  const { script, rest } = scriptOf(process.argv.slice(2));
  const env = script ? withoutServer(process.env) : process.env;
  const needsCluster = (script === 'scripts/cluster.js' || (script !== undefined && rest.includes('--cluster'))) && !rest.includes('--help');
  const ready = await prepare({ root, env, log, temporal: script ? 'get' : temporalNeed(rest, env), cluster: needsCluster ? 'get' : 'none' });
  release();
  return runProgram({ root, script: script ?? 'workers/main.js', args: rest, env: ready });
});
