import { createVerify, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { NightshiftError } from '../errors';
import { awsTime } from './aws-times';
import type { WireMessage } from './source';
import { readAs } from './wire';

const schema = z.looseObject({
  ...{
    Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
    MessageId: z.string(),
    TopicArn: z.string(),
    Message: z.string(),
  },
  ...{ Timestamp: z.string(), SignatureVersion: z.enum(['1', '2']), Signature: z.string(), SigningCertURL: z.string() },
  ...{ Subject: z.string().nullish(), SubscribeURL: z.string().optional(), Token: z.string().optional() },
});

/** A message that SNS posts over HTTP, with all that its signature is about. https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html */
export type SnsMessage = z.output<typeof schema>;

/** What a message must be, whoever signed it. */
export interface SnsRules {
  /** ARNs of the topics that may send: SNS signs the messages of everybody's topics. */
  readonly topics: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
  /** How far the time of the message may lie from now, in milliseconds. SNS repeats a delivery under its first time, so this is also how late a repeat is taken. */
  readonly maxAgeMs: number;
  /** Takes version 1 (SHA-1) as well, which topics use that nobody has set to 2. */
  readonly allowVersion1?: boolean;
}

/** What a signature is checked against. */
export interface SnsCheck extends SnsRules {
  /** The certificate behind `SigningCertURL`, in PEM. It must have been fetched from the address that `checkSnsRules` gave. */
  readonly certificate: string;
}

/** Reads a message of SNS for its check. Throws `unreadable`. */
export function snsMessage(message: WireMessage): SnsMessage {
  return readAs(message, schema);
}

const NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const;
const CONFIRMATION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const;

/** The text that SNS signs: names and values of the fields of this type, each on a line of its own, in the order of bytes. Throws `unauthenticated` where one is missing. */
export function stringToSign(message: SnsMessage): string {
  return (message.Type === 'Notification' ? NOTIFICATION : CONFIRMATION)
    .filter((name) => name !== 'Subject' || (message.Subject ?? undefined) !== undefined)
    .map((name) => {
      const value = message[name] ?? undefined;
      if (value === undefined) throw refused(`The message has no \`${name}\`, which its signature is about.`);
      return `${name}\n${value}\n`;
    })
    .join('');
}

/** The address of the certificate, where it is one of SNS: https, a host `sns.<region>.amazonaws.com` (or `.com.cn`) and a `.pem`. Throws `unauthenticated` for any other, which must not be fetched. Follow no redirect from it. */
export function signingCertUrl({ SigningCertURL: text }: Pick<SnsMessage, 'SigningCertURL'>): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url?.username === '' && url.password === '' && url.port === '' && url.search === '' && url.hash === '';
  const host = /^sns\.[a-z0-9-]{3,}\.amazonaws\.com(?:\.cn)?$/.test(url?.hostname ?? '');
  if (!url || url.protocol !== 'https:' || !plain || !host || !/^\/[\w.-]+\.pem$/.test(url.pathname)) {
    throw refused('`SigningCertURL` is no certificate of SNS.');
  }
  return url;
}

/** Checks all of a message that needs no certificate, and gives the address to fetch that from. Throws `unauthenticated` with the reason. */
export function checkSnsRules(message: SnsMessage, { topics, now, maxAgeMs, allowVersion1 = false }: SnsRules): URL {
  if (!topics.includes(message.TopicArn)) throw refused('The topic is none that may send here.');
  if (message.SignatureVersion === '1' && !allowVersion1) throw refused('The signature is of version 1: set SignatureVersion of the topic to 2.');
  const at = awsTime(message.Timestamp);
  if (at === undefined || Math.abs(now - at) > maxAgeMs) throw refused('The message is too old, or from the future.');
  return signingCertUrl(message);
}

/** Checks topic, age, certificate and signature of a message. Throws `unauthenticated` with the reason. It says nothing about repeats: keep `MessageId` for `maxAgeMs` for that. */
export function verifySns(message: SnsMessage, check: SnsCheck): void {
  checkSnsRules(message, check);
  const key = keyOf(check.certificate, check.now);
  const verify = createVerify(message.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256').update(stringToSign(message), 'utf8');
  if (!verify.verify(key, message.Signature, 'base64')) throw refused('The signature does not fit the message.');
}

function keyOf(certificate: string, now: number) {
  const read = readCertificate(certificate);
  if (!(Date.parse(read.validFrom) <= now && now <= Date.parse(read.validTo))) throw refused('The certificate is not valid at this time.');
  if (!/(?:^|\n)CN=(?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?(?:\n|$)/.test(read.subject)) throw refused('The certificate is not of Amazon.');
  if (read.publicKey.asymmetricKeyType !== 'rsa') throw refused('The certificate has no RSA key.');
  return read.publicKey;
}

function readCertificate(certificate: string): X509Certificate {
  try {
    return new X509Certificate(certificate);
  } catch {
    throw refused('The certificate cannot be read.');
  }
}

function refused(why: string): NightshiftError {
  return new NightshiftError('unauthenticated', why);
}
