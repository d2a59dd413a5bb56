import { createSign } from 'node:crypto';
import { errorCode } from '../../../domain/errors';
import { signingCertUrl, snsMessage, stringToSign, verifySns } from '../../../domain/sources/sns-signature';
import type { SnsCheck, SnsMessage } from '../../../domain/sources/sns-signature';
import { wireMessage } from '../../../domain/sources/wire';
import { certificatePair } from '../../fakes/certificate';
import type { CertificatePair } from '../../fakes/certificate';

// A certificate begins with the second in which it is made.
const NOW = Date.now() + 60_000;
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:alarms';
const notification: SnsMessage = {
  ...{ Type: 'Notification', MessageId: 'm-1', TopicArn: TOPIC, Message: 'two\nlines', Subject: 'ALARM', Timestamp: new Date(NOW).toISOString() },
  ...{ SignatureVersion: '2', Signature: '', SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem' },
};
const confirmation: SnsMessage = { ...notification, Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?x' };

let amazon: CertificatePair;
let stranger: CertificatePair;

beforeAll(() => {
  amazon = certificatePair('sns.amazonaws.com');
  stranger = certificatePair('sns.example.com');
});

const signed = (message: SnsMessage, { key } = amazon): SnsMessage => ({
  ...message,
  Signature: createSign(message.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
    .update(stringToSign(message))
    .sign(key, 'base64'),
});
const verdict = (message: SnsMessage, check: Partial<SnsCheck> = {}): string => {
  try {
    verifySns(message, { certificate: amazon.certificate, topics: [TOPIC], now: NOW, maxAgeMs: 3_600_000, ...check });
    return 'ok';
  } catch (error) {
    expect(errorCode(error)).toBe('unauthenticated');
    return error instanceof Error ? error.message : '';
  }
};

test('the text that is signed has the fields of its type in the order of bytes, and a subject only where there is one', () => {
  const at = notification.Timestamp;
  const rest = `Timestamp\n${at}\nTopicArn\n${TOPIC}\nType\nNotification\n`;
  expect(stringToSign(notification)).toBe(`Message\ntwo\nlines\nMessageId\nm-1\nSubject\nALARM\n${rest}`);
  expect(stringToSign({ ...notification, Subject: undefined })).toBe(`Message\ntwo\nlines\nMessageId\nm-1\n${rest}`);
  const head = 'Message\ntwo\nlines\nMessageId\nm-1\nSubscribeURL\nhttps://sns.eu-west-1.amazonaws.com/?x\n';
  expect(stringToSign(confirmation)).toBe(`${head}Timestamp\n${at}\nToken\nt\nTopicArn\n${TOPIC}\nType\nSubscriptionConfirmation\n`);
});

test('what SNS signed is accepted, of every type', () => {
  expect(verdict(signed(notification))).toBe('ok');
  expect(verdict(signed(confirmation))).toBe('ok');
  expect(verdict(signed({ ...confirmation, Type: 'UnsubscribeConfirmation' }))).toBe('ok');
});

test.each([
  ['Message', 'other'],
  ['MessageId', 'm-2'],
  ['Subject', 'OK'],
  ['Subject', null],
  ['Timestamp', new Date(NOW + 1).toISOString()],
])('a message whose %s was altered is refused', (field, value) => {
  expect(verdict({ ...signed(notification), [field]: value })).toMatch('does not fit');
});

test('a confirmation without its token, an empty signature and one by another key are refused', () => {
  expect(verdict({ ...signed(confirmation), Token: undefined })).toMatch('no `Token`');
  expect(verdict(notification)).toMatch('does not fit');
  expect(verdict(signed(notification, stranger))).toMatch('does not fit');
});

test('version 1 is refused unless it is allowed, and a signature of one version is none of the other', () => {
  const old = signed({ ...notification, SignatureVersion: '1' });
  expect(verdict(old)).toMatch('version 1');
  expect(verdict(old, { allowVersion1: true })).toBe('ok');
  expect(verdict({ ...old, SignatureVersion: '2' })).toMatch('does not fit');
});

test('a message beyond the age limit, from the future or without a time is refused', () => {
  expect(verdict(signed(notification), { now: NOW + 3_600_001 })).toMatch('too old');
  expect(verdict(signed(notification), { now: NOW - 3_600_001 })).toMatch('too old');
  expect(verdict(signed({ ...notification, Timestamp: 'yesterday' }))).toMatch('too old');
  expect(verdict(signed(notification), { now: NOW + 2_000, maxAgeMs: 1_000 })).toMatch('too old');
});

test('a topic of somebody else is refused, as SNS signs for it just as well', () => {
  expect(verdict(signed({ ...notification, TopicArn: 'arn:aws:sns:eu-west-1:999999999999:alarms' }))).toMatch('topic');
});

test('a certificate of somebody else, one out of its time and one that is none are refused', () => {
  expect(verdict(signed(notification, stranger), { certificate: stranger.certificate })).toMatch('not of Amazon');
  const later = NOW + 3 * 86_400_000;
  expect(verdict(signed({ ...notification, Timestamp: new Date(later).toISOString() }), { now: later })).toMatch('not valid at this time');
  expect(verdict(signed(notification), { certificate: 'PEM' })).toMatch('cannot be read');
});

test.each([
  'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem',
  'https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-0123456789abcdef.pem',
])('the certificate may be fetched from %s', (text) => {
  expect(signingCertUrl({ SigningCertURL: text }).href).toBe(text);
});

test.each([
  'http://sns.eu-west-1.amazonaws.com/a.pem',
  'https://sns.eu-west-1.amazonaws.com.example.com/a.pem',
  'https://example.com/sns.eu-west-1.amazonaws.com/a.pem',
  'https://sns.eu-west-1.amazonaws.com@example.com/a.pem',
  'https://user:pass@sns.eu-west-1.amazonaws.com/a.pem',
  'https://sns.eu-west-1.amazonaws.com:8443/a.pem',
  'https://bucket.s3.amazonaws.com/a.pem',
  'https://sns.bucket.s3.amazonaws.com/a.pem',
  'https://sns.eu-west-1.amazonaws.com/a.pem?x=1',
  'https://sns.eu-west-1.amazonaws.com/a.txt',
  'https://sns.eu-west-1.amazonaws.com/a/../../b%2f.pem',
  'https://sns.amazonaws.com/a.pem',
  'file:///etc/a.pem',
  'EXAMPLE',
])('no certificate is fetched from %s', (text) => {
  expect(() => signingCertUrl({ SigningCertURL: text })).toThrow('no certificate of SNS');
  expect(verdict(signed({ ...notification, SigningCertURL: text }))).toMatch('no certificate of SNS');
});

test('what has no signature is unreadable', () => {
  expect(() => snsMessage(wireMessage(new TextEncoder().encode('{"Type":"Notification","Message":"x"}')))).toThrow(/not as this source sends it/);
  expect(snsMessage(wireMessage(new TextEncoder().encode(JSON.stringify(notification)))).MessageId).toBe('m-1');
});
