import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { SetupError, reason } from './errors.mjs';
import { get } from './https.mjs';
import { megabytes } from './log.mjs';

/**
 * Downloads `url` into the file `target` and checks its SHA-256. `announce(bytes)` is called before the first byte of the body is read, with the
 * size when the server tells it. Throws a SetupError on any failure; the caller removes what is left of the file.
 */
export async function download({ url, sha256, target, env, ca, log, announce }) {
  const response = await get(url, { env, ca });
  const total = Number(response.headers['content-length']) || undefined;
  announce(total);
  const hash = createHash('sha256');
  let done = 0;
  const measure = async function* (chunks) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      done += chunk.length;
      log.progress(`  ${total ? `${Math.floor((done / total) * 100)} % of ${megabytes(total)}` : megabytes(done)}`);
      yield chunk;
    }
  };
  try {
    await pipeline(response, measure, createWriteStream(target, { flags: 'wx' }));
  } catch (error) {
    throw new SetupError(`the download broke off after ${megabytes(done)}: ${reason(error)}`);
  }
  if (total && done !== total) throw new SetupError(`the download broke off after ${done} of ${total} bytes`);
  const sum = hash.digest('hex');
  if (sum !== sha256) {
    throw new SetupError(`the file is not the one that was pinned and is refused: its SHA-256 is ${sum}, expected ${sha256}`);
  }
}
