import { anomaliesOf } from '../domain/detection/anomaly-ids';
import { anomalyNews, MOST_NEWS, showsAnomalies } from '../domain/detection/anomaly-news';
import { errorMessage } from '../domain/errors';
import type { AnomalyNews, Notification } from '../domain/notification';
import type { AnomalyStore } from '../ports/anomalies';
import type { Notifier } from '../ports/notifier';

/** What pictures are made of. `apiUrl` is our own address for people, without a trailing slash. */
export interface NewsDeps {
  readonly anomalies: Pick<AnomalyStore, 'get'>;
  readonly apiUrl?: string;
  readonly log: { warn(fields: object, message: string): void };
}

/** The same channels, whose messages about an incident carry what our detector saw of it, drawn when they are sent: what waits in the outbox stays small. */
export function withAnomalies(notifiers: readonly Notifier[], deps: NewsDeps): readonly Notifier[] {
  return notifiers.map((notifier) => ({ channel: notifier.channel, send: async (notification) => notifier.send(await illustrated(notification, deps)) }));
}

async function illustrated(notification: Notification, deps: NewsDeps): Promise<Notification> {
  if (!('view' in notification) || !showsAnomalies(notification.reason)) return notification;
  const anomalies = await newsOf(anomaliesOf(notification.view.alerts).slice(0, MOST_NEWS), deps);
  return anomalies.length === 0 ? notification : { ...notification, anomalies };
}

/** A picture helps; a message must not wait for it. */
async function newsOf(ids: readonly string[], { anomalies, apiUrl, log }: NewsDeps): Promise<readonly AnomalyNews[]> {
  try {
    const found = await Promise.all(ids.map((id) => anomalies.get(id)));
    return found.flatMap((record) => (record ? [anomalyNews(record, apiUrl)] : []));
  } catch (error) {
    log.warn({ error: errorMessage(error) }, 'a message goes out without what our detector saw');
    return [];
  }
}
