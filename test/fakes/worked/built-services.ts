import type { Build, BuildPhase, BuildPhaseType } from '@aws-sdk/client-codebuild';
import type { FakeAws } from '../aws/server';
import { putBuildCourse } from '../aws/services/codebuild-run';
import { BUILDS, putBuild, putProject } from '../aws/services/codebuild-store';
import type { Place } from '../aws/world';
import { buildEvent } from './events';

/** Services that CodeBuild builds, each by a project of its name: one whose build failed by chance, one that is truly broken, and one whose build never came to its commands. */
export const BUILT = { flaky: 'cart', broken: 'search', environment: 'stock' } as const;
/** The commit that every build here is of. */
export const COMMIT = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
/** Services whose builds passed at the time: as most pipelines did, nothing that they share is to blame. */
const WELL = ['mail', 'prices', 'reviews'];

/** How long before it is told a build ended, milliseconds: Nightshift looks at a build two minutes after its end, and a queue may hold an event for as long. */
const ENDED_BEFORE_MS = 150_000;
const [BUILD_MS, RERUN_MS, LOOK_MS] = [60_000, 500, 200];
const CACHE = { type: 'S3', location: 'acme-cache' } as const;

/** The builds of services. */
export interface BuiltServices {
  /** How many builds were told, reruns aside. */
  readonly told: number;
  /** Ids of those that failed, by service. */
  readonly failed: Readonly<Record<string, string>>;
}

/** Tells of a build of each service, as EventBridge does, and from now on of each rerun as it ends. One that is truly broken fails again, the others pass. */
export function startBuilds({ effects }: FakeAws, place: Place, tell: (event: string) => void): BuiltServices {
  for (const [kind, projectName] of Object.entries(BUILT))
    putBuildCourse(place, { projectName, durationMs: RERUN_MS, ends: [kind === 'broken' ? 'FAILED' : 'SUCCEEDED'] });
  effects.watch(({ kind, id }) => {
    if (kind === 'codebuild.build') tellItsEnd(place, id, tell);
  });
  const told = (name: string, failedAt?: BuildPhaseType): string => {
    const build = buildOf(place, name, failedAt);
    putBuild(place, build);
    tell(buildEvent(place, build));
    return build.id ?? '';
  };
  for (const name of WELL) told(name);
  return {
    told: WELL.length + Object.keys(BUILT).length,
    failed: {
      [BUILT.flaky]: told(BUILT.flaky, 'BUILD'),
      [BUILT.broken]: told(BUILT.broken, 'BUILD'),
      [BUILT.environment]: told(BUILT.environment, 'PROVISIONING'),
    },
  };
}

function tellItsEnd(place: Place, id: string, tell: (event: string) => void): void {
  place.world.agenda.after(place.world.clock.now(), LOOK_MS, () => {
    const build = place.state(BUILDS).get(id);
    if (build?.buildComplete === true) tell(buildEvent(place, build));
    else tellItsEnd(place, id, tell);
  });
}

/** A build that a push began, as GitHub's webhook has it; its project keeps a cache. */
function buildOf(place: Place, projectName: string, failedAt: BuildPhaseType | undefined): Build {
  const source = { type: 'GITHUB', location: `https://github.com/acme/${projectName}.git` } as const;
  putProject(place, { name: projectName, source, cache: CACHE });
  const number = place.world.next();
  const [startTime, endTime] = [new Date(Date.now() - ENDED_BEFORE_MS - BUILD_MS), new Date(Date.now() - ENDED_BEFORE_MS)];
  return {
    ...{ id: `${projectName}:00000000-0000-4000-9000-${String(number).padStart(12, '0')}`, projectName, buildNumber: number },
    ...{ buildStatus: failedAt ? 'FAILED' : 'SUCCEEDED', buildComplete: true, initiator: 'GitHub-Hookshot/1a2b3c4', startTime, endTime, source },
    ...{ sourceVersion: `refs/heads/main^{${COMMIT}}`, resolvedSourceVersion: COMMIT, cache: CACHE },
    phases: [
      { phaseType: 'SUBMITTED', phaseStatus: 'SUCCEEDED', startTime, endTime: startTime, durationInSeconds: 0 },
      ...(failedAt ? [failedPhase(failedAt, startTime, endTime)] : []),
      { phaseType: 'COMPLETED', startTime: endTime },
    ],
  };
}

function failedPhase(phaseType: BuildPhaseType, startTime: Date, endTime: Date): BuildPhase {
  return { phaseType, phaseStatus: 'FAILED', startTime, endTime, durationInSeconds: BUILD_MS / 1000 };
}
