import { join } from 'node:path';
import { stringify } from 'yaml';

/** What a demo is called on its Temporal server. */
export interface DemoNames {
  /** The demo's own environment; `--yes` is allowed in no other. */
  readonly environment: string;
  readonly taskQueue: string;
  /** Id of its target, which the lock on it is named for. */
  readonly target: string;
}

/** Plain names on a server of its own; with a tag on a shared one, so that demos, and what an earlier one left, do not meet. */
export function demoNames(tag?: string): DemoNames {
  return tag === undefined
    ? { environment: 'demo', taskQueue: 'nightshift', target: 'bookshop' }
    : { environment: `demo-${tag}`, taskQueue: `nightshift-demo-${tag}`, target: `bookshop-${tag}` };
}

/** Where the practice service of a demo runs. */
export interface DemoPlaces {
  readonly names: DemoNames;
  readonly home: string;
  readonly shopDir: string;
  readonly shopUrl: string;
  readonly supervisorUrl: string;
  readonly paymentsUrl: string;
}

/** Name of the file in the demo's home that Nightshift logs to. */
export const DEMO_LOG_FILE = 'nightshift.log';

/** Fixed limits of the bookshop, for what breaks it right after its start, when nothing of it is learnt yet. */
const LIMITS = { errorShare: { above: 0.05, for: '2s' }, latencyP95: { above: '1500ms', for: '3s' }, silence: { for: '5s' }, minRequests: 20 } as const;

/** The configuration of the demo, as YAML: an ordinary one, with the short times of the profile `fast`. By `limits` the bookshop is watched by fixed limits instead of its own history. */
export function demoConfig(places: DemoPlaces, by: 'history' | 'limits' = 'history'): string {
  return stringify({
    home: places.home,
    profile: 'fast',
    api: { port: 0, rateLimitPerMinute: 6000 },
    temporal: { taskQueue: places.names.taskQueue },
    // The customers' day, after which their numbers repeat.
    detector: { anomalies: { season: '24s', enabled: by === 'history' } },
    services: [{ ...bookshop(places), ...(by === 'limits' && { limits: LIMITS }) }, payments(places)],
    incidents: { watch: '7s', selfHeal: '45s' },
    notifications: [{ channel: 'terminal', kind: 'terminal', on: ['break-glass'] }],
    policy: {
      rules: [{ environment: places.names.environment, mode: 'approve', reason: 'the demo shows how a person is asked' }],
      approvals: { expireAfter: '10m', remindAfter: '5m', escalateTo: 'you' },
    },
  });
}

function bookshop(places: DemoPlaces): object {
  return {
    name: 'bookshop',
    environment: places.names.environment,
    tier: 'critical',
    owner: 'books team',
    dependsOn: ['payments'],
    metrics: {
      url: `${places.shopUrl}/metrics`,
      every: '1s',
      names: { requests: 'bookshop_requests_total', latency: 'bookshop_request_seconds' },
      saturation: [
        { name: 'order handles', used: 'bookshop_handles_in_use', limit: 'bookshop_handles_limit' },
        { name: 'search cache', used: 'bookshop_cache_bytes', limit: 'bookshop_cache_limit_bytes' },
      ],
    },
    logs: { file: join(places.shopDir, 'bookshop.log') },
    hands: {
      kind: 'supervisor',
      url: places.supervisorUrl,
      target: { provider: 'local', partition: 'local', account: 'bookshop-local', region: 'local', kind: 'service', id: places.names.target },
    },
  };
}

function payments(places: DemoPlaces): object {
  return {
    name: 'payments',
    environment: places.names.environment,
    tier: 'critical',
    metrics: { url: `${places.paymentsUrl}/metrics`, every: '1s', names: { requests: 'payments_requests_total', latency: 'payments_request_seconds' } },
  };
}
