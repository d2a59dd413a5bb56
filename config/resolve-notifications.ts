import { addressKind, isAddress } from '../domain/address';
import { defined } from '../domain/defined';
import { urlComplaint } from './fields';
import type { SecretRef } from './fields';
import type { ConfigSource, WebhookSource } from './schema';
import type { Secrets } from './secrets';
import type { Defaults } from './defaults';
import type { ChannelConfig, HeartbeatConfig } from './types';

const PAGERDUTY_URL = 'https://events.pagerduty.com/v2/enqueue';

/** Channels with their secrets read; without any in the file, the terminal. Mistakes are noted in `secrets`, and their channels left out. */
export function resolveNotifications(source: ConfigSource['notifications'], timeoutMs: number, secrets: Secrets): readonly ChannelConfig[] {
  if (source === undefined) return [{ channel: 'terminal', kind: 'terminal' }];
  return source.flatMap((each, i) => {
    if (each.kind === 'terminal') return [defined(each)];
    return resolveWebhook(each, `notifications.${i}`, timeoutMs, secrets) ?? [];
  });
}

interface PlaceSource {
  readonly url: string | SecretRef;
  readonly allowPrivate?: boolean | undefined;
  readonly open?: (url: string) => string | undefined;
}

/** The URL that heartbeats go to, under the same rules as a webhook's. */
export function resolveHeartbeat(
  source: ConfigSource['heartbeat'],
  { webhookTimeoutMs, heartbeatEveryMs }: Pick<Defaults, 'webhookTimeoutMs' | 'heartbeatEveryMs'>,
  secrets: Secrets,
): HeartbeatConfig | undefined {
  const url = source && checkedUrl(source, 'heartbeat.url', secrets);
  if (!source || url === undefined) return undefined;
  return { url, everyMs: source.every ?? heartbeatEveryMs, timeoutMs: source.timeout ?? webhookTimeoutMs, allowPrivate: source.allowPrivate ?? false };
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
  const { channel, kind, on, allowPrivate = false } = source;
  return defined({ channel, kind, format, url, secret, routingKey, on, timeoutMs: source.timeout ?? timeoutMs, allowPrivate });
}

function resolveUrl(source: WebhookSource, path: string, secrets: Secrets): string | undefined {
  const { url, format } = source;
  if (url === undefined) {
    if (format === 'pagerduty') return PAGERDUTY_URL;
    secrets.problems.push({ path, message: 'is missing; write the URL to post to' });
    return undefined;
  }
  return checkedUrl({ ...source, url, open: (text) => openSlackUrl(format, text) }, path, secrets);
}

/** The URL's text where something may be posted to it; else a problem is noted at `path`. `open` says why one that is written out should be a secret. */
function checkedUrl(source: PlaceSource, path: string, secrets: Secrets): string | undefined {
  const url = typeof source.url === 'string' ? source.url : secrets.read(source.url, path);
  if (url === undefined) return undefined;
  const complaint =
    urlComplaint(url) ?? placeComplaint(new URL(url), source.allowPrivate ?? false) ?? (typeof source.url === 'string' ? source.open?.(url) : undefined);
  if (complaint === undefined) return url;
  secrets.problems.push({ path, message: complaint });
  return undefined;
}

/** Why nothing may be posted to this place; a name's addresses are looked at when the connection is made. */
function placeComplaint({ protocol, hostname }: URL, allowPrivate: boolean): string | undefined {
  const kind = hostname === 'localhost' ? 'private' : isAddress(hostname) ? addressKind(hostname) : undefined;
  if (kind === 'forbidden') return 'is an address that nothing is posted to; name a host of the internet, or of your own network';
  if (kind === 'private' && !allowPrivate) return 'is a private address; set allowPrivate: true where it should be';
  if (protocol === 'http:' && !allowPrivate) return 'must begin with https://; only to a private address, with allowPrivate: true, it may be http://';
  return protocol === 'http:' && kind === 'public' ? 'must begin with https://, as it is no private address' : undefined;
}

/** Whoever knows the URL of a Slack incoming webhook can post to it, so it is a secret; one on this machine is a test. */
function openSlackUrl(format: WebhookSource['format'], url: string): string | undefined {
  const local = ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname);
  if (format !== 'slack' || local) return undefined;
  return 'is a secret, as whoever knows it can post; write {env: NAME} or {file: path}';
}
