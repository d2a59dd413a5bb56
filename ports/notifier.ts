import type { Notification } from '../domain/notification';

/** Delivers a notification over one channel; throws when it was not taken, so that it is tried again with the same id. */
export interface Notifier {
  /** Name of the channel in the configuration. */
  readonly channel: string;
  send(notification: Notification): Promise<void>;
}
