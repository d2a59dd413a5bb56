import { createHmac } from 'node:crypto';
import type { WebhookNotifierOptions } from '../../../adapters/webhook/notifier';
import { createWebhookNotifier } from '../../../adapters/webhook/notifier';
import { NightshiftError } from '../../../domain/errors';
import type { Notifier } from '../../../ports/notifier';
import { SAMPLE_ID, sampleNotification } from '../../fakes/incident-samples';
import type { FakeWebhook } from '../../fakes/webhook';
import { startWebhook } from '../../fakes/webhook';

let hook: FakeWebhook;
beforeEach(async () => {
  hook = await startWebhook();
});
afterEach(() => hook.close());

function notifier(over: Partial<WebhookNotifierOptions> = {}): Notifier {
  return createWebhookNotifier({
    channel: 'ops',
    format: 'json',
    url: hook.url,
    timeoutMs: 2000,
    allowPrivate: true,
    clock: { now: () => 1_763_000_000_500 },
    ...over,
  });
}

async function failureOf(sender: Notifier): Promise<NightshiftError> {
  const error: unknown = await sender.send(sampleNotification('proposed')).then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof NightshiftError)) throw new Error(`no error of ours: ${String(error)}`);
  return error;
}

describe('a webhook notification', () => {
  it('carries the message, the incident and its id', async () => {
    await notifier().send(sampleNotification('proposed'));
    const { headers, body } = hook.received[0]!;
    expect(headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'nightshift-notification-id': `${SAMPLE_ID}/1/proposed` });
    expect(JSON.parse(body)).toMatchObject({
      type: 'nightshift.notification',
      version: 1,
      id: `${SAMPLE_ID}/1/proposed`,
      reason: 'proposed',
      text: expect.stringContaining('release 1.5.0 broke the checkout') as string,
      incident: { incidentId: SAMPLE_ID },
    });
  });

  it('is signed over its time and its exact body when there is a secret', async () => {
    await notifier({ secret: 'hush' }).send(sampleNotification('proposed'));
    const { headers, body } = hook.received[0]!;
    const mac = createHmac('sha256', 'hush').update(`1763000000.${body}`).digest('hex');
    expect(headers['nightshift-signature']).toBe(`t=1763000000,v1=${mac}`);
  });

  it('is not signed without a secret', async () => {
    await notifier().send(sampleNotification('proposed'));
    expect(hook.received[0]?.headers).not.toHaveProperty('nightshift-signature');
  });

  it.each([200, 202, 204])('is taken when the answer is %d', async (status) => {
    hook.answer(status);
    await expect(notifier().send(sampleNotification('proposed'))).resolves.toBeUndefined();
  });

  it.each([
    [429, 'rate_limited'],
    [500, 'unreachable'],
    [503, 'unreachable'],
    [400, 'refused'],
    [404, 'refused'],
    [302, 'refused'],
  ])('that is answered with %d fails as %s', async (status, code) => {
    hook.answer(status);
    const error = await failureOf(notifier());
    expect(error.code).toBe(code);
    expect(error.message).toContain(`"ops" answered with HTTP ${status}`);
  });

  it('follows no redirect', async () => {
    hook.answer(307);
    await failureOf(notifier());
    expect(hook.received).toHaveLength(1);
  });

  it('that gets no answer in time fails as unreachable', async () => {
    hook.answer(0);
    const error = await failureOf(notifier({ timeoutMs: 100 }));
    expect(error).toMatchObject({ code: 'unreachable', message: 'The notification channel "ops" gave no answer within 100 ms.' });
  });

  it('that finds nobody fails as unreachable', async () => {
    const url = hook.url;
    await hook.close();
    expect((await failureOf(notifier({ url }))).message).toBe('The notification channel "ops" cannot be reached (ECONNREFUSED).');
    hook = await startWebhook();
  });
});

describe('secrets of a channel', () => {
  it.each([404, 500, 302])('stand in no error when the answer is %d', async (status) => {
    hook.answer(status);
    const error = await failureOf(notifier({ secret: 'hush' }));
    const all = JSON.stringify({ message: error.message, stack: error.stack, problems: error.problems, cause: String(error.cause) });
    expect(all).not.toMatch(/s3cr3t-path|127\.0\.0\.1|hush/);
  });

  it('stand in no error when the connection fails', async () => {
    const error = await failureOf(notifier({ url: 'http://127.0.0.1:9/s3cr3t-path' }));
    expect(`${error.message} ${error.stack ?? ''} ${String(error.cause)}`).not.toContain('s3cr3t-path');
  });

  it.each(['not a url s3cr3t', 'ftp://host/s3cr3t'])('stand in no error when the address is bad', (url) => {
    const make = (): Notifier => notifier({ url });
    expect(make).toThrow('The address of the notification channel "ops" is not an http or https URL.');
  });

  it('must be there for PagerDuty', () => {
    expect(() => notifier({ format: 'pagerduty' })).toThrow('needs a routingKey');
  });
});
