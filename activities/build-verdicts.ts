import type { Build } from '../domain/build';
import type { BuildVerdict } from '../domain/build-verdict';
import { COMPARED_BUILDS, scoreBuild } from '../domain/build-score';
import type { BuildReader } from '../ports/archive';
import type { BuildVerdicts } from '../ports/build-verdicts';
import type { Clock } from '../ports/clock';

/** How far back builds are compared with, milliseconds. */
const REACH_MS = 90 * 86_400_000;

/** The builds that a build is compared with, newest first: those of its pipeline that succeeded and ended before it. */
export async function buildsBefore(builds: Pick<BuildReader, 'list'>, { environment, service, name, endedAt, id }: Build): Promise<readonly Build[]> {
  const to = Date.parse(endedAt);
  const found = await builds.list({ environment, service, name, results: ['succeeded'], from: to - REACH_MS, to, limit: COMPARED_BUILDS + 1 });
  return found.filter((each) => each.id !== id);
}

/** Judges builds by those of the same pipeline that ended before them, as the archive has them. */
export function archivedVerdicts(builds: Pick<BuildReader, 'list'>, clock: Clock): BuildVerdicts {
  return {
    async of(asked, waitMs) {
      const until = clock.now() + waitMs;
      const verdicts: BuildVerdict[] = [];
      for (const build of asked) {
        // Nobody waits any more for the rest.
        if (clock.now() > until) break;
        verdicts.push(scoreBuild(build, await buildsBefore(builds, build)));
      }
      return verdicts;
    },
  };
}
