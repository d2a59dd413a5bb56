import { openClusterStage } from '../../../bench/cluster/stage';
import type { ClusterStage } from '../../../bench/cluster/stage';
import { measureTakeover } from '../../../bench/cluster/takeover';
import { recovered, serviceNames } from '../../../bench/incident-runner';
import { StubWorld } from '../../../bench/stage/world';
import { postgresPrograms } from '../../../scripts/cluster/postgres';

const { NIGHTSHIFT_TEMPORAL_CLI: cli = '', NIGHTSHIFT_TEMPORAL_PROGRAMS: temporal, PATH: path = '', CI } = process.env;
const postgres = postgresPrograms(path);
const OPEN = 30;

if (postgres === undefined || temporal === undefined) {
  test('what a cluster needs is here in CI', () => {
    if (!CI) process.stderr.write('PostgreSQL or the Temporal server is not here (`npm run cluster` says which): no worker took over from another.\n');
    expect(CI ? 'no programs of a cluster' : 'not CI').toBe('not CI');
  });
} else {
  let stage: ClusterStage;
  const names = serviceNames(OPEN);
  const world: StubWorld = new StubWorld(names, { scraped: false, onActed: (service) => recovered(stage, service) });

  beforeAll(async () => {
    stage = await openClusterStage(world, names, { programs: { cli, temporal, postgres }, path, tell: () => undefined });
  }, 240_000);
  afterAll(() => stage.close(), 60_000);

  test('two workers share open incidents; the leader killed for good, the other leads, and finishes all of them with one effect each', async () => {
    const { shares, leadsAfterMs, nextTaskMaxMs, ...rest } = await measureTakeover(stage, world, names, () => undefined);
    expect(rest).toMatchObject({ open: OPEN, resolved: OPEN, notExactlyOnce: 0 });
    expect(shares.every((tasks) => tasks > OPEN)).toBe(true);
    expect(leadsAfterMs).toBeLessThan(10_000);
    expect(nextTaskMaxMs).toBeLessThan(60_000);
  }, 300_000);
}
