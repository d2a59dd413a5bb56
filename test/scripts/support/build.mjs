// Builds the clone in the first argument, in a process of its own; prints what was built.
import { build } from '../../../scripts/setup/build.mjs';
import { runEntry } from '../../../scripts/setup/entry.mjs';

await runEntry(async ({ log }) => {
  console.log(JSON.stringify(await build({ root: process.argv[2], log })));
  return 0;
});
