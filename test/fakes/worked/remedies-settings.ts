import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { packageRoot } from '../../../config/package-root';
import { BUILT } from './built-services';
import { DEPLOYED, GROUP } from './deployed-service';
import { ACCOUNT, EXTERNAL_ID, REGION, ROLE } from './settings';

/** Environment that all of it runs in. */
export const PRODUCTION = 'production';
/** The team's own form of the built-in runbook that runs a build again. */
export const RERUN = 'rerun-build-at-once';

/** Where what Nightshift works with is. */
export interface RemedyPlaces {
  readonly home: string;
  /** Folder of the team's runbooks. */
  readonly runbooks: string;
  readonly aws: string;
  readonly queue: string;
  readonly metrics: string;
  readonly log: string;
  readonly slack: string;
  readonly jira: string;
}

/** The steps of the built-in `rerun-build`, measured sooner: a build of the fake is told at once. */
export function rerunRunbook(): string {
  const builtIn = parse(readFileSync(join(packageRoot(), 'runbooks', 'rerun-build.yaml'), 'utf8')) as object;
  return stringify({ ...builtIn, id: RERUN, probe: { settle: '1s', window: '1s' } });
}

/** The configuration, as YAML: builds and deployments are told by a queue alone, the numbers of what is deployed are its own. */
export function remediesConfig({ home, runbooks, aws, queue, metrics, log, slack, jira }: RemedyPlaces): string {
  const external = { env: EXTERNAL_ID };
  const place = { kind: 'aws', account: ACCOUNT, region: REGION };
  return stringify({
    ...{ home, profile: 'fast', api: { port: 0, rateLimitPerMinute: 6000 } },
    // Its numbers are known for seconds only, so that limits watch it.
    detector: { anomalies: { enabled: false } },
    services: [
      {
        ...{ name: DEPLOYED, environment: PRODUCTION, tier: 'critical' },
        ...{ metrics: { url: metrics, every: '1s' }, logs: { file: log } },
        limits: { errorShare: { above: 0.05, for: '2s' }, minRequests: 20 },
        hands: { ...place, codedeploy: { application: DEPLOYED, group: GROUP } },
      },
      ...Object.values(BUILT).map((name) => ({
        ...{ name, environment: PRODUCTION, tier: 'standard', builds: { branches: ['main'] } },
        hands: { ...place, codebuild: { project: name } },
      })),
    ],
    incidents: { verification: { settle: '1s', window: '3s', minRequests: 20, timeout: '60s' }, watch: '0s', selfHeal: '45s' },
    policy: {
      rules: [{ environment: PRODUCTION, mode: 'approve', reason: 'people decide in production' }],
      // Every service here has its own trouble at the same time.
      limits: { targetsAtOnce: 4, shareOfFleet: 1 },
    },
    runbooks: { directory: runbooks },
    aws: {
      accounts: [{ id: ACCOUNT, regions: [REGION], environment: PRODUCTION, actuator: { role: ROLE, externalId: external } }],
      queues: [{ url: queue, region: REGION }],
      acting: { poll: '500ms', settle: '10s' },
      endpoint: aws,
    },
    notifications: [
      { channel: 'terminal', kind: 'terminal', on: ['break-glass'] },
      { channel: 'slack', kind: 'webhook', format: 'slack', url: slack, allowPrivate: true, on: ['proposed', 'approved', 'resolved', 'escalated'] },
      { channel: 'jira', kind: 'webhook', format: 'json', url: jira, allowPrivate: true, on: ['proposed', 'resolved', 'escalated'] },
    ],
  });
}
