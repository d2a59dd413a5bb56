import { readFile, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import type { AuditFault } from '../domain/audit';
import { ANCHORS, keyIdOf, readAnchors } from '../domain/audit-anchor';
import type { Anchor, KeptText } from '../domain/audit-anchor';
import { errorMessage, NightshiftError } from '../domain/errors';
import type { Run } from './run';
import { configOf } from './run';

const S3 = 's3://';

/** Public keys in files, as PEM. Throws `invalid_input` for what is none. */
export async function keysFrom(files: readonly string[]): Promise<readonly string[]> {
  return Promise.all(
    files.map(async (file) => {
      try {
        const key = await readFile(file, 'utf8');
        keyIdOf(key);
        return key;
      } catch (error) {
        throw new NightshiftError('invalid_input', `${file} is no public key of Ed25519 in PEM, as "nightshift audit key" prints it: ${errorMessage(error)}`);
      }
    }),
  );
}

/** Signed heads from files, folders and buckets, those that count and what is wrong with the others. Throws `not_found` for a place without any. */
export async function anchorsAt(
  run: Run,
  command: Command,
  places: readonly string[],
  publicKeys: readonly string[],
): Promise<{ readonly anchors: readonly Anchor[]; readonly faults: readonly AuditFault[] }> {
  const texts = await Promise.all(places.map((place) => textsAt(run, command, place)));
  return readAnchors(texts.flat(), publicKeys);
}

async function textsAt(run: Run, command: Command, place: string): Promise<readonly KeptText[]> {
  if (!place.startsWith(S3) && (await isFile(place))) return [{ name: place, text: await readFile(place, 'utf8') }];
  const sealed = await run.deps.sealed(place, configOf(command));
  const texts: KeptText[] = [];
  for await (const each of sealed.all(ANCHORS)) texts.push({ name: each.name, text: await each.read() });
  if (texts.length === 0) throw new NightshiftError('not_found', `At ${sealed.name} is no anchor: their names begin with ${ANCHORS}.`);
  return texts;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    throw new NightshiftError('invalid_input', `${path} cannot be read: ${errorMessage(error)}`);
  }
}
