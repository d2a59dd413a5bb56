import { Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { errorMessage, NightshiftError } from '../domain/errors';

const CONNECT_MS = 10_000;

/** The two connections of a worker: one for calls, one that polls for work. */
export interface TemporalConnections {
  readonly client: Connection;
  readonly native: NativeConnection;
  close(): Promise<void>;
}

/** Connects to a running Temporal server. Throws `unreachable` with the address and what can be done. */
export async function connectTemporal(address: string): Promise<TemporalConnections> {
  let client: Connection | undefined;
  try {
    client = await Connection.connect({ address, connectTimeout: CONNECT_MS });
    const native = await NativeConnection.connect({ address });
    const calls = client;
    return {
      client: calls,
      native,
      async close() {
        await native.close();
        await calls.close();
      },
    };
  } catch (error) {
    await client?.close();
    throw new NightshiftError(
      'unreachable',
      `Temporal at ${address} does not answer (${errorMessage(error)}). Start it, or name another in TEMPORAL_ADDRESS; without an address Nightshift runs its own.`,
      [],
      { cause: error },
    );
  }
}
