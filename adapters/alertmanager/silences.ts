import { NightshiftError, errorMessage } from '../../domain/errors';
import { readSilences } from '../../domain/quiet/alertmanager-silences';
import type { SilenceSource } from '../../ports/quiet';
import { readText } from '../local/http';

/** Where one Alertmanager is; times in milliseconds. */
export interface AlertmanagerOptions {
  /** Without a slash at its end. */
  readonly url: string;
  readonly everyMs: number;
  readonly timeoutMs: number;
  /** Bearer token. */
  readonly token?: string;
}

/** Some kilobytes a silence, and more silences than are read. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Silences of an Alertmanager by its API: `GET /api/v2/silences`. */
export function alertmanagerSilences({ url, everyMs, timeoutMs, token }: AlertmanagerOptions): SilenceSource {
  const headers = token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } };
  return {
    name: url,
    everyMs,
    async read() {
      const text = await readText(`${url}/api/v2/silences`, { timeoutMs, maxBytes: MAX_BYTES, ...headers });
      try {
        return readSilences(JSON.parse(text), url);
      } catch (error) {
        throw new NightshiftError('unreachable', `${url} did not answer with a list of silences: ${errorMessage(error).slice(0, 200)}`, [], { cause: error });
      }
    },
  };
}
