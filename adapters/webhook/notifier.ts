import type { ErrorCode } from '../../domain/errors';
import { NightshiftError } from '../../domain/errors';
import type { Notification } from '../../domain/notification';
import { composeNotification } from '../../domain/notification-message';
import type { Clock } from '../../ports/clock';
import type { Notifier } from '../../ports/notifier';
import { ADDRESS_REFUSED, NO_ANSWER, postOutside } from '../outside/post';
import { jsonBody } from './json';
import { pagerdutyBody } from './pagerduty';
import { signBody } from './signature';
import { slackBody } from './slack';

/** One webhook channel. `secret` signs the body, `routingKey` is PagerDuty's integration key, `apiUrl` is our own address for people, without a trailing slash. */
export interface WebhookNotifierOptions {
  readonly channel: string;
  readonly format: 'json' | 'slack' | 'pagerduty';
  readonly url: string;
  readonly secret?: string;
  readonly routingKey?: string;
  readonly timeoutMs: number;
  /** Lets it post to a private network, and there without TLS. */
  readonly allowPrivate: boolean;
  readonly apiUrl?: string;
  readonly clock: Clock;
}

/**
 * Posts notifications to a webhook. A 2xx answer is taken. `send` throws `rate_limited` (429) or `unreachable` (5xx, network, time-out), which are worth trying again,
 * or `refused` (any other answer), which is not. Throws `invalid_config` at once for an address that is none or a missing routing key. No error holds the address, as it is a secret.
 */
export function createWebhookNotifier(options: WebhookNotifierOptions): Notifier {
  checkOptions(options);
  return {
    channel: options.channel,
    async send(notification: Notification): Promise<void> {
      const body = JSON.stringify(bodyOf(options, notification));
      const status = await post(options, body, headersOf(options, notification, body));
      if (status < 200 || status > 299) throw statusError(options.channel, status);
    },
  };
}

function checkOptions(options: WebhookNotifierOptions): void {
  const protocol = URL.canParse(options.url) ? new URL(options.url).protocol : '';
  if (protocol !== 'https:' && protocol !== 'http:') {
    throw new NightshiftError('invalid_config', `The address of the notification channel "${options.channel}" is not an http or https URL.`);
  }
  if (options.format === 'pagerduty' && options.routingKey === undefined) {
    throw new NightshiftError(
      'invalid_config',
      `The notification channel "${options.channel}" needs a routingKey: the integration key of a PagerDuty service.`,
    );
  }
}

function bodyOf(options: WebhookNotifierOptions, notification: Notification): Readonly<Record<string, unknown>> {
  const context = { now: Date.parse(notification.at), ...(options.apiUrl === undefined ? {} : { apiUrl: options.apiUrl }) };
  const message = composeNotification(notification, context);
  switch (options.format) {
    case 'json':
      return jsonBody(notification, message);
    case 'slack':
      return slackBody(notification, message);
    case 'pagerduty':
      return pagerdutyBody(notification, message, options.routingKey ?? '', options.apiUrl);
  }
}

function headersOf(options: WebhookNotifierOptions, notification: Notification, body: string): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'nightshift-notification-id': encodeURI(notification.id),
    ...(options.secret === undefined ? {} : { 'nightshift-signature': signBody(options.secret, body, Math.floor(options.clock.now() / 1000)) }),
  };
}

async function post(options: WebhookNotifierOptions, body: string, headers: Record<string, string>): Promise<number> {
  const { url, timeoutMs, allowPrivate } = options;
  try {
    return await postOutside({ url, body, headers, timeoutMs, allowPrivate });
  } catch (error) {
    throw new NightshiftError('unreachable', `The notification channel "${options.channel}" ${failure(error, timeoutMs)}.`);
  }
}

/** Only the code of a network error is told: its text holds the address. Matched by shape, as errors can come from another realm. */
function failure(error: unknown, timeoutMs: number): string {
  const code = textOf(error, 'code');
  if (code === NO_ANSWER) return `gave no answer within ${timeoutMs} ms`;
  if (code === ADDRESS_REFUSED) return 'leads to a private address; if it should, set `allowPrivate` of this channel in the configuration';
  return `cannot be reached${code === undefined ? '' : ` (${code})`}`;
}

function textOf(value: unknown, member: string): string | undefined {
  if (typeof value !== 'object' || value === null || !(member in value)) return undefined;
  const text = (value as Readonly<Record<string, unknown>>)[member];
  return typeof text === 'string' ? text : undefined;
}

function statusError(channel: string, status: number): NightshiftError {
  const code: ErrorCode = status === 429 ? 'rate_limited' : status >= 500 ? 'unreachable' : 'refused';
  const advice = code === 'refused' ? '; check its address and secrets in the configuration' : '';
  return new NightshiftError(code, `The notification channel "${channel}" answered with HTTP ${status}${advice}.`);
}
