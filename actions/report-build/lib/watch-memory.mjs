// A process of its own that notes the most memory that was in use, every second, until its folder is gone.
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { memoryBytes } from './usage.mjs';

const EVERY_MS = 1000;
/** The longest time that a job may take on a machine of one's own; nobody needs the number after that. */
const LONGEST_MS = 5 * 24 * 60 * 60 * 1000;

const folder = process.argv[2] ?? '';
const until = Date.now() + LONGEST_MS;
let most = 0;

function look() {
  if (!existsSync(folder) || Date.now() > until) process.exit(0);
  const now = memoryBytes();
  if (now <= most) return;
  most = now;
  try {
    // By a rename, as somebody may be reading.
    writeFileSync(join(folder, 'most.draft'), JSON.stringify({ memoryBytes: most }));
    renameSync(join(folder, 'most.draft'), join(folder, 'most.json'));
  } catch {
    // The folder went away in between; the next look ends the process.
  }
}

look();
setInterval(look, EVERY_MS);
