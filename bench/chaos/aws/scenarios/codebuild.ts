import type { Build } from '@aws-sdk/client-codebuild';
import { putBuild, putProject } from '../../../../test/fakes/aws/services/codebuild';
import type { Place } from '../../../../test/fakes/aws/world';
import type { Scenario } from '../scenario';

const HOUR_MS = 3_600_000;

function build({ world }: Place, id: string, hoursAgo: number, buildStatus: Build['buildStatus']): Build {
  const began = world.clock.now() - hoursAgo * HOUR_MS;
  return { id, buildStatus, startTime: new Date(began), endTime: new Date(began + 30_000), resolvedSourceVersion: `sha-of-${id.slice(-3)}` };
}

function lay(place: Place): void {
  putProject(place, { name: 'shop' });
  putBuild(place, build(place, 'shop:0000-old', 3, 'FAILED'));
  putBuild(place, build(place, 'shop:0000-new', 2, 'FAILED'));
  putBuild(place, build(place, 'shop:0000-yes', 1, 'SUCCEEDED'));
}

const common = { parts: { codebuild: { project: 'shop' } }, lay, effects: { 'codebuild.build': 1 } };

/** The newest failed build, or an older one. */
export const codebuildRerun: Scenario = [
  { ...common, name: 'newest', inputs: {} },
  { ...common, name: 'named', inputs: { build: 'shop:0000-old' } },
];
