import { matchesHmac } from './hmac';

/**
 * Whether `X-Hub-Signature-256` (`sha256=` and 64 hex characters) is over exactly these bytes by one of our secrets: there are two while a secret is changed. False without a header.
 * The older `X-Hub-Signature` (SHA-1) never counts. https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 */
export function isSignedByGitHub(bytes: Uint8Array, header: string | undefined, secrets: readonly string[]): boolean {
  // Every secret is tried, so that the time does not tell which one matched.
  return secrets.filter((secret) => matchesHmac({ bytes, secret, given: header?.trim(), prefix: 'sha256=' })).length > 0;
}
