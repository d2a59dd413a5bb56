import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { openEmbedded } from '../../../adapters/postgres/open';
import { startTemporalServer } from '../../../workers/temporal-server';
import type { TemporalServer } from '../../../workers/temporal-server';

declare global {
  var nightshiftTemporal: { readonly server: TemporalServer; readonly folder: string; readonly held: Server } | undefined;
}

/** The ports that an embedded server wants first. */
const USUAL = { grpc: 7233, ui: 8233 } as const;

/**
 * One Temporal server for all server tests, on free ports and in a temporary folder; never one that somebody else runs. It holds the usual ports where they are free: a program under test
 * whose server is killed would lose them to another one that starts in that moment.
 */
export default async function globalSetup(): Promise<void> {
  const program = process.env['NIGHTSHIFT_TEMPORAL_CLI'];
  if (!program) throw new Error('Server tests need the Temporal program: run them with `npm test -- <path>`, which finds or gets it.');
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-test-'));
  const server = await startTemporalServer({ program, folder, namespace: 'default', ports: { grpc: USUAL.grpc, ui: 0 }, headless: true });
  process.env['NIGHTSHIFT_TEST_TEMPORAL'] = server.address;
  process.env['NIGHTSHIFT_TEST_STORE'] = await storeTemplate(join(folder, 'template'));
  globalThis.nightshiftTemporal = { server, folder, held: holdPort(USUAL.ui) };
}

/** Making a database takes seconds and copying one does not: every harness begins with a copy of this folder. */
async function storeTemplate(home: string): Promise<string> {
  const store = await openEmbedded({ home });
  await store.close();
  return join(home, 'store');
}

/** Whoever has it already holds it as well. */
function holdPort(port: number): Server {
  return createServer()
    .on('error', () => undefined)
    .listen(port, '127.0.0.1');
}
