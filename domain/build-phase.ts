import type { Build, BuildStep } from './build';
import { isFailed } from './build-oddities';

/** Phases of CodeBuild, and steps of GitHub Actions, that end before the first command of the build. https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html */
const BEFORE_COMMANDS: readonly string[] = [
  ...['SUBMITTED', 'QUEUED', 'PROVISIONING', 'DOWNLOAD_SOURCE'],
  ...['Set up job', 'Set up runner', 'Initialize containers'],
];
/** Characters of a commit that people know it by; two that agree in so many are the same. */
const SHORT_COMMIT = 7;

/** The first part of a build that failed; undefined where none did, or the source tells no parts. */
export function failedPhase(build: Build): string | undefined {
  return failedStep(build)?.name;
}

/** Why that part failed, as its source says. */
export function failedReason(build: Build): string | undefined {
  return failedStep(build)?.detail;
}

/** Whether both tell why they failed and the kinds of reason differ, by the word that CodeBuild begins it with, such as `COMMAND_EXECUTION_ERROR`. */
export function otherReason(a: Build, b: Build): boolean {
  const [one, other] = [a, b].map((build) => /^[A-Z][A-Z_]+(?=:)/.exec(failedReason(build) ?? '')?.[0]);
  return one !== undefined && other !== undefined && one !== other;
}

/** Whether a build failed before it ran a command of its own, or because what builds broke. */
export function failedBeforeCommands(build: Build): boolean {
  const phase = failedPhase(build);
  return isFailed(build.result) && (build.fault === true || (phase !== undefined && BEFORE_COMMANDS.includes(phase)));
}

/** Where a build failed, in words: `at BUILD`, `before its own commands ran, at QUEUED`; empty where nothing tells. */
export function failedWhere(build: Build): string {
  const phase = failedPhase(build);
  const at = phase === undefined ? '' : `at ${phase}`;
  if (!failedBeforeCommands(build)) return at;
  const why = build.fault === true ? 'by a fault of what builds' : 'before its own commands ran';
  return at === '' ? why : `${why}, ${at}`;
}

/** Whether both tell their commit and it is the same; undefined where one does not tell it. */
export function sameCommit(a: Pick<Build, 'commit'>, b: Pick<Build, 'commit'>): boolean | undefined {
  if (a.commit === undefined || b.commit === undefined) return undefined;
  const [short, long] = [a.commit, b.commit].sort((x, y) => x.length - y.length) as [string, string];
  return short === long || (short.length >= SHORT_COMMIT && long.startsWith(short));
}

/** A commit as people write it. */
export function shortCommit(commit: string): string {
  return commit.slice(0, SHORT_COMMIT);
}

function failedStep({ steps }: Build): BuildStep | undefined {
  return steps?.find(({ result }) => result !== 'skipped' && isFailed(result));
}
