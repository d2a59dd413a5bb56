import { createHmac, createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { LightMyRequestResponse } from 'fastify';
import type { ApiDeps } from '../../api/types';
import { packageRoot } from '../../config/package-root';
import type { SourcesConfig } from '../../config/types';
import { NightshiftError } from '../../domain/errors';
import { stringToSign } from '../../domain/sources/sns-signature';
import type { SnsMessage } from '../../domain/sources/sns-signature';
import { createLog } from '../../workers/log';
import { certificatePair } from '../fakes/certificate';
import { harness } from './harness';
import type { Harness } from './harness';

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:alarms';
const SOURCES: SourcesConfig = {
  signed: [
    { by: 'secret', name: 'terraform', secrets: ['terraform token'] },
    { by: 'secret', name: 'github', secrets: ['the old secret', 'the new secret'] },
    { by: 'secret', name: 'pagerduty', secrets: ['pager secret'] },
    { by: 'sns', name: 'cloudwatch', topics: [TOPIC] },
  ],
  mapped: [],
};
const sample = (name: string): Buffer => readFileSync(join(packageRoot(), 'test', 'samples', name));
const DEPLOYMENT = sample('github/deployment-status-rollback.json');
const PAGE = sample('pagerduty/triggered.json');
const RUN = sample('terraform/run-applied.json');
const VERIFICATION = sample('terraform/verification.json');

/** A harness whose log is read, at a time of its own. */
async function door(now: string, deps: Partial<ApiDeps> = {}): Promise<Harness & { logged(): string }> {
  const lines = new PassThrough();
  let text = '';
  lines.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const h = await harness({ deps: { sources: SOURCES, clock: { now: () => Date.parse(now) }, log: createLog('warn', lines), ...deps } });
  return { ...h, logged: () => text };
}
const answerOf = (answer: LightMyRequestResponse): readonly unknown[] => [answer.statusCode, answer.json().code, answer.json().detail];
const REFUSED = [401, 'unauthenticated', 'The message is refused.'];
const hmac = (secret: string, body: Buffer): string => createHmac('sha256', secret).update(body).digest('hex');

describe('GitHub', () => {
  const URL = '/v1/sources/github';
  const AT = '2026-02-28T09:00:00Z';
  const headers = (secret: string, body = DEPLOYMENT) => ({ 'x-github-event': 'deployment_status', 'x-hub-signature-256': `sha256=${hmac(secret, body)}` });

  test.each(['the old secret', 'the new secret'])('what %s signed comes in without a key', async (secret) => {
    const h = await door(AT);
    const answer = await h.call(undefined, 'POST', URL, DEPLOYMENT, headers(secret));
    expect([answer.statusCode, answer.json().changes]).toEqual([202, { accepted: 1 }]);
    expect(h.store.changeRows.size).toBe(1);
  });

  test.each([
    ['forged', headers('another secret'), 'No secret of ours has signed it.'],
    ['not signed', {}, 'No secret of ours has signed it.'],
    ['signed over other bytes', headers('the new secret', PAGE), 'No secret of ours has signed it.'],
  ])('what is %s is refused; the caller is not told why, the log is', async (_what, given, reason) => {
    const h = await door(AT);
    expect(answerOf(await h.call(undefined, 'POST', URL, DEPLOYMENT, given))).toEqual(REFUSED);
    expect([h.store.changeRows.size, h.store.setAside.rows.size]).toEqual([0, 0]);
    expect(JSON.parse(h.logged())).toMatchObject({ source: 'github', reason });
  });

  test('the same message comes in once, whatever its headers say', async () => {
    const h = await door(AT);
    await h.call(undefined, 'POST', URL, DEPLOYMENT, headers('the new secret'));
    const again = await h.call(undefined, 'POST', URL, DEPLOYMENT, { ...headers('the new secret'), 'x-github-delivery': 'another', 'x-github-event': 'push' });
    expect(answerOf(again)).toEqual(REFUSED);
    expect(JSON.parse(h.logged())).toMatchObject({ reason: 'It was taken in before.' });
  });

  test('what could not be committed is not taken for a repetition when it is sent again', async () => {
    const h = await door(AT);
    const accept = jest.spyOn(h.store.changes, 'record').mockRejectedValueOnce(new NightshiftError('unreachable', 'gone'));
    expect((await h.call(undefined, 'POST', URL, DEPLOYMENT, headers('the new secret'))).statusCode).toBe(503);
    expect((await h.call(undefined, 'POST', URL, DEPLOYMENT, headers('the new secret'))).statusCode).toBe(202);
    expect(accept).toHaveBeenCalledTimes(2);
  });

  test('a message of last month is refused', async () => {
    const h = await door('2026-12-01T00:00:00Z');
    expect(answerOf(await h.call(undefined, 'POST', URL, DEPLOYMENT, headers('the new secret')))).toEqual(REFUSED);
    expect(JSON.parse(h.logged())).toMatchObject({ reason: 'It is too old, or from the future.' });
  });

  test('a key opens the door too, and a wrong one does not, whatever is signed', async () => {
    const h = await door(AT);
    expect((await h.call('responder', 'POST', URL, DEPLOYMENT)).statusCode).toBe(202);
    const wrong = await h.call(undefined, 'POST', URL, DEPLOYMENT, { ...headers('the new secret'), authorization: 'Bearer nsk_wrong' });
    expect([wrong.statusCode, wrong.json().code]).toEqual([401, 'unauthenticated']);
  });

  test('a source without a secret needs a key', async () => {
    const h = await door(AT, { sources: { signed: [], mapped: [] } });
    expect((await h.call(undefined, 'POST', URL, DEPLOYMENT, headers(''))).statusCode).toBe(401);
    expect((await h.call(undefined, 'POST', '/v1/sources/alertmanager', DEPLOYMENT)).statusCode).toBe(401);
  });

  test('a flood of forgeries is told of so far, and does not keep out what is signed', async () => {
    const h = await door(AT);
    for (let i = 0; i < 150; i += 1) await h.call(undefined, 'POST', URL, DEPLOYMENT, headers('another secret'));
    expect(h.logged().trim().split('\n')).toHaveLength(20);
    expect((await h.call(undefined, 'POST', URL, DEPLOYMENT, headers('the new secret'))).statusCode).toBe(202);
  });
});

describe('PagerDuty', () => {
  const URL = '/v1/sources/pagerduty';
  const at = (JSON.parse(PAGE.toString()) as { event: { occurred_at: string } }).event.occurred_at;

  test('what its secret signed comes in; a forgery and what is old do not', async () => {
    const signed = { 'x-pagerduty-signature': `v1=${hmac('a secret of before', PAGE)},v1=${hmac('pager secret', PAGE)}` };
    const h = await door(at);
    expect((await h.call(undefined, 'POST', URL, PAGE, { 'x-pagerduty-signature': `v1=${hmac('x', PAGE)}` })).statusCode).toBe(401);
    expect((await h.call(undefined, 'POST', URL, PAGE, signed)).json().alerts).toEqual({ accepted: 1, duplicates: 0 });
    expect(answerOf(await h.call(undefined, 'POST', URL, PAGE, signed))).toEqual(REFUSED);
    const late = await door(new Date(Date.parse(at) + 8 * 86_400_000).toISOString());
    expect(answerOf(await late.call(undefined, 'POST', URL, PAGE, signed))).toEqual(REFUSED);
  });
});

describe('HCP Terraform', () => {
  const URL = '/v1/sources/terraform';
  const header = (body: Buffer, secret = 'terraform token') => ({ 'x-tfe-notification-signature': createHmac('sha512', secret).update(body).digest('hex') });
  const at = (JSON.parse(RUN.toString()) as { notifications: { run_updated_at: string }[] }).notifications[0]?.run_updated_at ?? '';

  test('what its token signed comes in once; a forgery and what is old do not', async () => {
    const h = await door(at);
    expect((await h.call(undefined, 'POST', URL, RUN, header(RUN, 'x'))).statusCode).toBe(401);
    expect((await h.call(undefined, 'POST', URL, RUN, header(RUN))).json().changes).toEqual({ accepted: 1 });
    expect(answerOf(await h.call(undefined, 'POST', URL, RUN, header(RUN)))).toEqual(REFUSED);
    const late = await door(new Date(Date.parse(at) + 8 * 86_400_000).toISOString());
    expect(answerOf(await late.call(undefined, 'POST', URL, RUN, header(RUN)))).toEqual(REFUSED);
  });

  test('its verification of the address, which is the same bytes each time, is answered well each time', async () => {
    const h = await door(at);
    for (let i = 0; i < 2; i += 1) expect((await h.call(undefined, 'POST', URL, VERIFICATION, header(VERIFICATION))).statusCode).toBe(202);
  });
});

describe('Amazon SNS', () => {
  const URL = '/v1/sources/cloudwatch';
  const { key, certificate } = certificatePair('sns.amazonaws.com');
  // A certificate begins with the second in which it is made.
  const NOW = new Date(Date.now() + 60_000).toISOString();
  const alarm = JSON.parse(sample('cloudwatch/sns-http-alarm.json').toString()) as SnsMessage;
  const base: SnsMessage = {
    ...{ ...alarm, Type: 'Notification', TopicArn: TOPIC, Timestamp: NOW, SignatureVersion: '2' },
    ...{ SigningCertURL: 'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123.pem' },
  };
  const asking: SnsMessage = { ...base, Type: 'SubscriptionConfirmation', Token: 'token-1', SubscribeURL: 'https://sns.eu-central-1.amazonaws.com/?Action=x' };
  const signed = (message: SnsMessage): Buffer => {
    const hash = message.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
    return Buffer.from(JSON.stringify({ ...message, Signature: createSign(hash).update(stringToSign(message)).sign(key, 'base64') }));
  };
  let fetched: string[];
  let confirmed: string[];
  const open = (sns: Partial<ApiDeps['sns']> = {}) => {
    [fetched, confirmed] = [[], []];
    return door(NOW, {
      sns: {
        certificates: {
          fetch: async ({ href }) => {
            fetched.push(href);
            return certificate;
          },
        },
        subscriptions: { confirm: async (topic, token) => void confirmed.push(`${topic} ${token}`) },
        ...sns,
      },
    });
  };
  const post = (h: Harness, body: Buffer) => h.call(undefined, 'POST', URL, body, { 'content-type': 'text/plain; charset=UTF-8' });

  test('an alarm that SNS signed for our topic comes in without a key, once', async () => {
    const h = await open();
    expect((await post(h, signed(base))).json().alerts).toEqual({ accepted: 1, duplicates: 0 });
    expect(fetched).toEqual([base.SigningCertURL]);
    const again = JSON.stringify(JSON.parse(signed(base).toString()), undefined, 1);
    expect(answerOf(await post(h, Buffer.from(again)))).toEqual(REFUSED);
  });

  test.each([
    ['of another topic', { TopicArn: `${TOPIC}-of-others` }, /topic/],
    ['an hour and a minute old', { Timestamp: new Date(Date.parse(NOW) - 61 * 60_000).toISOString() }, /too old/],
    ['from tomorrow', { Timestamp: new Date(Date.parse(NOW) + 86_400_000).toISOString() }, /future/],
    ['with a certificate of another host', { SigningCertURL: 'https://sns.eu-central-1.amazonaws.com.evil.example/a.pem' }, /SigningCertURL/],
    ['with a certificate over http', { SigningCertURL: 'http://sns.eu-central-1.amazonaws.com/a.pem' }, /SigningCertURL/],
    ['with a signature of version 1', { SignatureVersion: '1' as const }, /version 1/],
  ])('a message %s is refused before anything is fetched', async (_what, over, reason) => {
    const h = await open();
    expect(answerOf(await post(h, signed({ ...base, ...over })))).toEqual(REFUSED);
    expect([fetched, h.store.inbox.waiting.length]).toEqual([[], 0]);
    expect(JSON.parse(h.logged())).toMatchObject({ source: 'cloudwatch', reason: expect.stringMatching(reason) as string });
  });

  test.each([
    ['whose text was altered', Buffer.from(JSON.stringify({ ...JSON.parse(signed(base).toString()), Message: '{}' }))],
    ['that is no JSON', Buffer.from('SNS')],
    ['that is not of SNS', Buffer.from('{"AlarmName":"x"}')],
  ])('a message %s is refused, and not set aside', async (_what, body) => {
    const h = await open();
    expect(answerOf(await post(h, body))).toEqual(REFUSED);
    expect([h.store.inbox.waiting.length, h.store.setAside.rows.size]).toEqual([0, 0]);
  });

  test('while the certificate cannot be fetched SNS is asked to send it again, and is then believed', async () => {
    const h = await open({ certificates: { fetch: () => Promise.reject(new NightshiftError('unreachable', 'no route to 10.1.2.3')) } });
    const answer = await post(h, signed(base));
    expect([...answerOf(answer), answer.headers['retry-after']]).toEqual([503, 'unreachable', 'The message cannot be checked now. Send it again.', '5']);
    expect(h.logged()).toContain('no route to 10.1.2.3');
  });

  test('a subscription to our topic is confirmed by its token, once', async () => {
    const h = await open();
    const answer = await post(h, signed(asking));
    expect([answer.statusCode, answer.json().leftAside]).toEqual([202, [`a subscription to ${TOPIC}, which is confirmed now`]]);
    expect((await post(h, signed(asking))).statusCode).toBe(401);
    expect(confirmed).toEqual([`${TOPIC} token-1`]);
  });

  test('a subscription to a topic of others is never confirmed', async () => {
    const h = await open();
    expect(answerOf(await post(h, signed({ ...asking, TopicArn: `${TOPIC}-of-others` })))).toEqual(REFUSED);
    expect(confirmed).toEqual([]);
  });

  test('a confirmation that failed may come again', async () => {
    let tries = 0;
    const confirm = (): Promise<void> => ((tries += 1) === 1 ? Promise.reject(new NightshiftError('unreachable', 'AuthorizationError')) : Promise.resolve());
    const h = await open({ subscriptions: { confirm } });
    expect((await post(h, signed(asking))).statusCode).toBe(503);
    expect((await post(h, signed(asking))).statusCode).toBe(202);
    expect(h.logged()).toContain('AuthorizationError');
  });

  test('the end of a subscription is not undone, and is told in the log', async () => {
    const h = await open();
    expect((await post(h, signed({ ...asking, Type: 'UnsubscribeConfirmation' }))).statusCode).toBe(202);
    expect([confirmed, h.logged().includes('a subscription was ended')]).toEqual([[], true]);
  });
});
