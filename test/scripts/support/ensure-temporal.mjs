// Runs the search for Temporal in a process of its own: arguments are the release as JSON, the cache folder, and `look` to download nothing.
import { createLog } from '../../../scripts/setup/log.mjs';
import { runEntry } from '../../../scripts/setup/entry.mjs';
import { ensureTemporal } from '../../../scripts/setup/temporal.mjs';

const [release, cacheDir, look] = process.argv.slice(2);

await runEntry(async () => {
  const found = await ensureTemporal({ log: createLog(), cacheDir, release: JSON.parse(release), lookOnly: look === 'look' });
  console.log(JSON.stringify(found ?? null));
  return 0;
});
