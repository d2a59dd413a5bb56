import { lookup as systemLookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { addressKind, isAddress } from '../../domain/address';

/** One message to an address outside. `allowPrivate` also lets it go to a private network, and there without TLS. */
export interface OutsidePost {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly allowPrivate: boolean;
  /** Finds the addresses of a name; the system's way when absent. */
  readonly lookup?: typeof systemLookup;
}

/** Code of the error for an address that the message may not go to. */
export const ADDRESS_REFUSED = 'ADDRESS_REFUSED';
/** Code of the error when no answer came in time. */
export const NO_ANSWER = 'NO_ANSWER';

/**
 * Posts a message and returns the status of the answer. It goes by TLS, and to the internet; to a private network, and there without TLS too, only where that is allowed; to
 * link-local addresses never. The addresses of a name are looked at when the connection is made, so that a name cannot lead elsewhere meanwhile. No redirection is followed and
 * nothing of the answer is read. Throws an error with a `code`: one of the two above, or the system's.
 */
export async function postOutside(post: OutsidePost): Promise<number> {
  const url = new URL(post.url);
  const secure = url.protocol === 'https:';
  const permitted = (address: string): boolean => {
    const kind = addressKind(address);
    return kind === 'private' ? post.allowPrivate : kind === 'public' && secure;
  };
  if (!secure && !post.allowPrivate) throw refusal();
  // The system is not asked for the address of what is one.
  if (isAddress(url.hostname) && !permitted(url.hostname)) throw refusal();
  const signal = AbortSignal.timeout(post.timeoutMs);
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: post.headers, agent: false, signal, lookup: guarded(post.lookup ?? systemLookup, permitted) } as const;
    const sending = (secure ? httpsRequest : httpRequest)(url, options, (answer) => {
      resolve(answer.statusCode ?? 0);
      answer.destroy();
    });
    sending.once('error', (error) => reject(signal.aborted ? coded(NO_ANSWER, 'no answer in time') : error));
    sending.end(post.body);
  });
}

/** A look-up that gives only permitted addresses. */
function guarded(lookup: typeof systemLookup, permitted: (address: string) => boolean): LookupFunction {
  return (name, options, callback) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      const good = error ? [] : found.filter(({ address }) => permitted(address));
      const [first] = good;
      if (!first) callback(error ?? refusal(), '', 4);
      else if (options.all === true) callback(null, good);
      else callback(null, first.address, first.family);
    });
  };
}

function refusal(): NodeJS.ErrnoException {
  return coded(ADDRESS_REFUSED, 'the address may not be posted to');
}

function coded(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}
