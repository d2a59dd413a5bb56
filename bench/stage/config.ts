import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { packageRoot } from '../../config/package-root';
import { loadStartup } from '../../config/startup';
import type { Startup } from '../../config/startup';
import { PLACE } from './world';

/** What a stage's configuration may say differently; the sections are those of nightshift.yaml. */
export interface StageSettings {
  readonly services: readonly string[];
  readonly incidents?: object;
  readonly approvals?: object;
  /** Other parts of the policy. */
  readonly policy?: object;
  readonly detector?: object;
  readonly watch?: string;
  readonly dependsOn?: Readonly<Record<string, readonly string[]>>;
  /** Where services are, as `<world>/<name>`; without it they are nowhere, and a stub stands in their place. */
  readonly world?: string;
}

/** Writes the configuration of a stage into its folder and loads it, as `nightshift start` would. */
export async function stageConfig(home: string, settings: StageSettings): Promise<Startup> {
  const file = join(home, 'nightshift.yaml');
  await writeFile(file, stageText(home, settings));
  return loadStartup({ root: packageRoot(), env: {}, cwd: home, file });
}

/** Text of the configuration of a stage. */
export function stageText(home: string, settings: StageSettings): string {
  return stringify(sections(home, settings));
}

function sections(home: string, settings: StageSettings): object {
  return {
    ...{ home, profile: 'fast' },
    api: { port: 0, rateLimitPerMinute: 1_000_000 },
    temporal: { taskQueue: 'stage' },
    // Its numbers are for limits: what is measured is how incidents go.
    detector: { every: '250ms', window: '1s', anomalies: { enabled: false }, ...settings.detector },
    services: settings.services.map((name) => service(name, settings.dependsOn?.[name] ?? [], settings.world)),
    // Each service has an incident of its own, also one that calls another.
    correlation: { enabled: false },
    incidents: {
      verification: { settle: '300ms', window: '1s', minRequests: 20, timeout: '5s' },
      ...{ watch: settings.watch ?? '1s', selfHeal: '5s' },
      ...settings.incidents,
    },
    policy: {
      limits: { actionsPerHour: 1_000_000, attemptsPerTargetPerDay: 1_000_000, targetsAtOnce: 1_000_000, shareOfFleet: 1 },
      brake: { incidents: 1_000_000 },
      approvals: settings.approvals ?? {},
      ...settings.policy,
    },
  };
}

function service(name: string, dependsOn: readonly string[], world: string | undefined): object {
  const url = world === undefined ? 'http://127.0.0.1:9' : `${world}/${name}`;
  return {
    ...{ name, environment: 'stage', tier: 'standard', dependsOn },
    metrics: { url: `${url}/metrics`, every: '250ms' },
    limits: { errorShare: { above: 0.05, for: '1s' }, minRequests: 20 },
    hands: { kind: 'supervisor', url, target: { provider: 'local', partition: 'local', ...PLACE, kind: 'service', id: name } },
  };
}
