import type { Notification } from '../../domain/notification';
import { composeNotification } from '../../domain/notification-message';
import { messageLines } from '../../domain/notification-text';
import type { Notifier } from '../../ports/notifier';

/** What the terminal notifier needs; `write` gets whole messages ending in a line break. `apiUrl` has no trailing slash. */
export interface TerminalNotifierOptions {
  readonly channel: string;
  readonly write: (text: string) => void;
  readonly apiUrl?: string;
  /** Makes the title stand out, for example in bold; plain when absent. */
  readonly emphasise?: (title: string) => string;
}

/** Writes each notification as one screen of plain text, with an empty line before and after so that it stands apart from a log. */
export function createTerminalNotifier(options: TerminalNotifierOptions): Notifier {
  const emphasise = options.emphasise ?? ((title: string) => title);
  return {
    channel: options.channel,
    send(notification: Notification): Promise<void> {
      const context = { now: Date.parse(notification.at), ...(options.apiUrl === undefined ? {} : { apiUrl: options.apiUrl }) };
      const [title = '', ...rest] = messageLines(composeNotification(notification, context));
      options.write(`\n${emphasise(title)}\n${rest.map((line) => `${line}\n`).join('')}\n`);
      return Promise.resolve();
    },
  };
}
