import { specOf } from '../domain/actions/table';
import { defined } from '../domain/defined';
import { errorMessage } from '../domain/errors';
import type { Inventory } from '../domain/inventory';
import { targetId } from '../domain/inventory';
import type { Proposal } from '../domain/proposal';
import type { Recollection } from '../domain/recollection';
import type { RunbookSnapshot } from '../domain/runbook';
import { renderRunbook } from '../domain/runbook-render';
import type { Clock } from '../ports/clock';
import type { Effect, Hands, Sighting } from '../ports/hands';
import type { WorkflowMemory, WorkflowRef } from '../ports/incidents';
import { openIncidents } from '../ports/open-incidents';
import type { IntentRow, Store } from '../ports/store';
import { snapshotOfProposal } from './snapshots';

/** What recovering works with. */
export interface RecoveryDeps {
  readonly store: Pick<Store, 'incidents' | 'transitions' | 'proposals' | 'intents' | 'killSwitch' | 'state' | 'audit'>;
  readonly memory: WorkflowMemory;
  readonly hands: Hands;
  readonly inventory: Inventory;
  /** The catalogue, to put back snapshots that the store lost. */
  readonly runbooks: readonly RunbookSnapshot[];
  readonly clock: Clock;
  /** Name of the state that a restore leaves behind. */
  readonly restoredState: string;
}

/** What was found and done. */
export interface Recovery {
  /** Workflows that remember more than the store holds. */
  readonly behind: number;
  /** Incidents whose records were put back from histories. */
  readonly mended: number;
  /** Open intents that were looked up in the world, by what was seen. */
  readonly looked: Readonly<Record<string, number>>;
}

const ACTOR = 'nightshift';

/**
 * Before any work is taken: compares the store with what open workflows remember. When it is behind, or was restored from a backup, the kill switch goes on first; then every open
 * intent is looked up in the world, and the records that the histories still hold are put back. Returns undefined when nothing was amiss.
 */
export async function recoverStore(deps: RecoveryDeps): Promise<Recovery | undefined> {
  const restored = ((await deps.store.state.load(deps.restoredState)) ?? null) !== null;
  const open = await deps.memory.open();
  const behind: WorkflowRef[] = [];
  for (const ref of open) if (await isBehind(deps, ref)) behind.push(ref);
  if (behind.length === 0 && !restored) return undefined;
  await halt(deps, behind.length, restored);
  const looked = await lookUpIntents(deps);
  const mended = await mend(deps, [...behind, ...(await staleIncidents(deps, open))]);
  await deps.store.state.save(deps.restoredState, null);
  const found = { behind: behind.length, mended, looked };
  await deps.store.audit.append({ at: now(deps), actor: ACTOR, kind: 'note', summary: summaryOf(found), data: { ...found } });
  return found;
}

/** The workflow is asked first: whatever it remembers was in the store before. */
async function isBehind(deps: RecoveryDeps, ref: WorkflowRef): Promise<boolean> {
  const remembered = await deps.memory.head(ref);
  if (!remembered) return false;
  const view = await deps.store.incidents.get(remembered.incidentId);
  return remembered.head.count > (view?.version ?? 0);
}

async function halt({ store, clock }: RecoveryDeps, behind: number, restored: boolean): Promise<void> {
  const { on } = await store.killSwitch.halted();
  if (on) return;
  const why = restored ? 'the store was restored from a backup' : `the store is older than ${String(behind)} open workflow(s) remember`;
  await store.killSwitch.set(true, ACTOR, `${why}; an admin turns it off once effects and incidents were looked through`, new Date(clock.now()).toISOString());
}

/** Incidents that the store shows as open; their workflows may have ended since. */
async function staleIncidents({ store }: RecoveryDeps, open: readonly WorkflowRef[]): Promise<readonly WorkflowRef[]> {
  const running = new Set(open.map(({ workflowId }) => workflowId));
  const refs: WorkflowRef[] = [];
  for await (const page of openIncidents(store.incidents)) {
    refs.push(...page.map(({ workflowId, runId }) => ({ workflowId, runId })).filter((ref) => !running.has(ref.workflowId)));
  }
  return refs;
}

/** Puts back what the histories hold; people were told of it at the time. Returns the number of incidents that lacked something. */
async function mend(deps: RecoveryDeps, refs: readonly WorkflowRef[]): Promise<number> {
  const { store, memory } = deps;
  const recalled: Recollection[] = [];
  for (const ref of refs) recalled.push((await memory.recall(ref)) ?? { transitions: [], proposals: [] });
  for (const proposal of recalled.flatMap(({ proposals }) => proposals)) await putBack(deps, proposal);
  const mended = new Set<string>();
  // An incident and its remediation each hold a part, and records go in by their numbers.
  const transitions = recalled.flatMap((each) => each.transitions).sort((a, b) => (a.records[0]?.seq ?? 0) - (b.records[0]?.seq ?? 0));
  for (const { notify: _told, ...transition } of transitions) {
    const there = (await store.incidents.get(transition.incidentId))?.version ?? 0;
    if ((transition.records.at(-1)?.seq ?? 0) <= there) continue;
    await store.transitions.apply(transition);
    mended.add(transition.incidentId);
  }
  return mended.size;
}

