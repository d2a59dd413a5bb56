import type { ActionName } from '../actions/table';
import type { ChangeKind } from '../change';
import { sameParameters } from '../decisions';
import { blames } from '../rejection';
import type { Agreement, PersonDid, SeenChange, ShadowEntry, WouldDo } from './entry';

/** How what was done compares with what Nightshift would have done. What is only told in words is not compared. `uses` are the actions of the runbook's steps, where they are known. */
export function agreementOf({ would, answer, did }: Pick<ShadowEntry, 'would' | 'answer' | 'did'>, uses: readonly string[] = []): Agreement {
  if (answer.kind === 'approved') return 'same';
  if (answer.kind === 'edited') return 'other-parameters';
  const byDeed = did && agreementOfDeed(would, did, uses);
  if (byDeed !== undefined && byDeed !== 'unknown') return byDeed;
  return answer.kind === 'rejected' && blames(answer.code) ? 'different' : 'unknown';
}

function agreementOfDeed(would: WouldDo, did: PersonDid, uses: readonly string[]): Agreement {
  if (did.kind === 'nothing') return 'nothing-done';
  if (did.kind === 'changes') return agreementOfChanges(would, did.changes ?? [], uses);
  if (did.runbook === undefined) return 'unknown';
  if (did.runbook !== would.runbook) return 'different';
  return did.parameters === undefined || sameParameters(did.parameters, would.parameters) ? 'same' : 'other-parameters';
}

/** A change to a version that the parameters name is the same; one of the kind that the steps make is the same runbook; any other is something else. */
function agreementOfChanges({ parameters }: WouldDo, changes: readonly SeenChange[], uses: readonly string[]): Agreement {
  const kinds = new Set(uses.flatMap(kindsOf));
  const own = changes.filter(({ kind }) => kinds.has(kind));
  const values = Object.values(parameters);
  if (own.some(({ kind, to }) => kind === 'restart' || (to !== undefined && values.includes(to)))) return 'same';
  if (own.length > 0) return 'other-parameters';
  return kinds.size === 0 ? 'unknown' : 'different';
}

const RELEASES: readonly ChangeKind[] = ['deployment', 'rollback'];

/** Kinds of change that an action shows itself as; none for what leaves no change. */
const KINDS: Partial<Readonly<Record<ActionName, readonly ChangeKind[]>>> = {
  'release/deploy': RELEASES,
  'codedeploy.rollback': RELEASES,
  'codepipeline.rollback-stage': RELEASES,
  'lambda.alias': RELEASES,
  'service/restart': ['restart'],
  'ecs.service-deployment': ['restart', 'deployment'],
  'codedeploy.restart': ['restart', 'deployment'],
};

function kindsOf(use: string): readonly ChangeKind[] {
  return Object.hasOwn(KINDS, use) ? (KINDS[use as ActionName] ?? []) : [];
}
