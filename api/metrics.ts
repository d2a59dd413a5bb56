import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { STATUSES, type IncidentStatus } from '../domain/names';
import type { IncidentReader } from '../ports/store';
import { inTime } from './guard';
import type { ApiDeps } from './types';

const PAGE = 100;
// Views are large; beyond this many open incidents the number is a lower bound.
const MAX_PAGES = 10;

/** Open incidents by status, counted up to 1,000. */
export async function countOpen(incidents: IncidentReader): Promise<ReadonlyMap<IncidentStatus, number>> {
  const counts = new Map<IncidentStatus, number>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { incidents: views, next } = await incidents.list({ open: true, limit: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const view of views) counts.set(view.status, (counts.get(view.status) ?? 0) + 1);
    if (next === undefined) break;
    cursor = next;
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
      const [backlog, open] = await inTime(() => Promise.all([store.inbox.backlog(clock.now()), countOpen(store.incidents)]), settings.doorTimeoutMs);
      return { backlog, open };
    } catch {
      return undefined;
    } finally {
      reading = undefined;
    }
  };
  return () => (reading ??= ask());
}
