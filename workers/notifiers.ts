import { createTerminalNotifier } from '../adapters/terminal/notifier';
import { createWebhookNotifier } from '../adapters/webhook/notifier';
import { doorUrl } from '../config/client';
import type { ChannelConfig, NightshiftConfig } from '../config/types';
import type { Clock } from '../ports/clock';
import type { Notifier } from '../ports/notifier';

/** The configured channels; a terminal one when none is configured, so that nothing is said to nobody. */
export function channelsOf(config: Pick<NightshiftConfig, 'notifications'>): readonly ChannelConfig[] {
  return config.notifications.length > 0 ? config.notifications : [{ channel: 'terminal', kind: 'terminal' }];
}

/** One notifier a channel. */
export function notifiersOf(config: Pick<NightshiftConfig, 'notifications' | 'api'>, write: (text: string) => void, clock: Clock): readonly Notifier[] {
  const apiUrl = doorUrl(config.api);
  return channelsOf(config).map((channel) =>
    channel.kind === 'terminal' ? createTerminalNotifier({ channel: channel.channel, write, apiUrl }) : createWebhookNotifier({ ...channel, apiUrl, clock }),
  );
}
