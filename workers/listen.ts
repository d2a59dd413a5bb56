import type { FastifyInstance } from 'fastify';
import { errorMessage, NightshiftError } from '../domain/errors';

/** Opens the HTTP door of a section (`api` or `worker`) of the configuration; returns its address. Throws `locked` when another program has the port, `invalid_config` when the address is not one of this machine. */
export async function listen(
  door: Pick<FastifyInstance, 'listen'>,
  { host, port }: { readonly host: string; readonly port: number },
  section: 'api' | 'worker' = 'api',
): Promise<string> {
  try {
    return await door.listen({ host, port });
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (taken)
      throw new NightshiftError(
        'locked',
        `Another program listens on port ${String(port)} of ${host}. Stop it, or choose another ${section}.port (0 takes any free one).`,
      );
    throw new NightshiftError(
      'invalid_config',
      `The ${section === 'api' ? 'API' : 'health of the worker'} cannot listen at ${host}, port ${String(port)}: ${errorMessage(error)}.`,
      [],
      { cause: error },
    );
  }
}
