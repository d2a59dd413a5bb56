import { matchesHmac } from './hmac';

/**
 * Whether `X-TFE-Notification-Signature` (128 hex characters) is the HMAC-SHA-512 of exactly these bytes by one of our secrets. False without a header.
 * https://developer.hashicorp.com/terraform/cloud-docs/api-docs/notification-configurations#notification-authenticity
 */
export function isSignedByTerraform(bytes: Uint8Array, header: string | undefined, secrets: readonly string[]): boolean {
  // Every secret is tried, so that the time does not tell which one matched.
  return secrets.filter((secret) => matchesHmac({ bytes, secret, given: header?.trim(), prefix: '', algorithm: 'sha512' })).length > 0;
}
