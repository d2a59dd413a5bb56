import { readFile } from 'node:fs/promises';
import { errorMessage, NightshiftError } from '../domain/errors';
import { MOST_BYTES } from '../domain/sources/wire';
import type { Run } from './run';

/** The bytes of a file, or of stdin for `-`. Throws `invalid_input` where it cannot be read, `too_large` beyond 16 MiB. */
export async function bytesOf(run: Run, file: string): Promise<Uint8Array> {
  const bytes = file === '-' ? await stdin(run) : await readFile(file).catch((error: unknown) => cannotRead(file, error));
  if (bytes.length > MOST_BYTES) throw new NightshiftError('too_large', `A message is at most ${String(MOST_BYTES / 1024 / 1024)} MiB.`);
  return new Uint8Array(bytes);
}

/** The same as text. */
export async function textOfFile(run: Run, file: string): Promise<string> {
  return new TextDecoder().decode(await bytesOf(run, file));
}

function cannotRead(file: string, error: unknown): never {
  throw new NightshiftError('invalid_input', `${file} cannot be read: ${errorMessage(error)}.`);
}

async function stdin({ deps: { io } }: Run): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of io.stdin) {
    const bytes = Buffer.from(part);
    parts.push(bytes);
    // The rest would be refused anyway.
    if ((size += bytes.length) > MOST_BYTES) break;
  }
  return Buffer.concat(parts);
}
