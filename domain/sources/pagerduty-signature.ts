import { matchesHmac } from './hmac';

/** Signatures that are looked at: one for each secret in use, which is two while they change. More would only cost time. */
const MOST_SIGNATURES = 8;

/**
 * Whether one of the signatures of `X-PagerDuty-Signature` (`v1=…,v1=…`) is by one of our secrets: both sides may have two while a secret is changed. False without a header.
 * https://developer.pagerduty.com/docs/webhooks-signatures
 */
export function isSignedByPagerDuty(bytes: Uint8Array, header: string | undefined, secrets: readonly string[]): boolean {
  const signatures = (header ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text.startsWith('v1='))
    .slice(0, MOST_SIGNATURES);
  return signatures.some((given) => secrets.some((secret) => matchesHmac({ bytes, secret, given, prefix: 'v1=' })));
}
