import { graphCalls } from '../domain/aws/service-graph';
import { placeText, placesOf } from '../domain/aws/place';
import type { AwsAccount } from '../domain/aws/place';
import { digestOf } from '../domain/digest';
import type { Inventory } from '../domain/inventory';
import { dueWindows } from '../domain/poll-windows';
import { knownServices } from '../domain/sources/names';
import type { ArchiveWriter } from '../ports/archive';
import type { Clock } from '../ports/clock';
import type { ServiceGraph } from '../ports/service-graph';
import type { Poll } from './polls';

/** What polling service graphs works with; milliseconds. */
export interface ServiceGraphDeps {
  readonly accounts: readonly AwsAccount[];
  readonly everyMs: number;
  readonly graph: ServiceGraph;
  readonly inventory: Inventory;
  readonly writer: ArchiveWriter;
  readonly clock: Clock;
}

const MINUTE_MS = 60_000;
/** Counts are by minute. Traces come some minutes late; X-Ray knows them for a month, of which a day is made up for. */
const WINDOWS = { windowMs: MINUTE_MS, settleMs: 3 * MINUTE_MS, firstMs: 30 * MINUTE_MS, reachMs: 24 * 60 * MINUTE_MS, most: 60 };

/** A poll of each place that counts the calls of each minute once: a minute is one delivery, and progress is saved after it is kept. */
export function serviceGraphPolls({ accounts, everyMs, graph, inventory, writer, clock }: ServiceGraphDeps): readonly Poll[] {
  const services = knownServices(inventory.services);
  return accounts.flatMap((account) =>
    placesOf([account]).map((place): Poll => ({
      name: `service-graph:${placeText(place)}`,
      everyMs,
      async take(since, reached, signal) {
        const { windows, more } = dueWindows(since, clock.now(), WINDOWS);
        for (const window of windows) {
          const nodes = await graph.nodes(place, window, signal);
          const now = clock.now();
          const calls = graphCalls(nodes, window.from, { environment: account.environment, receivedAt: now, services });
          if (calls.length > 0) await writer.keep({ calls, delivery: digestOf(['service-graph', placeText(place), window.from]) }, now);
          await reached(window.to);
        }
        return more;
      },
    })),
  );
}
