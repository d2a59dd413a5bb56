import { requestOf } from './alerts';
import type { LoadAlert } from './alerts';
import { openWire } from './wire';
import type { Wire } from './wire';

/** Alerts that must all arrive. */
export interface Delivery {
  /** `http://host:port`. */
  readonly url: string;
  readonly key: string;
  readonly alerts: readonly LoadAlert[];
  readonly batch: number;
  readonly connections: number;
  /** Called after each request that was answered with 202; what it returns is waited for. */
  readonly onAcknowledged?: (alerts: readonly LoadAlert[]) => unknown;
}

const RETRY_MS = 100;

/** Sends alerts in batches until each was acknowledged: what was refused for now, or not answered at all, is sent again. Returns how often that was. Throws when one is refused for good. */
export async function sendAll({ url, key, alerts, batch, connections, onAcknowledged }: Delivery): Promise<number> {
  const { hostname, port } = new URL(url);
  let next = 0;
  let again = 0;
  const send = async (wire: Wire, some: readonly LoadAlert[]): Promise<void> => {
    const request = requestOf('alerts', { host: `${hostname}:${port}`, key }, some);
    for (;;) {
      const status = await wire.ask(request);
      if (status === 202) return;
      if (status >= 400 && status < 500 && status !== 429) throw new Error(`alerts were refused with ${String(status)}`);
      again += 1;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  };
  const lane = async (wire: Wire): Promise<void> => {
    for (let from = next; from < alerts.length; from = next) {
      next += batch;
      const some = alerts.slice(from, from + batch);
      await send(wire, some);
      await onAcknowledged?.(some);
    }
    wire.close();
  };
  await Promise.all(Array.from({ length: connections }, () => lane(openWire(hostname, Number(port)))));
  return again;
}
