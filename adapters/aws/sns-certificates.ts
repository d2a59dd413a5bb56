import { errorCode, errorMessage, NightshiftError } from '../../domain/errors';
import type { SnsCertificates } from '../../ports/sns';
import { bodyText } from '../local/http';

/** How certificates are fetched. */
export interface CertificateOptions {
  readonly timeoutMs: number;
  /** Sends the request; the system's way when absent. */
  readonly send?: typeof fetch;
}

/** A certificate has about 2 KiB. */
const LARGEST_BYTES = 16_384;
/** SNS signs with one at a time in a region, and changes it about once a year. */
const MOST_CACHED = 32;
/** Certificates that are fetched at the same time: whoever makes addresses up must not make us ask for each at once. */
const MOST_AT_ONCE = 4;

/** Certificates over HTTPS, without any redirection, and kept: what was fetched from an address once is what stands there. Their dates are checked at each use. */
export function snsCertificates({ timeoutMs, send = fetch }: CertificateOptions): SnsCertificates {
  const cached = new Map<string, string>();
  const underWay = new Map<string, Promise<string>>();
  return {
    async fetch(url) {
      const address = url.href;
      const known = cached.get(address);
      if (known !== undefined) return known;
      if (!underWay.has(address) && underWay.size >= MOST_AT_ONCE)
        throw new NightshiftError('unreachable', 'Too many certificates of SNS are fetched at once.');
      const fetching = underWay.get(address) ?? fetched(send, url, timeoutMs).finally(() => underWay.delete(address));
      underWay.set(address, fetching);
      const certificate = await fetching;
      const [oldest] = cached.keys();
      if (cached.size >= MOST_CACHED && oldest !== undefined) cached.delete(oldest);
      cached.set(address, certificate);
      return certificate;
    },
  };
}

async function fetched(send: typeof fetch, url: URL, timeoutMs: number): Promise<string> {
  try {
    const answer = await send(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    if (answer.status >= 500) throw new NightshiftError('unreachable', `The certificate of SNS could not be fetched: status ${String(answer.status)}.`);
    if (answer.status !== 200) throw new NightshiftError('unauthenticated', `At \`SigningCertURL\` is no certificate: status ${String(answer.status)}.`);
    return await bodyText(answer, LARGEST_BYTES);
  } catch (error) {
    if (errorCode(error) === 'too_large') throw new NightshiftError('unauthenticated', 'What stands at `SigningCertURL` is too large for a certificate.');
    if (errorCode(error) !== undefined) throw error;
    throw new NightshiftError('unreachable', `The certificate of SNS could not be fetched: ${errorMessage(error)}`);
  }
}
