import { Connection } from '@temporalio/client';
import type { TLSConfig } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { NativeConnectionOptions } from '@temporalio/worker';
import type { TemporalConfig, TemporalTls } from '../config/types';
import { defined } from '../domain/defined';
import { errorMessage, NightshiftError } from '../domain/errors';

const CONNECT_MS = 10_000;

/** The two connections of a worker: one for calls, one that polls for work. */
export interface TemporalConnections {
  readonly client: Connection;
  readonly native: NativeConnection;
  close(): Promise<void>;
}

/** Where a Temporal server is, and what it asks of those who call. */
export type TemporalPlace = { readonly address: string } & Pick<TemporalConfig, 'tls' | 'apiKey'>;

/** The place of a running server: what the configuration says of TLS and keys is for the server that it names. */
export function temporalPlace(address: string, { address: named, tls, apiKey }: TemporalConfig): TemporalPlace {
  return named === address ? defined({ address, tls, apiKey }) : { address };
}

/** Connects to a running Temporal server. Throws `unreachable` with the address and what can be done. */
export async function connectTemporal(place: TemporalPlace): Promise<TemporalConnections> {
  const client = await connectClient(place);
  try {
    const native = await NativeConnection.connect(optionsOf(place));
    return {
      client,
      native,
      async close() {
        await native.close();
        await client.close();
      },
    };
  } catch (error) {
    await client.close();
    throw unreachable(place.address, error);
  }
}

/** The connection for calls alone. Throws as `connectTemporal` does. */
export async function connectClient(place: TemporalPlace, timeoutMs = CONNECT_MS): Promise<Connection> {
  try {
    return await Connection.connect({ ...optionsOf(place), connectTimeout: timeoutMs });
  } catch (error) {
    throw unreachable(place.address, error);
  }
}

function optionsOf({ address, tls, apiKey }: TemporalPlace): Pick<NativeConnectionOptions, 'address' | 'tls' | 'apiKey'> {
  return { address, ...(apiKey === undefined ? {} : { apiKey }), ...(tls === undefined ? {} : { tls: tlsOf(tls) }) };
}

function tlsOf({ ca, pair, serverName }: TemporalTls): TLSConfig {
  return {
    ...(ca === undefined ? {} : { serverRootCACertificate: Buffer.from(ca) }),
    ...(pair === undefined ? {} : { clientCertPair: { crt: Buffer.from(pair.cert), key: Buffer.from(pair.key) } }),
    ...(serverName === undefined ? {} : { serverNameOverride: serverName }),
  };
}

function unreachable(address: string, cause: unknown): NightshiftError {
  const why = `Temporal at ${address} does not answer (${errorMessage(cause)}).`;
  return new NightshiftError('unreachable', `${why} Start it, or name another in TEMPORAL_ADDRESS; without an address Nightshift runs its own.`, [], { cause });
}
