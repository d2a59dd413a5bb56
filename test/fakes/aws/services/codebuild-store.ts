import type { Build, Project } from '@aws-sdk/client-codebuild';
import type { Place } from '../world';
import { stateKey } from './support';

/** Projects by their names. */
export const PROJECTS = stateKey('projects', () => new Map<string, Project>());
/** Builds by their ids. */
export const BUILDS = stateKey('builds', () => new Map<string, Build>());

/** Adds a project, by its name. */
export function putProject(place: Place, project: Project): void {
  const name = project.name ?? '';
  place.state(PROJECTS).set(name, { arn: place.arn('codebuild', `project/${name}`), ...project });
}

/** Adds a build or puts it in the place of the one with its id (`project:uuid`); its project comes with it. */
export function putBuild(place: Place, build: Build): void {
  const id = build.id ?? '';
  const projectName = build.projectName ?? id.split(':')[0] ?? '';
  if (!place.state(PROJECTS).has(projectName)) putProject(place, { name: projectName });
  place.state(BUILDS).set(id, { arn: place.arn('codebuild', `build/${id}`), projectName, ...build });
}
