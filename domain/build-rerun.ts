import type { Build } from './build';
import { isFailed } from './build-oddities';
import { failedBeforeCommands, failedPhase, failedWhere, otherReason, sameCommit, shortCommit } from './build-phase';
import { humanDuration } from './human-time';

/** What a failed build turned out to be when it was built again; `undecided` where what is known does not tell. */
export const BUILD_CLASSES = ['flaky', 'broken', 'environment', 'undecided'] as const;

/** The class of a failed build with the reason, a part of a sentence. */
export interface ClassedBuild {
  readonly class: (typeof BUILD_CLASSES)[number];
  readonly reason: string;
}

/** Pipelines of other services that ended about the same time, by their newest build then. */
export interface OtherPipelines {
  readonly pipelines: number;
  readonly failed: number;
}

/** A failed build, the build of the same pipeline after it, and what others did at the time of each. */
export interface BuiltAgain {
  readonly first: Build;
  readonly again: Build;
  /** True where the second is known to be a rerun in a clean environment. */
  readonly clean: boolean;
  readonly others: { readonly first: OtherPipelines; readonly again: OtherPipelines };
}

/** With fewer others that fail it may be chance. */
const LEAST_OTHERS = 2;

/** What pipelines of other services did, from builds in any order. Those of the same service share its commit, so that they prove nothing about what builds. */
export function otherPipelines(of: Pick<Build, 'environment' | 'service'>, builds: readonly Build[]): OtherPipelines {
  const newest = new Map<string, Build>();
  for (const build of builds) {
    if (build.result === 'cancelled' || (build.environment === of.environment && build.service === of.service)) continue;
    const key = JSON.stringify([build.environment, build.service, build.name]);
    const known = newest.get(key);
    if (!known || known.endedAt < build.endedAt) newest.set(key, build);
  }
  const all = [...newest.values()];
  return { pipelines: all.length, failed: all.filter(({ result }) => isFailed(result)).length };
}

/** Whether so many others fail that what they share is to blame: more than half, and at least two. */
export function mostFail({ pipelines, failed }: OtherPipelines): boolean {
  return failed >= LEAST_OTHERS && failed * 2 > pipelines;
}

/** The same in words: `3 of 4 pipelines of other services failed`. */
export function othersText({ pipelines, failed }: OtherPipelines): string {
  return `${String(failed)} of ${String(pipelines)} pipelines of other services failed`;
}

/**
 * Classes a failed build by the build after it. `environment`: it failed before its own commands ran, by a fault of what builds, or while most others failed too; `flaky`: the same commit passes;
 * `broken`: it fails again in the same part, for the same kind of reason where both tell it. Of another commit, or without knowing it is the same, nothing is said of one that passes.
 */
export function classOfRerun(built: BuiltAgain): ClassedBuild {
  const { first, again } = built;
  const same = sameCommit(first, again);
  if (same === false) return { class: 'undecided', reason: `what was built after it is another commit, ${commitText(again)}` };
  if (again.result === 'cancelled') return { class: 'undecided', reason: 'the rerun was stopped before it ended' };
  if (failedBeforeCommands(first)) return { class: 'environment', reason: `it failed ${failedWhere(first)}; ${againText(built)}` };
  return again.result === 'succeeded' ? passed(built, same === true) : failedAgain(built);
}

function passed(built: BuiltAgain, same: boolean): ClassedBuild {
  const text = againText(built);
  const { first } = built.others;
  if (mostFail(first)) return { class: 'environment', reason: `${othersText(first)} at the time; ${text}` };
  if (!same) return { class: 'undecided', reason: `${text}, and it is not told whether that is the same commit` };
  return { class: 'flaky', reason: `${text}, same commit ${commitText(built.again)}` };
}

function failedAgain(built: BuiltAgain): ClassedBuild {
  const { first, again, others } = built;
  const text = againText(built);
  if (samePart(first, again)) {
    if (mostFail(others.first) && mostFail(others.again)) return { class: 'environment', reason: `${text}, and ${othersText(others.again)} then too` };
    return { class: 'broken', reason: `${text}${sameCommit(first, again) === true ? `, same commit ${commitText(again)}` : ''}` };
  }
  const before = failedWhere(first) === '' ? 'elsewhere' : failedWhere(first);
  const differs = otherReason(first, again) ? `${text}, for another reason than the first time` : `${text}, the first time ${before}`;
  if (mostFail(others.again)) return { class: 'environment', reason: `${differs}; ${othersText(others.again)} then too` };
  return { class: 'undecided', reason: differs };
}

/** Where neither tells its parts, how they ended must do. */
function samePart(first: Build, again: Build): boolean {
  if (failedBeforeCommands(again) || otherReason(first, again)) return false;
  const [a, b] = [failedPhase(first), failedPhase(again)];
  return a === b && (a !== undefined || first.result === again.result);
}

function againText({ again, clean }: BuiltAgain): string {
  const how = clean ? 'on a rerun in a clean environment' : 'when it was built again';
  const took = again.durationMs === undefined ? '' : ` after ${humanDuration(again.durationMs)}`;
  if (again.result === 'succeeded') return `passed ${how}`;
  const where = failedWhere(again);
  return `failed again ${how}${where === '' ? '' : `, ${where}`}${took}`;
}

function commitText({ commit }: Build): string {
  return commit === undefined ? 'which is not told' : shortCommit(commit);
}
