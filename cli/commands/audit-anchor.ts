import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { ANCHORS, anchorName, anchorText, keyIdOf, toldByName } from '../../domain/audit-anchor';
import { errorMessage, NightshiftError } from '../../domain/errors';
import type { Run } from '../run';
import { configOf, leaf } from '../run';

/** Adds `nightshift audit anchor` and `nightshift audit key`. */
export function addAnchorCommands(audit: Command, run: Run): void {
  leaf(audit, 'anchor', 'sign where the history ends now, and keep that outside of the store')
    .option('--out <place>', 'into a folder, or s3://bucket/prefix with Object Lock; where `audit.anchor` says when left out (admins only)')
    .action(async ({ out }: { out?: string }, command: Command) => {
      const { anchor, name } = out === undefined ? await (await run.client(command)).audit.anchor() : await keepAt(run, command, out);
      run.emit(command, { anchor, name }, () => `${name}: ${String(anchor.count)} records up to ${anchor.at}, signed by the key ${anchor.key}.`);
    });
  leaf(audit, 'key', 'print the public key that signed heads are checked with; keep it where this system cannot write')
    .option('--out <file>', 'into a file')
    .action(async ({ out }: { out?: string }, command: Command) => {
      const publicKey = await (await run.client(command)).audit.publicKey();
      const id = keyIdOf(publicKey);
      if (out !== undefined)
        await writeFile(out, publicKey).catch((error: unknown) => {
          throw new NightshiftError('invalid_input', `${out} cannot be written: ${errorMessage(error)}`);
        });
      run.emit(command, { id, publicKey, ...(out !== undefined && { file: out }) }, () => (out === undefined ? publicKey : `${out}: the key ${id}.`));
    });
}

async function keepAt(run: Run, command: Command, out: string) {
  const place = await run.deps.sealed(out, configOf(command));
  let since = 0;
  for await (const { key } of place.all(ANCHORS)) since = Math.max(since, toldByName(key)?.count ?? 0);
  const anchor = await (await run.client(command)).audit.head(since);
  await place.seal(anchorName(anchor), anchorText(anchor));
  return { anchor, name: `${place.name}/${anchorName(anchor)}` };
}
