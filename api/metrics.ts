import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { STATUSES, type IncidentStatus } from '../domain/names';
import { openIncidents } from '../ports/open-incidents';
import type { IncidentReader } from '../ports/store';
import { inTime } from './guard';
import type { ApiDeps } from './types';

// Views are large; beyond this many open incidents the number is a lower bound.
const MOST_COUNTED = 1000;

/** Open incidents by status, counted up to 1,000. */
export async function countOpen(incidents: IncidentReader): Promise<ReadonlyMap<IncidentStatus, number>> {
  const counts = new Map<IncidentStatus, number>();
  let counted = 0;
  for await (const page of openIncidents(incidents)) {
    for (const view of page) counts.set(view.status, (counts.get(view.status) ?? 0) + 1);
    counted += page.length;
    if (counted >= MOST_COUNTED) break;
  }
  return counts;
}

/** Registers the numbers of requests, of the inbox and of incidents; those of the store are read when someone asks. */
export function addMetrics(app: FastifyInstance, deps: ApiDeps): void {
  const registers = [deps.metrics];
  const requests = new Counter({ name: 'nightshift_http_requests_total', help: 'Requests answered.', labelNames: ['method', 'route', 'status'], registers });
  const duration = new Histogram({
    name: 'nightshift_http_request_seconds',
    help: 'Time to answer.',
    labelNames: ['method', 'route'],
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 5],
    registers,
  });
  app.addHook('onResponse', async (request, reply) => {
    // The pattern, never the address: outside text would make numbers without end.
    const route = request.routeOptions.url ?? 'none';
    requests.inc({ method: request.method, route, status: String(reply.statusCode) });
    duration.observe({ method: request.method, route }, reply.elapsedTime / 1000);
  });
  addStoreGauges(deps, registers);
}

interface StoreNumbers {
  readonly backlog: Awaited<ReturnType<ApiDeps['store']['inbox']['backlog']>>;
  readonly open: ReadonlyMap<IncidentStatus, number>;
  readonly unsent: Awaited<ReturnType<ApiDeps['store']['outbox']['unsent']>>;
  readonly halted: boolean;
  readonly archive: Awaited<ReturnType<ApiDeps['store']['archive']['marks']['totals']>>;
}

function addStoreGauges(deps: ApiDeps, registers: Registry[]): void {
  const read = sharedRead(deps);
  const gauge = (name: string, help: string, set: (gauge: Gauge, numbers: StoreNumbers) => void): void => {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const numbers = await read();
        // Without an answer there is no number: an old one, or 0, would look true.
        if (numbers) set(this, numbers);
        else this.remove();
      },
    });
  };
  gauge('nightshift_inbox_backlog', 'Accepted alerts that are in no incident yet.', (g, { backlog }) => g.set(backlog.count));
  gauge('nightshift_inbox_oldest_seconds', 'Age of the oldest of them.', (g, { backlog }) => g.set(backlog.oldestMs / 1000));
  new Gauge({
    name: 'nightshift_incidents_open',
    help: 'Incidents that are not resolved.',
    labelNames: ['status'],
    registers,
    async collect() {
      const numbers = await read();
      this.reset();
      if (numbers) for (const status of STATUSES) if (status !== 'resolved') this.set({ status }, numbers.open.get(status) ?? 0);
    },
  });
  gauge('nightshift_archive_series', 'Series of metric points in the archive.', (g, { archive }) => g.set(archive.series));
  gauge('nightshift_archive_log_templates', 'Templates of log lines in the archive.', (g, { archive }) => g.set(archive.templates));
  gauge('nightshift_archive_call_edges', 'Pairs of services that call each other in the archive.', (g, { archive }) => g.set(archive.edges));
  gauge('nightshift_halted', '1 while the kill switch is on.', (g, { halted }) => g.set(halted ? 1 : 0));
  new Gauge({
    name: 'nightshift_notifications_waiting',
    help: 'Notifications that are not sent yet.',
    labelNames: ['channel'],
    registers,
    async collect() {
      const numbers = await read();
      this.reset();
      for (const { channel, waiting } of numbers?.unsent ?? []) this.set({ channel }, waiting);
    },
  });
  new Gauge({
    name: 'nightshift_store_up',
    help: '1 when the store answered this scrape.',
    registers,
    async collect() {
      this.set((await read()) ? 1 : 0);
    },
  });
}

// All gauges of one scrape share one read.
function sharedRead({ store, clock, settings }: ApiDeps): () => Promise<StoreNumbers | undefined> {
  let reading: Promise<StoreNumbers | undefined> | undefined;
  const ask = async (): Promise<StoreNumbers | undefined> => {
    try {
      const [backlog, open, unsent, { on: halted }, archive] = await inTime(
        () =>
          Promise.all([
            store.inbox.backlog(clock.now()),
            countOpen(store.incidents),
            store.outbox.unsent(),
            store.killSwitch.halted(),
            store.archive.marks.totals(),
          ]),
        settings.doorTimeoutMs,
      );
      return { backlog, open, unsent, halted, archive };
    } catch {
      return undefined;
    } finally {
      reading = undefined;
    }
  };
  return () => (reading ??= ask());
}
