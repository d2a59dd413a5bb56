import type { Carrier } from '../../ports/hands';
import type { GithubActionsDeps } from './access';
import { createDispatch } from './dispatch';
import { paced } from './paced';
import { createFailedJobsRerun } from './rerun-failed-jobs';

/** Carriers of the actions on GitHub, by their names. */
export function githubCarriers(deps: GithubActionsDeps): Readonly<Record<'github.rerun-failed-jobs' | 'github.dispatch', Carrier>> {
  return { 'github.rerun-failed-jobs': paced(createFailedJobsRerun(deps), deps.clock), 'github.dispatch': paced(createDispatch(deps), deps.clock) };
}
