/** An alert as the API lists it. */
export interface Kept {
  readonly id: string;
  readonly workflowId: string | null;
}

/** An incident as the API lists it, as far as the benchmarks need it. */
export interface Opened {
  readonly incidentId: string;
  readonly workflowId: string;
  readonly service: string;
  readonly status: string;
  readonly alertCount: number;
}

const PAGE = 1000;
const INCIDENTS = 100;

/** What a system holds, read from its API. */
export interface Reader {
  /** Every alert that was taken in, or those of one incident. */
  alerts(incident?: string): Promise<readonly Kept[]>;
  /** The newest hundred. */
  incidents(): Promise<readonly Opened[]>;
  /** Alerts that no workflow has yet. */
  backlog(): Promise<number>;
}

/** Reads with a key. */
export function readerOf(url: string, key: string): Reader {
  const text = async (path: string): Promise<string> => {
    const reply = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } });
    if (!reply.ok) throw new Error(`${path}: ${String(reply.status)} ${await reply.text()}`);
    return reply.text();
  };
  return {
    async alerts(incident) {
      const of = incident === undefined ? '' : `&incident=${incident}`;
      const all: Kept[] = [];
      for (let after: number | undefined = 0; after !== undefined;) {
        const page = JSON.parse(await text(`/v1/alerts?limit=${String(PAGE)}&after=${String(after)}${of}`)) as { alerts: Kept[]; next?: number };
        all.push(...page.alerts.map(({ id, workflowId }) => ({ id, workflowId })));
        after = page.next;
      }
      return all;
    },
    incidents: async () => (JSON.parse(await text(`/v1/incidents?limit=${String(INCIDENTS)}`)) as { incidents: Opened[] }).incidents,
    backlog: async () => Number(/^nightshift_inbox_backlog (\d+)/m.exec(await text('/metrics'))?.[1] ?? Infinity),
  };
}
