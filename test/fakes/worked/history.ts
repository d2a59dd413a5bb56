import { openEmbedded } from '../../../adapters/postgres/open';
import { deliveryId } from '../../../domain/delivery';
import { logCounts } from '../../../domain/log-counts';
import type { LogRecord } from '../../../domain/telemetry';
import { emptyStore } from '../../../workers/open-store';

const MINUTE_MS = 60_000;
/** So long a service must be known before anybody can say that a kind of its lines is new. */
const KNOWN_MS = 26 * 60 * MINUTE_MS;
/** An error now and then, as every service has. */
const EVERY_MS = 13 * MINUTE_MS;

/** Puts the error lines of a calm day into a store that nobody has opened yet, as if Nightshift had read them from the stream: what is usual must be known before anything is unusual. */
export async function rememberCalmDay(home: string, { environment, service }: { readonly environment: string; readonly service: string }): Promise<void> {
  const now = Date.now();
  const lines = Array.from({ length: Math.floor(KNOWN_MS / EVERY_MS) }, (_, i): LogRecord => ({
    ...{ source: 'cloudwatch-logs', environment, service, level: 'error', labels: {} },
    at: new Date(now - KNOWN_MS + i * EVERY_MS).toISOString(),
    message: `payments did not answer within ${String(2000 + i)} ms, the checkout was refused`,
  }));
  const store = await openEmbedded({ home, template: emptyStore() });
  try {
    const batch = { points: [], builds: [], calls: [], logs: logCounts(lines), delivery: deliveryId(Buffer.from('a calm day'), []) };
    await store.archive.writer.keep(batch, now);
  } finally {
    await store.close();
  }
}
