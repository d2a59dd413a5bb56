import type { Logger } from 'pino';
import type { ClusterOptions } from '../../scripts/cluster/cluster';
import { startBareRunner } from '../bare-runner';
import { incidentRunner, recovered, serviceNames } from '../incident-runner';
import { benchIncidents, measurePairs, SIZES } from '../incidents';
import type { IncidentsResult, Sizes } from '../incidents';
import { Closing } from '../stage/closing';
import { StubWorld } from '../stage/world';
import { openClusterStage } from './stage';
import type { ClusterStage } from './stage';
import { measureTakeover } from './takeover';
import type { Takeover } from './takeover';

/** The embedded system, and two workers on PostgreSQL with Temporal on PostgreSQL, at the same sizes on the same machine. */
export interface ClusterResult {
  readonly embedded: IncidentsResult;
  readonly cluster: IncidentsResult;
  readonly takeover: Takeover;
}

/** How much is run for each of the two. */
const CLUSTER_SIZES: Sizes = { ...SIZES, pairs: 3 };
const OPEN_INCIDENTS = 200;

/** Measures both, one after the other, and then how one worker takes over from the other. */
export async function benchCluster(options: {
  readonly programs: ClusterOptions['programs'];
  readonly path: string;
  readonly log: Logger;
  readonly tell: (line: string) => void;
  readonly sizes?: Sizes;
  readonly open?: number;
}): Promise<ClusterResult> {
  const { programs, path, log, tell, sizes = CLUSTER_SIZES, open = OPEN_INCIDENTS } = options;
  tell('Embedded: one process.');
  const embedded = await benchIncidents({ program: programs.cli, log, tell, sizes });
  tell('Cluster: API and two workers on PostgreSQL, Temporal on PostgreSQL.');
  const count = sizes.warmUp + sizes.pairs * sizes.incidents;
  const names = serviceNames(count + open);
  const world: StubWorld = new StubWorld(names, { scraped: false, onActed: (service) => recovered(stage, service) });
  const stage: ClusterStage = await openClusterStage(world, names, { programs, path, tell });
  const closing = new Closing();
  closing.add(() => stage.close());
  try {
    const incidents = await incidentRunner(stage, world, names.slice(0, count));
    const bare = await startBareRunner(stage.cluster.temporalAddress, stage.client);
    closing.add(() => bare.close());
    const cluster = await measurePairs(incidents, bare, sizes, tell);
    return { embedded, cluster, takeover: await measureTakeover(stage, world, names.slice(count), tell) };
  } finally {
    await closing.close();
  }
}
