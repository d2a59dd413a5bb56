// Runs the installation of dependencies for the folder in the first argument, in a process of its own; prints whether npm was needed.
import { ensureDependencies } from '../../../scripts/setup/dependencies.mjs';
import { runEntry } from '../../../scripts/setup/entry.mjs';

await runEntry(async ({ log }) => {
  console.log(JSON.stringify(await ensureDependencies({ root: process.argv[2], log })));
  return 0;
});
