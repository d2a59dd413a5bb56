import { rerunEnd } from '../domain/aws/build-rerun';
import type { EvidenceBundle } from '../domain/evidence';
import type { MeasureInput } from '../domain/steps';
import type { Verification } from '../domain/verification';
import { verifyBuilds } from '../domain/verify-builds';
import type { FollowedBuild } from '../domain/verify-builds';
import type { IntentHistory } from '../ports/audit';
import type { BuildReader } from '../ports/archive';
import type { ProposalStore } from '../ports/store';
import { followBuild } from './failed-builds';

/** What measuring failed builds works with. */
export interface BuildVerificationDeps {
  readonly builds: BuildReader;
  readonly proposals: Pick<ProposalStore, 'ofRound'>;
  readonly intents: Pick<IntentHistory, 'between'>;
}

/** Intents that are looked through for those of one round, and how long before its effect (milliseconds) one was written at most: a step has an hour. */
/** As CodeBuild gives it; other remedies have ids of other kinds. */
const CODEBUILD_ID = /^[^:\s]+:[0-9a-f-]{36}$/;
const MOST_INTENTS = 1000;
const INTENDED_MS = 6 * 3_600_000;

/** Whether the failed builds of a round's evidence have passed since, as builds are recorded. `now` in epoch milliseconds. */
export async function measureBuilds(deps: BuildVerificationDeps, input: MeasureInput, bundle: EvidenceBundle, now: number): Promise<Verification> {
  const { plan, effectAt } = input;
  const failed = bundle.items.flatMap((item) => (item.kind === 'build' && item.what === 'failed' ? [item.failed] : []));
  const acted = await actedOn(deps, bundle, effectAt);
  const followed = await Promise.all(failed.map((id) => follow(deps, id, now, acted)));
  const waiting = now - effectAt - plan.settleMs < plan.timeoutMs;
  return verifyBuilds(
    followed.filter((each) => each !== undefined),
    waiting,
  );
}

/** A build that was run again, with the id of the rerun where it was answered. */
interface Acted {
  readonly build: string;
  readonly rerun?: string;
}

async function follow({ builds }: BuildVerificationDeps, id: string, now: number, acted: Acted | undefined): Promise<FollowedBuild | undefined> {
  const first = await builds.get(id);
  if (!first) return undefined;
  const isActed = acted?.build === id;
  const { later, classed } = await followBuild(builds, first, now, isActed ? acted.rerun : undefined);
  return { first, later, rerun: isActed, ...(classed && { classed }) };
}

async function actedOn({ proposals, intents }: BuildVerificationDeps, { incidentId, round }: EvidenceBundle, effectAt: number): Promise<Acted | undefined> {
  const [proposal] = await proposals.ofRound(incidentId, round);
  if (!proposal?.hypothesis.startsWith('build:')) return undefined;
  const build = proposal.hypothesis.slice('build:'.length);
  const written = await intents.between(effectAt - INTENDED_MS, effectAt, MOST_INTENTS);
  const mine = written.filter((intent) => intent.incidentId === incidentId && intent.round === round);
  // One whose answer was lost was found in the world, and its detail tells it.
  const ids = mine.flatMap(({ reference, detail = '' }) => [reference, rerunEnd(detail)?.build]);
  const rerun = ids.find((each) => each !== undefined && CODEBUILD_ID.test(each));
  return { build, ...(rerun !== undefined && { rerun }) };
}
