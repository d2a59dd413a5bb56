import { createWebhookNotifier } from '../../../adapters/webhook/notifier';
import type { IncidentReason } from '../../../domain/incident-view';
import type { Severity } from '../../../domain/names';
import type { Notification } from '../../../domain/notification';
import { SAMPLE_ID, sampleNotification, sampleView } from '../../fakes/incident-samples';
import type { FakeWebhook } from '../../fakes/webhook';
import { startWebhook } from '../../fakes/webhook';
import { pagerdutyEvent, slackMessage } from './vendor-schemas';

const ROUTING_KEY = '0123456789abcdef0123456789abcdef';
const REASONS: readonly IncidentReason[] = [
  'opened',
  'joined',
  'proposed',
  'suggested',
  'reminder',
  'approved',
  'verified',
  'resolved',
  'escalated',
  'relapsed',
  'no-action',
  'break-glass',
  'handed-over',
  'brake',
  'stalled',
];

let hook: FakeWebhook;
beforeEach(async () => {
  hook = await startWebhook();
});
afterEach(() => hook.close());

async function delivered(format: 'slack' | 'pagerduty', notification: Notification): Promise<unknown> {
  const options = {
    channel: 'ops',
    format,
    url: hook.url,
    routingKey: ROUTING_KEY,
    timeoutMs: 2000,
    allowPrivate: true,
    apiUrl: 'https://nightshift.example.com',
    clock: { now: () => 0 },
  };
  await createWebhookNotifier(options).send(notification);
  return JSON.parse(hook.received.at(-1)?.body ?? '');
}

const hostile = sampleView({
  title: `<!channel> & <@U123> <http://evil.example|click> ${'<&>'.repeat(2000)}`,
  affected: '@here everyone',
  severity: 'sev1',
});

describe('the Slack format', () => {
  it.each(REASONS)('is a message that Slack takes: %s', async (reason) => {
    const body = await delivered('slack', sampleNotification(reason));
    expect(() => slackMessage.parse(body)).not.toThrow();
  });

  it('keeps to the limits and mentions nobody, whatever outside text says', async () => {
    const parsed = slackMessage.parse(await delivered('slack', sampleNotification('proposed', { view: hostile })));
    expect(JSON.stringify(parsed)).toContain('&lt;!channel&gt; &amp; &lt;@U123&gt;');
  });

  it('shortens a part that is too long without breaking an escape', async () => {
    const wide = sampleView({
      diagnosis: { ...sampleView().diagnosis!, ruledOut: Array.from({ length: 3 }, () => ({ title: '&'.repeat(120), reason: '<'.repeat(900), evidence: [] })) },
    });
    const body = await delivered('slack', sampleNotification('proposed', { view: wide }));
    expect(() => slackMessage.parse(body)).not.toThrow();
  });

  it('gives the command as text to copy', async () => {
    const body = slackMessage.parse(await delivered('slack', sampleNotification('proposed')));
    const answer = body.blocks.find((block) => block.type === 'section' && block.text.text.startsWith('*Answer*'));
    expect(answer).toMatchObject({ text: { text: expect.stringContaining(`\`\`\`npx nightshift incident approve ${SAMPLE_ID}`) as string } });
  });
});

describe('the PagerDuty format', () => {
  it.each(REASONS)('is an event that PagerDuty takes, under the incident id, or as one of its own: %s', async (reason) => {
    const event = pagerdutyEvent.parse(await delivered('pagerduty', sampleNotification(reason)));
    expect(event).toMatchObject({ routing_key: ROUTING_KEY, dedup_key: reason === 'brake' ? `${SAMPLE_ID}/1/brake` : SAMPLE_ID });
  });

  it.each<[IncidentReason, string]>([
    ['opened', 'trigger'],
    ['proposed', 'trigger'],
    ['escalated', 'trigger'],
    ['approved', 'acknowledge'],
    ['handed-over', 'acknowledge'],
    ['resolved', 'resolve'],
  ])('%s is a %s', async (reason, action) => {
    expect(await delivered('pagerduty', sampleNotification(reason))).toMatchObject({ event_action: action });
  });

  it.each<[Severity, string]>([
    ['sev1', 'critical'],
    ['sev2', 'error'],
    ['sev3', 'warning'],
    ['sev4', 'info'],
  ])('%s is %s', async (severity, theirs) => {
    const body = await delivered('pagerduty', sampleNotification('opened', { view: sampleView({ severity }) }));
    expect(body).toMatchObject({ payload: { severity: theirs } });
  });

  it('says where, when and what, with a link', async () => {
    const body = await delivered('pagerduty', sampleNotification('proposed'));
    expect(body).toMatchObject({
      payload: {
        summary: '[SEV2] bookshop (demo): your approval is needed: Checkout fails for a quarter of the requests',
        source: 'demo/bookshop',
        component: 'bookshop',
        timestamp: '2026-11-20T14:05:00.000Z',
        custom_details: { incident: SAMPLE_ID, Undo: 'deploy release 1.5.0 on bookshop' },
      },
      links: [{ href: `https://nightshift.example.com/#/incidents/${SAMPLE_ID}` }],
    });
  });

  it('keeps to the limit of the summary', async () => {
    const body = await delivered('pagerduty', sampleNotification('proposed', { view: hostile }));
    expect(() => pagerdutyEvent.parse(body)).not.toThrow();
  });
});
