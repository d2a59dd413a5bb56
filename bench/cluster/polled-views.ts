import pg from 'pg';
import type { IncidentView } from '../../domain/incident-view';
import type { Stage } from '../stage/stage';

/** Views of incidents that other processes write, found by looking. */
export interface PolledViews {
  readonly seen: Stage['seen'];
  /** The newest view of each service so far. */
  newest(): ReadonlyMap<string, IncidentView>;
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 100;

interface Row {
  readonly incident_id: string;
  readonly version: number;
}

/** Looks for new versions of views, and reads only those: whoever measures must not slow down what it measures. */
export async function pollViews(databaseUrl: string): Promise<PolledViews> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'bench' });
  await client.connect();
  const newest = new Map<string, IncidentView>();
  const versions = new Map<string, number>();
  let stopped = false;
  const look = async (): Promise<void> => {
    const { rows } = await client.query<Row>('select incident_id, version from nightshift.incidents');
    const changed = rows.filter(({ incident_id: id, version }) => versions.get(id) !== version);
    if (changed.length === 0) return;
    for (const { incident_id: id, version } of changed) versions.set(id, version);
    const bodies = await client.query<{ body: string }>('select body from nightshift.incidents where incident_id = any($1)', [
      changed.map((row) => row.incident_id),
    ]);
    for (const { body } of bodies.rows) {
      const view = JSON.parse(body) as IncidentView;
      newest.set(view.service, view);
    }
  };
  const running = (async () => {
    while (!stopped) {
      await look();
      await pause();
    }
  })();
  return {
    newest: () => newest,
    async seen(service, ready, ms = 120_000) {
      const until = Date.now() + ms;
      for (;;) {
        const view = newest.get(service);
        if (view && ready(view)) return view;
        if (Date.now() > until)
          throw new Error(`${service} did not get there within ${String(ms)} ms; last seen: ${view ? `${view.status} ${view.reason ?? ''}` : 'nothing'}`);
        await pause();
      }
    },
    async close() {
      stopped = true;
      await running;
      await client.end();
    },
  };
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}
