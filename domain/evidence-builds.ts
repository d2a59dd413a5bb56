import type { Build } from './build';
import type { LaterBuilds } from './build-later';
import { failedReason, failedWhere, shortCommit } from './build-phase';
import { isFailed } from './build-oddities';
import { othersText } from './build-rerun';
import type { ClassedBuild, OtherPipelines } from './build-rerun';
import type { BuildVerdict } from './build-verdict';
import { defined } from './defined';
import type { EvidenceFact, ToldBuild } from './evidence';
import { humanDuration } from './human-time';
import { clip } from './plain-text';

/** A failed build that an alert stands for, with what was read about it. */
export interface RawFailedBuild {
  readonly build: Build;
  readonly verdict: BuildVerdict;
  /** The newest build of the same commit that passed before it. */
  readonly passedBefore?: Build;
  /** What was built after it, and what that makes of it. */
  readonly later: LaterBuilds;
  readonly classed?: ClassedBuild;
  /** What other services' pipelines did at the time. */
  readonly others: OtherPipelines;
}

/** Failed builds that are told, those of the first alerts first. */
const MOST_BUILDS = 2;
const LONGEST = { name: 80, reason: 140, title: 400 } as const;

/** A failed build as facts: itself, the same commit passing before it, what was built after it, and what others did at the time. */
export function buildFacts(failed: readonly RawFailedBuild[]): (EvidenceFact & { readonly title: string })[] {
  return failed.slice(0, MOST_BUILDS).flatMap((raw) => {
    const { build, passedBefore, later, classed, others } = raw;
    const of = { kind: 'build', service: build.service, failed: build.id } as const;
    const after = later.again ?? later.newest;
    return [
      { ...of, what: 'failed' as const, build: told(build), title: clip(failedTitle(raw), LONGEST.title) },
      ...(passedBefore
        ? [{ ...of, what: 'passed-before' as const, build: told(passedBefore), title: `${nameOf(passedBefore)}, the same commit, passed before it` }]
        : []),
      ...(after ? [{ ...of, what: 'after' as const, build: told(after), ...defined({ class: classed?.class }), title: afterTitle(after, classed) }] : []),
      ...(others.pipelines > 0 ? [{ kind: 'other-builds' as const, service: build.service, ofBuild: build.id, ...others, title: othersTitle(others) }] : []),
    ];
  });
}

/** A build by the name of its pipeline and its run. */
export function nameOf({ name, run }: Pick<Build, 'name' | 'run'>): string {
  return `Build ${clip(run, LONGEST.name)} of ${clip(name, LONGEST.name)}`;
}

function failedTitle({ build, verdict }: RawFailedBuild): string {
  const took = build.durationMs === undefined ? '' : ` after ${humanDuration(build.durationMs)}`;
  const of = [build.branch, build.commit && shortCommit(build.commit)].filter((part) => part !== undefined && part !== '').join(', ');
  const reason = failedReason(build);
  const why = reason === undefined ? '' : `: ${clip(reason, LONGEST.reason)}`;
  const tests = build.tests && build.tests.failed > 0 ? `; ${String(build.tests.failed)} of ${String(build.tests.total)} tests failed` : '';
  const odd = verdict.verdict === 'anomalous' ? `; ${verdict.reason}` : '';
  return `${nameOf(build)}${of === '' ? '' : ` (${of})`} ${endOf(build)}${took}${why}${tests}${odd}`;
}

function afterTitle(build: Build, classed: ClassedBuild | undefined): string {
  return clip(`${nameOf(build)}, built after it, ${endOf(build)}${classed ? `: ${classed.class}, ${classed.reason}` : ''}`, LONGEST.title);
}

function othersTitle(others: OtherPipelines): string {
  return `${othersText(others)} within 15 minutes of it`;
}

function endOf(build: Build): string {
  if (!isFailed(build.result)) return build.result === 'succeeded' ? 'passed' : 'was stopped';
  const where = failedWhere(build);
  return `${build.result === 'timed-out' ? 'timed out' : 'failed'}${where === '' ? '' : ` ${where}`}`;
}

function told(build: Build): ToldBuild {
  const { id, source, name, run, result, endedAt, commit, branch, link } = build;
  return { id, source, name, run, result, endedAt, ...defined({ where: failedWhere(build) || undefined, commit, branch, link }) };
}
