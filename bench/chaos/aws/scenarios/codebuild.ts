import type { Build } from '@aws-sdk/client-codebuild';
import { putBuild, putProject } from '../../../../test/fakes/aws/services/codebuild';
import type { Place } from '../../../../test/fakes/aws/world';
import type { Scenario } from '../scenario';

const HOUR_MS = 3_600_000;

function build({ world }: Place, id: string, hoursAgo: number, { sourceVersion, buildStatus }: Pick<Build, 'sourceVersion' | 'buildStatus'>): Build {
  const began = world.clock.now() - hoursAgo * HOUR_MS;
  return { id, sourceVersion, buildStatus, startTime: new Date(began), endTime: new Date(began + 30_000), resolvedSourceVersion: `sha-of-${id.slice(-3)}` };
}

function lay(place: Place): void {
  putProject(place, { name: 'shop' });
  putBuild(place, build(place, 'shop:0000-old', 3, { sourceVersion: 'main', buildStatus: 'FAILED' }));
  putBuild(place, build(place, 'shop:0000-new', 2, { sourceVersion: 'main', buildStatus: 'FAILED' }));
  // What passed since is of another branch: of the same one there would be nothing to rerun.
  putBuild(place, build(place, 'shop:0000-yes', 1, { sourceVersion: 'side', buildStatus: 'SUCCEEDED' }));
}

const common = { parts: { codebuild: { project: 'shop' } }, lay, effects: { 'codebuild.build': 1 } };

/** The newest failed build, or an older one. */
export const codebuildRerun: Scenario = [
  { ...common, name: 'newest', inputs: {} },
  { ...common, name: 'named', inputs: { build: 'shop:0000-old' } },
];
