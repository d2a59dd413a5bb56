import { defined } from '../domain/defined';
import { urlComplaint } from './fields';
import type { ConfigSource, WebhookSource } from './schema';
import type { Secrets } from './secrets';
import type { ChannelConfig } from './types';

const PAGERDUTY_URL = 'https://events.pagerduty.com/v2/enqueue';

/** Channels with their secrets read; without any in the file, the terminal. Mistakes are noted in `secrets`, and their channels left out. */
export function resolveNotifications(source: ConfigSource['notifications'], timeoutMs: number, secrets: Secrets): readonly ChannelConfig[] {
  if (source === undefined) return [{ channel: 'terminal', kind: 'terminal' }];
  return source.flatMap((each, i) => {
    if (each.kind === 'terminal') return [defined(each)];
    return resolveWebhook(each, `notifications.${i}`, timeoutMs, secrets) ?? [];
  });
}

function resolveWebhook(source: WebhookSource, path: string, timeoutMs: number, secrets: Secrets): ChannelConfig | undefined {
  const format = source.format ?? 'json';
  const url = resolveUrl(source, `${path}.url`, secrets);
  const routingKey = secrets.read(source.routingKey, `${path}.routingKey`);
  if (format === 'pagerduty' && source.routingKey === undefined) {
    secrets.problems.push({ path: `${path}.routingKey`, message: 'is missing; PagerDuty needs the integration key as {env: NAME} or {file: path}' });
  }
  if (format !== 'pagerduty' && source.routingKey !== undefined) {
    secrets.problems.push({ path: `${path}.routingKey`, message: `is only for the format pagerduty; this channel's format is ${format}` });
  }
  if (url === undefined) return undefined;
  const secret = secrets.read(source.secret, `${path}.secret`);
  return defined({ channel: source.channel, kind: source.kind, format, url, secret, routingKey, on: source.on, timeoutMs: source.timeout ?? timeoutMs });
}

function resolveUrl(source: WebhookSource, path: string, secrets: Secrets): string | undefined {
  if (source.url === undefined) {
    if (source.format === 'pagerduty') return PAGERDUTY_URL;
    secrets.problems.push({ path, message: 'is missing; write the URL to post to' });
    return undefined;
  }
  const url = typeof source.url === 'string' ? source.url : secrets.read(source.url, path);
  if (url === undefined) return undefined;
  const complaint = urlComplaint(url) ?? (typeof source.url === 'string' ? openSlackUrl(source.format, url) : undefined);
  if (complaint === undefined) return url;
  secrets.problems.push({ path, message: complaint });
  return undefined;
}

/** Whoever knows the URL of a Slack incoming webhook can post to it, so it is a secret; one on this machine is a test. */
function openSlackUrl(format: WebhookSource['format'], url: string): string | undefined {
  const local = ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname);
  if (format !== 'slack' || local) return undefined;
  return 'is a secret, as whoever knows it can post; write {env: NAME} or {file: path}';
}
