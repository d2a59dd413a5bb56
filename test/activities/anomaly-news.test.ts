import { withAnomalies } from '../../activities/anomaly-news';
import { createTerminalNotifier } from '../../adapters/terminal/notifier';
import { createWebhookNotifier } from '../../adapters/webhook/notifier';
import type { IncidentReason } from '../../domain/incident-view';
import type { AnomalyNews } from '../../domain/notification';
import { sampleNotification, sampleView } from '../fakes/incident-samples';
import { MemoryAnomalies } from '../fakes/memory-anomalies';
import { sampleRecord } from '../fakes/sample-anomaly';
import type { FakeWebhook } from '../fakes/webhook';
import { startWebhook } from '../fakes/webhook';
import { pagerdutyEvent, slackMessage } from '../adapters/webhook/vendor-schemas';

const records = ['errorShare', 'latencyP95Ms', 'requests', 'queue'].map((measure) => sampleRecord({ measure, label: measure }));
const about = (ids: readonly string[]) =>
  sampleView({ alerts: ids.map((anomaly, i) => ({ ...sampleView().alerts[0]!, fingerprint: `f${String(i)}`, anomaly })) });
const view = about(records.map(({ id }) => id));

let hook: FakeWebhook;
let anomalies: MemoryAnomalies;
beforeEach(async () => {
  hook = await startWebhook();
  anomalies = new MemoryAnomalies();
  for (const record of records) await anomalies.put(record);
});
afterEach(() => hook.close());

async function sent(reason: IncidentReason, over: object = {}, format: 'json' | 'slack' | 'pagerduty' = 'json', of = view): Promise<Record<string, unknown>> {
  const options = { channel: 'ops', format, url: hook.url, routingKey: '0123456789abcdef0123456789abcdef', timeoutMs: 2000, allowPrivate: true };
  const notifier = createWebhookNotifier({ ...options, clock: { now: () => 0 } });
  const [channel] = withAnomalies([notifier], { anomalies, log: { warn: () => undefined }, ...over });
  await channel?.send(sampleNotification(reason, { view: of }));
  return JSON.parse(hook.received.at(-1)?.body ?? '{}') as Record<string, unknown>;
}

test('a webhook gets the sentences and pictures of the first three anomalies', async () => {
  const body = (await sent('opened')) as { anomalies: AnomalyNews[]; text: string };
  expect(body.anomalies.map(({ id }) => id)).toEqual(records.slice(0, 3).map(({ id }) => id));
  expect(body.anomalies[0]).toMatchObject({
    text: expect.stringContaining('errorShare: 25 % is above') as string,
    svg: expect.stringContaining('<svg') as string,
  });
  expect(
    Buffer.from(body.anomalies[0]?.png ?? '', 'base64')
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
  expect(body.text).toContain('not seen in the 21 days that are remembered');
});

test('the addresses of the pictures come where people can reach the API', async () => {
  const body = (await sent('proposed', { apiUrl: 'https://night.example.com' })) as { anomalies: AnomalyNews[] };
  expect(body.anomalies[0]?.links?.anomaly).toBe(`https://night.example.com/v1/anomalies/${records[0]?.id ?? ''}`);
});

test('the end of an incident, and one without an anomaly, carries none', async () => {
  expect(await sent('resolved')).not.toHaveProperty('anomalies');
  expect(await sent('opened', {}, 'json', sampleView())).not.toHaveProperty('anomalies');
  expect(await sent('opened', {}, 'json', about(['ano-forgotten']))).not.toHaveProperty('anomalies');
});

test('a store that does not answer keeps no message back', async () => {
  const broken = { get: () => Promise.reject(new Error('the store is away')) };
  const warned: string[] = [];
  const body = await sent('opened', { anomalies: broken, log: { warn: (_fields: object, message: string) => warned.push(message) } });
  expect([body['reason'], body['anomalies'], warned.length]).toEqual(['opened', undefined, 1]);
});

test('Slack and PagerDuty take the message with the sentences', async () => {
  const slack = await sent('opened', {}, 'slack');
  expect(() => slackMessage.parse(slack)).not.toThrow();
  expect(JSON.stringify(slack)).toContain('25 % is above the expected');
  const page = await sent('opened', {}, 'pagerduty');
  expect(() => pagerdutyEvent.parse(page)).not.toThrow();
  expect(JSON.stringify(page)).toContain('25 % is above the expected');
});

test('a terminal prints the sentences, still within a screen', async () => {
  let text = '';
  const terminal = createTerminalNotifier({ channel: 'terminal', write: (part) => (text += part) });
  const [channel] = withAnomalies([terminal], { anomalies, log: { warn: () => undefined } });
  await channel?.send(sampleNotification('proposed', { view }));
  expect(text).toMatch(/Anomaly +errorShare: 25 % is above the expected 0 % to 3 %, for 10 m since .*remembered\./);
  expect(text.trim().split('\n').length).toBeLessThanOrEqual(24);
});
