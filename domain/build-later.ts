import type { Build } from './build';
import { sameCommit } from './build-phase';

/** What was built of a pipeline after a build of it failed. */
export interface LaterBuilds {
  /** What classes the failed one: the known rerun, else the first later build of the same commit. */
  readonly again?: Build;
  /** True where `again` is the rerun that an action began. */
  readonly clean: boolean;
  /** The newest of the same commit or branch that was not cancelled. */
  readonly newest?: Build;
}

/** Picks from builds of the same pipeline those that follow a failed one. `rerun` is the id that CodeBuild gave to the one that an action began. */
export function laterBuilds(first: Build, builds: readonly Build[], rerun?: string): LaterBuilds {
  const known = rerun === undefined ? undefined : builds.find(({ id }) => isBuild(id, rerun));
  const after = builds
    .filter((each) => each.id !== first.id && each.result !== 'cancelled' && isAfter(first, each))
    .filter((each) => each === known || isOfSame(first, each))
    .sort((a, b) => (a.endedAt < b.endedAt ? -1 : a.endedAt > b.endedAt ? 1 : a.id < b.id ? -1 : 1));
  const again = known ?? (rerun === undefined ? after.find((each) => sameCommit(first, each) !== false) : undefined);
  const newest = after.at(-1);
  return { clean: known !== undefined, ...(again && { again }), ...(newest && { newest }) };
}

/** Whether one of our ids is that of a build of CodeBuild: it ends with its own, `project:uuid`. */
export function isBuild(id: string, rerun: string): boolean {
  return id === rerun || (rerun !== '' && (id.endsWith(`/${rerun}`) || id.endsWith(`:${rerun}`)));
}

/** One that ran beside it is no rerun. */
function isAfter(first: Build, each: Build): boolean {
  return each.endedAt > first.endedAt && (each.startedAt ?? each.endedAt) >= (first.startedAt ?? first.endedAt);
}

function isOfSame(first: Build, each: Build): boolean {
  return sameCommit(first, each) === true || first.branch === each.branch;
}
