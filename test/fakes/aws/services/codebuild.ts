import type {
  BatchGetBuildsInput,
  BatchGetBuildsOutput,
  BatchGetProjectsInput,
  BatchGetProjectsOutput,
  BatchGetReportsInput,
  BatchGetReportsOutput,
  Build,
  ListBuildsForProjectInput,
  ListBuildsForProjectOutput,
  ListBuildsInput,
  ListBuildsOutput,
  ListProjectsInput,
  ListProjectsOutput,
  Report,
} from '@aws-sdk/client-codebuild';
import { AwsError } from '../errors';
import type { Call, FakeService } from '../service';
import type { Place } from '../world';
import { putBuildCourse, retryBuild, setBuildLimit, startBuild, stopBuild } from './codebuild-run';
import { BUILDS, PROJECTS, putBuild, putProject } from './codebuild-store';
import { found, newestFirst, stateKey } from './support';

export { putBuild, putProject };

const REPORTS = stateKey('reports', () => new Map<string, Report>());
const PAGE = 100;

/** Adds a report of tests or puts it in the place of the one with its ARN, which a build names in `reportArns`. */
export function putReport(place: Place, report: Report): void {
  place.state(REPORTS).set(report.arn ?? '', report);
}

function listProjects({ nextToken, sortOrder }: ListProjectsInput, call: Call): ListProjectsOutput {
  const items = (): string[] => ordered([...call.place.state(PROJECTS).keys()].filter(call.visible).sort(), sortOrder === 'DESCENDING');
  const page = call.page({ items, token: nextToken, max: PAGE, badToken: 'InvalidInputException' });
  return { projects: page.items, nextToken: page.next };
}

function batchGetProjects({ names = [] }: BatchGetProjectsInput, { place }: Call): BatchGetProjectsOutput {
  const all = place.state(PROJECTS);
  const keys = limited(names).map((name) => name.slice(name.lastIndexOf('/') + 1));
  return { projects: keys.flatMap((name) => all.get(name) ?? []), projectsNotFound: keys.filter((name) => !all.has(name)) };
}

function listBuilds({ nextToken, sortOrder }: ListBuildsInput, call: Call): ListBuildsOutput {
  return idsOf(call, nextToken, sortOrder, () => true);
}

function listBuildsForProject({ projectName = '', nextToken, sortOrder }: ListBuildsForProjectInput, call: Call): ListBuildsForProjectOutput {
  found(
    call.place.state(PROJECTS).get(projectName),
    'ResourceNotFoundException',
    `The provided project ${call.place.arn('codebuild', `project/${projectName}`)} does not exist`,
  );
  return idsOf(call, nextToken, sortOrder, (build) => build.projectName === projectName);
}

function idsOf(call: Call, token: string | undefined, sortOrder: string | undefined, asked: (build: Build) => boolean): ListBuildsOutput {
  const all = (): Build[] =>
    newestFirst(call.place.state(BUILDS).values(), (build) => build.startTime).filter((build) => asked(build) && call.visible(build.id ?? ''));
  const items = (): string[] => ordered(all(), sortOrder === 'ASCENDING').map((build) => build.id ?? '');
  const page = call.page({ items, token, max: PAGE, badToken: 'InvalidInputException' });
  return { ids: page.items, nextToken: page.next };
}

function batchGetBuilds({ ids = [] }: BatchGetBuildsInput, { place, visible }: Call): BatchGetBuildsOutput {
  const all = place.state(BUILDS);
  // Both ids and ARNs name builds.
  const builds = limited(ids)
    .map((id) => ({ id, build: all.get(id.replace(/^arn:.*:build\//, '')) }))
    .filter(({ build }) => visible(build?.id ?? ''));
  return { builds: builds.flatMap(({ build }) => build ?? []), buildsNotFound: builds.filter(({ build }) => !build).map(({ id }) => id) };
}

function batchGetReports({ reportArns = [] }: BatchGetReportsInput, { place }: Call): BatchGetReportsOutput {
  const all = place.state(REPORTS);
  const arns = limited(reportArns);
  return { reports: arns.flatMap((arn) => all.get(arn) ?? []), reportsNotFound: arns.filter((arn) => !all.has(arn)) };
}

function limited(names: readonly string[]): readonly string[] {
  if (names.length === 0 || names.length > PAGE) throw new AwsError('InvalidInputException', `There must be 1 to ${String(PAGE)} names`);
  return names;
}

function ordered<T>(items: T[], reverse: boolean): T[] {
  return reverse ? items.reverse() : items;
}

/** CodeBuild. */
export const CODEBUILD: FakeService = {
  signedAs: 'codebuild',
  target: 'CodeBuild_20161006',
  load: () => import('@aws-sdk/client-codebuild'),
  operations: {
    ListProjects: listProjects,
    BatchGetProjects: batchGetProjects,
    ListBuilds: listBuilds,
    ListBuildsForProject: listBuildsForProject,
    BatchGetBuilds: batchGetBuilds,
    BatchGetReports: batchGetReports,
    StartBuild: startBuild,
    RetryBuild: retryBuild,
    StopBuild: stopBuild,
  },
  facts: {
    project: { shape: 'Project', put: putProject },
    build: { shape: 'Build', put: putBuild },
    report: { shape: 'Report', put: putReport },
    course: { put: putBuildCourse },
    limit: { put: setBuildLimit },
  },
};
