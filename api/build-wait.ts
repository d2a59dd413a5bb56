import type { Build } from '../domain/build';
import { judged, UNSCORED } from '../domain/build-verdict';
import type { BuildVerdict, JudgedBuild } from '../domain/build-verdict';
import { humanDuration } from '../domain/human-time';
import type { ApiDeps } from './types';

/** Longest wait for a verdict. */
export const LONGEST_WAIT_MS = 60_000;

/**
 * The wait that the header `Prefer` asks for (RFC 7240, section 4.3: whole seconds), in milliseconds and at most the longest; undefined without one. A preference that cannot be
 * read is left aside, as the RFC wants it.
 */
export function preferredWait(header: string | readonly string[] | undefined): number | undefined {
  const asked = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec([header ?? []].flat().join(','))?.[1];
  return asked === undefined ? undefined : Math.min(LONGEST_WAIT_MS, Number(asked) * 1000);
}

/** The verdicts of builds that are kept, after `waitMs` at the latest: what is not judged by then is `unknown`, and so it is when judging fails, as the builds are safe. */
export async function verdictsWithin(
  { verdicts, log }: Pick<ApiDeps, 'verdicts' | 'log'>,
  builds: readonly Build[],
  waitMs: number,
): Promise<readonly JudgedBuild[]> {
  if (!verdicts) return judged(builds, [], UNSCORED);
  const missing: BuildVerdict = { verdict: 'unknown', reason: `it was not judged within ${humanDuration(waitMs)}` };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly BuildVerdict[]>((resolve) => {
    timer = setTimeout(() => resolve([]), waitMs);
  });
  try {
    return judged(builds, await Promise.race([verdicts.of(builds, waitMs), late]), missing);
  } catch (error) {
    log?.error({ err: error }, 'builds could not be judged');
    return judged(builds, [], { verdict: 'unknown', reason: 'it could not be judged' });
  } finally {
    clearTimeout(timer);
  }
}
