import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Backups } from '../../ports/store';
import { addRoute } from '../route';
import type { ApiDeps } from '../types';

/** GET /v1/backup: a copy of the store as of one moment. It holds what the store holds, the door's secret too, and so goes to admins only. */
export function addBackupRoute(app: FastifyInstance, { store, clock }: ApiDeps): void {
  addRoute(app, {
    method: 'GET',
    url: '/v1/backup',
    operation: 'getBackup',
    access: 'admin',
    tag: 'backup',
    summary: 'A copy of everything in the store',
    description:
      'Lines of JSON, compressed by gzip, for `nightshift restore`. Keep it as you keep a password: it holds the secret that approvals are signed with.',
    answer: { status: 200, description: 'The copy.', mediaType: 'application/gzip', schema: z.string() },
    async handle({ reply }) {
      const file = join(tmpdir(), `nightshift-backup-${randomUUID()}`);
      try {
        await writeCopy(store.backups, new Date(clock.now()).toISOString(), file);
      } catch (error) {
        await unlink(file).catch(() => undefined);
        throw error;
      }
      const copy = createReadStream(file);
      copy.on('close', () => void unlink(file).catch(() => undefined));
      void reply.header('content-type', 'application/gzip').serializer((value) => value as string);
      return copy;
    },
  });
}

/** The store is not kept waiting for the network: the copy is whole on the disk before the first byte is sent. */
async function writeCopy(backups: Backups, at: string, file: string): Promise<void> {
  const gzip = createGzip();
  const done = finished(gzip.pipe(createWriteStream(file, { mode: 0o600, flags: 'wx' })));
  // Seen by whoever waits below; until then it must not end the process.
  done.catch(() => undefined);
  await backups.dump(at, (line) => Promise.race([written(gzip, `${line}\n`), done]));
  gzip.end();
  await done;
}

function written(to: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => to.write(text, (error) => (error ? reject(error) : resolve())));
}
