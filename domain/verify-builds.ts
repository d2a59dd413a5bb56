import { isFailed } from './build-oddities';
import { failedWhere, shortCommit } from './build-phase';
import type { ClassedBuild } from './build-rerun';
import type { Build } from './build';
import type { LaterBuilds } from './build-later';
import { nameOf } from './evidence-builds';
import type { Verdict } from './names';
import type { Verification } from './verification';

/** A failed build with what was built after it. */
export interface FollowedBuild {
  readonly first: Build;
  readonly later: LaterBuilds;
  readonly classed?: ClassedBuild;
  /** An action began a rerun of it. */
  readonly rerun: boolean;
}

interface Judgement {
  readonly verdict: Extract<Verdict, 'recovered' | 'unchanged' | 'unknown'>;
  readonly reason: string;
  /** More may become known. */
  readonly open: boolean;
}

/**
 * Whether failed builds recovered, by what is recorded of builds: a rerun that passes, or a later build of the branch, is `recovered`, one that fails again `unchanged`, and nothing yet `unknown`; where
 * only some of several recovered it is `partial`. The reason begins with the class of the build that was run again. `waiting`: there is time to look once more.
 */
export function verifyBuilds(followed: readonly FollowedBuild[], waiting: boolean): Verification {
  // The one that was run again is told first.
  const judged = [...followed].sort((a, b) => Number(b.rerun) - Number(a.rerun)).map(judge);
  const open = judged.filter(({ verdict }) => verdict !== 'recovered');
  const [first] = judged;
  if (!first) return verification('unknown', 'the failed build is not kept any more', false);
  const shown = open.length === 0 ? [first] : open.length === judged.length ? open.slice(0, 1) : [first, ...open.filter((each) => each !== first)];
  const verdict = open.length > 0 && open.length < judged.length ? 'partial' : (open[0] ?? first).verdict;
  return verification(verdict, shown.map(({ reason }) => reason).join('; '), waiting && open.some((each) => each.open));
}

function judge({ first, later, classed, rerun }: FollowedBuild): Judgement {
  const { again, newest } = later;
  const what = classed ? `${classed.class}: ${classed.reason}` : '';
  if (again?.result === 'succeeded') return { verdict: 'recovered', reason: what, open: false };
  if (newest?.result === 'succeeded') {
    const passes = `${nameOf(newest)} passed${newest.commit === undefined ? '' : `, commit ${shortCommit(newest.commit)}`}`;
    return { verdict: 'recovered', reason: what === '' ? passes : `${what}; ${passes}`, open: false };
  }
  if (again && isFailed(again.result)) return { verdict: 'unchanged', reason: what, open: false };
  if (again) return { verdict: 'unknown', reason: what, open: false };
  if (rerun) return { verdict: 'unknown', reason: `how the rerun of ${nameOf(first)} ended was not told yet`, open: true };
  if (newest) return { verdict: 'unchanged', reason: `${nameOf(newest)} failed too${where(newest)}`, open: false };
  return { verdict: 'unknown', reason: `nothing was built after ${nameOf(first)} yet`, open: true };
}

function where(build: Build): string {
  const text = failedWhere(build);
  return text === '' ? '' : `, ${text}`;
}

function verification(verdict: Verdict, text: string, inconclusive: boolean): Verification {
  return { verdict, reason: `${text.charAt(0).toUpperCase()}${text.slice(1)}.`, before: null, after: null, inconclusive };
}
