import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '../../cli/client';
import type { ApiClient } from '../../cli/client';
import { demoConfig, demoNames } from '../../cli/demo/settings';
import { loadBookshop } from '../../cli/demo/shop';
import type { Bookshop, Shop } from '../../cli/demo/shop';
import { ADMIN_KEY_FILE } from '../../config/client';
import type { IncidentView } from '../../domain/incident-view';
import type { Cluster } from './cluster';

/** A deploy or restart call as the supervisor of the practice service wrote it down. */
export interface Call {
  readonly kind: string;
  readonly by: string;
  readonly release: string;
  readonly state: string;
}

/** The practice service with customers. */
export interface Practice {
  readonly shop: Shop;
  /** Deploys the release that leaks. */
  breakIt(): Promise<void>;
  /** What Nightshift asked of the supervisor, oldest first. */
  calls(): Promise<readonly Call[]>;
  /** Text of a nightshift.yaml that guards it. */
  config(): string;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 250;
const NORMAL_REQUESTS = 300;

/** Starts the practice service in a folder; the customers come at once. `load` gets its own tools. */
export async function startPractice(dir: string, load: () => Promise<Pick<Bookshop, 'launch' | 'inject'>> = loadBookshop): Promise<Practice> {
  const bookshop = await load();
  const shop = await bookshop.launch({ dir, tether: true, traffic: true });
  const places = { names: demoNames(), home: dir, shopDir: shop.dir, shopUrl: shop.url, supervisorUrl: shop.supervisor.url, paymentsUrl: shop.payments.url };
  return {
    shop,
    breakIt: async () => void (await bookshop.inject('bad-release', { dir: shop.dir })),
    calls: async () => {
      const reply = await fetch(`${shop.supervisor.url}/v1/ledger`);
      return ((await reply.json()) as { entries: Call[] }).entries.filter((call) => call.by === 'nightshift');
    },
    config: () => demoConfig(places, 'limits'),
    stop: () => shop.stop(),
  };
}

/** The API of a cluster as its first admin sees it. */
export function adminOf(cluster: Pick<Cluster, 'api' | 'home'>): ApiClient {
  const keyFile = join(cluster.home, ADMIN_KEY_FILE);
  return createClient({ apiUrl: cluster.api, apiKey: readFileSync(keyFile, 'utf8').trim(), keyFile, home: cluster.home });
}

/** Waits until there was enough ordinary traffic to compare with. */
export async function normalTraffic({ shop }: Practice): Promise<void> {
  await until('some traffic', async () => {
    const text = await (await fetch(`${shop.url}/metrics`)).text();
    const counts = text.split('\n').filter((line) => line.startsWith('bookshop_requests_total'));
    return counts.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0) > NORMAL_REQUESTS || undefined;
  });
}

/** The newest incident of the practice service once `ready` says so. A door that does not answer for a while is asked again. */
export function incident(cluster: Pick<Cluster, 'api' | 'home'>, what: string, ready: (view: IncidentView) => boolean, ms = 240_000): Promise<IncidentView> {
  return until(
    what,
    async () => {
      const { incidents } = await adminOf(cluster).incidents({ service: 'bookshop', limit: 1 });
      const found = incidents.find(ready);
      if (!found) throw new Error(`The newest is ${incidents.map(({ incidentId, status }) => `${incidentId}, ${status}`).join() || 'none'}.`);
      return found;
    },
    ms,
  );
}

/** Approves the proposal that an incident shows, again until the door takes it. */
export async function approve(cluster: Pick<Cluster, 'api' | 'home'>, asked: IncidentView): Promise<void> {
  const proposal = asked.proposal?.proposal.digest ?? '';
  await until('the approval is taken', async () => (await adminOf(cluster).decide(asked.incidentId, { verdict: 'approve', proposal })) ?? true);
}

/** Asks until there is an answer; errors count as none. Throws when it takes longer than `ms`. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, ms = 60_000): Promise<T> {
  const end = Date.now() + ms;
  for (let last: unknown; ;) {
    try {
      const found = await ask();
      if (found !== undefined) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`Not within ${String(ms)} ms: ${what}.`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
