/** Certificates that Amazon SNS signs with. */
export interface SnsCertificates {
  /** The certificate at an address that `checkSnsRules` allows, in PEM. Throws `unauthenticated` where none is there, `unreachable` where nothing answers. */
  fetch(url: URL): Promise<string>;
}

/** Subscriptions to topics of Amazon SNS. */
export interface SnsSubscriptions {
  /** Confirms one by the token that came with the message. Idempotent. Throws `unreachable` with the reason of AWS when it was not confirmed. */
  confirm(topicArn: string, token: string): Promise<void>;
}

/** What the doors need of Amazon SNS. */
export interface Sns {
  readonly certificates: SnsCertificates;
  readonly subscriptions: SnsSubscriptions;
}
