import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { openPostgres } from '../../adapters/postgres/open';
import { startCluster } from '../../scripts/cluster/cluster';
import type { Cluster, ClusterOptions } from '../../scripts/cluster/cluster';
import { PRICED } from '../incident-runner';
import type { IncidentStage } from '../incident-runner';
import { Closing } from '../stage/closing';
import { stageConfig, stageText } from '../stage/config';
import { CONDITION, postJson } from '../stage/stage';
import type { StubWorld } from '../stage/world';
import { pollViews } from './polled-views';
import type { PolledViews } from './polled-views';
import { serveSupervisors } from './supervisors';
import type { Supervisors } from './supervisors';

/** The services of docker-compose.yml with two workers, over a stub world that they reach by HTTP. */
export interface ClusterStage extends IncidentStage {
  readonly cluster: Cluster;
  readonly supervisors: Supervisors;
  readonly views: PolledViews;
}

/** Starts all of it; the store and the client are connections of the benchmark's own. */
export function openClusterStage(
  world: StubWorld,
  names: readonly string[],
  options: Pick<ClusterOptions, 'programs' | 'path' | 'tell'>,
): Promise<ClusterStage> {
  return Closing.guard(async (closing) => {
    const folder = await mkdtemp(join(tmpdir(), 'nightshift-bench-'));
    closing.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    await chmod(folder, 0o711);
    const [home, inside] = [join(folder, 'home'), join(folder, 'cluster')];
    for (const path of [home, inside]) await mkdir(path);
    const supervisors = await serveSupervisors(world);
    closing.add(() => supervisors.close());
    const settings = { services: names, ...PRICED, world: supervisors.url };
    const cluster = await startCluster({ ...options, folder: inside, config: stageText(home, settings), workers: 2 });
    closing.add(() => cluster.stop());
    const { config } = await stageConfig(home, settings);
    const store = await openPostgres({ databaseUrl: cluster.databaseUrl });
    closing.add(() => store.close());
    const connection = await Connection.connect({ address: cluster.temporalAddress });
    closing.add(() => connection.close());
    const views = await pollViews(cluster.databaseUrl);
    closing.add(() => views.close());
    const { key } = await store.keys.create({ name: 'stage', role: 'admin' }, new Date().toISOString());
    return {
      ...{ client: new Client({ connection }), config, store, cluster, supervisors, views },
      seen: (...given) => views.seen(...given),
      alert: (service, fields) => postJson(`${cluster.api}/v1/alerts`, key, { ...CONDITION, service, ...fields }),
      close: () => closing.close(),
    };
  });
}