async function putBack({ store, runbooks }: RecoveryDeps, proposal: Proposal): Promise<void> {
  await store.proposals.saveProposal(proposal);
  const snapshot = runbooks.find(({ hash }) => hash === proposal.runbook.hash);
  if (snapshot) await store.proposals.saveRunbook(snapshot);
}

async function lookUpIntents(deps: RecoveryDeps): Promise<Readonly<Record<string, number>>> {
  const looked: Record<string, number> = {};
  for (const intent of await deps.store.intents.open()) {
    if (await isDead(deps, intent)) continue;
    const seen = await lookUp(deps, intent).catch((error: unknown): LookedUp => ({
      state: 'ambiguous',
      detail: `it could not be looked up: ${errorMessage(error)}`,
    }));
    looked[seen.state] = (looked[seen.state] ?? 0) + 1;
    // What stays open is looked up once more by whoever carries it out. What is absent may begin there; anything else may have begun before the store was put back, whatever the store says.
    if (seen.state === 'done' || seen.state === 'failed')
      await deps.store.intents.mark(intent.token, seen.state, `found after a restart: ${seen.detail}`, { startedAt: intent.startedAt ?? intent.intendedAt });
    else if (seen.state === 'ambiguous' && seen.lost) await deps.store.intents.mark(intent.token, seen.state, seen.detail);
    else if (seen.state !== 'absent' && intent.state === 'intended')
      await deps.store.intents.mark(intent.token, 'started', `after a restart: ${seen.detail}`, { startedAt: deps.clock.now() });
  }
  return looked;
}

/** A step that nobody came to while its incident was open: that closed later than it could have begun. */
async function isDead({ store }: RecoveryDeps, { incidentId, state }: IntentRow): Promise<boolean> {
  if (state !== 'intended') return false;
  return (await store.incidents.get(incidentId))?.status === 'resolved';
}

/** `lost`: nobody can tell any more. */
type LookedUp = Sighting & { readonly lost?: true };

/** What only the store could tell, a store of before cannot. */
function told(seen: Sighting, { action }: Effect): LookedUp {
  if (seen.state !== 'absent' || specOf(action).trace === 'world') return seen;
  return { state: 'ambiguous', detail: `the store was put back to an earlier state, and nothing else tells whether ${action} was done`, lost: true };
}

async function lookUp(deps: RecoveryDeps, intent: IntentRow): Promise<LookedUp> {
  const proposals = await deps.store.proposals.ofRound(intent.incidentId, intent.round);
  const proposal = proposals.find((p) => p.runbook.id === intent.runbook && targetId(p.target) === intent.target);
  const effect = proposal && (await effectOf(deps, intent, proposal));
  const service = deps.inventory.services.find(({ hands }) => hands && targetId(hands.target) === intent.target);
  if (!effect || !service) return { state: 'ambiguous', detail: 'its runbook or its target is not known here any more' };
  return told(await deps.hands.look(service, effect), effect);
}

async function effectOf({ store }: RecoveryDeps, intent: IntentRow, proposal: Proposal): Promise<Effect | undefined> {
  const { snapshot } = await snapshotOfProposal(store.proposals, proposal);
  if (!snapshot) return undefined;
  const { steps, inverse } = renderRunbook(snapshot.runbook, proposal.parameters);
  const undo = intent.step.startsWith('undo:');
  const step = (undo ? inverse : steps).find(({ id }) => id === (undo ? intent.step.slice('undo:'.length) : intent.step));
  if (!step) return undefined;
  const { token, incidentId, intendedAt, reference } = intent;
  const { uses: action, with: inputs, timeoutMs, idempotent } = step;
  return defined({ token, incidentId, intendedAt, action, inputs, target: proposal.target, timeoutMs, reference, idempotent });
}

function summaryOf({ behind, mended, looked }: Recovery): string {
  const intents = Object.entries(looked).map(([state, count]) => `${String(count)} ${state}`);
  return `The store was behind ${String(behind)} open workflow(s); ${String(mended)} incident(s) were put back from their histories; open intents in the world: ${intents.join(', ') || 'none'}.`;
}

function now({ clock }: RecoveryDeps): string {
  return new Date(clock.now()).toISOString();
}
