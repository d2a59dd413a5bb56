import { checkDecisions } from '../domain/approval-check';
import { blastRefusals } from '../domain/blast-radius';
import { NightshiftError } from '../domain/errors';
import { freezesAt } from '../domain/freeze';
import { findService, targetId } from '../domain/inventory';
import type { Inventory, Service } from '../domain/inventory';
import type { Policy } from '../domain/policy-types';
import type { Proposal } from '../domain/proposal';
import type { RunbookSnapshot } from '../domain/runbook';
import { renderRunbook } from '../domain/runbook-render';
import type { RenderedCheck, RenderedRunbook, RenderedStep } from '../domain/runbook-render';
import type { IncidentSettings } from '../domain/settings';
import type { AnswersFound, PrepareInput, Prepared, PreparedStep, Refusal } from '../domain/steps';
import { effectToken } from '../domain/tokens';
import type { Hands, TargetState } from '../ports/hands';
import type { ActionCounts, IntentStore } from '../ports/store';
import { decisionFacts } from './approval';
import type { ApprovalDeps } from './approval';
import { considerBrake } from './brake';
import { changedSince } from './outlook';
import type { QuietFacts } from './quiet-facts';
import type { BrakeDeps } from './brake';
import { snapshotOfProposal } from './snapshots';
import { unaskedRefusals } from './unasked';
import type { PreparingAuthority } from './unasked';

/** What preparing works with, besides what checking an answer needs. */
export interface PrepareDeps extends ApprovalDeps {
  readonly intents: IntentStore;
  readonly hands: Hands;
  readonly policy: Policy;
  readonly inventory: Inventory;
  readonly verification: IncidentSettings['verification'];
  readonly brake: BrakeDeps;
  /** Nothing is done without an answer where it is absent. */
  readonly authority?: PreparingAuthority;
  /** Silences and flapping; neither is asked when absent. */
  readonly quiet?: Pick<QuietFacts, 'refusals'>;
  readonly onWritten: () => void;
}

/** Asks everything again in the moment before acting, and writes the intents in the same transaction as the answer. */
export function createPrepareActivities(deps: PrepareDeps): { prepare(input: PrepareInput): Promise<Prepared> } {
  return {
    async prepare(input) {
      const { proposal } = input;
      const { snapshot, fault } = await snapshotOfProposal(deps.proposals, proposal);
      const rendered = snapshot ? renderRunbook(snapshot.runbook, proposal.parameters) : undefined;
      // What is recorded between this look and the transaction may be a harm, or a grant that is taken back.
      const recorded = input.warrant === undefined || input.undo ? undefined : await deps.intents.recorded(proposal.runbook.id);
      const { refusals, answers } = rendered ? await refusalsOf(deps, input, rendered) : only('runbook', fault ?? '');
      const now = deps.clock.now();
      const steps = preparedSteps(input, input.undo ? (rendered?.inverse ?? []) : (rendered?.steps ?? []), now);
      const intents = steps.map((step) => intentOf(proposal, step, now));
      // What opened meanwhile and was not looked at yet must not slip through.
      await considerBrake(deps.brake);
      const written = await deps.intents.prepare(
        intents,
        ({ halted, counts }) => [...refusals, ...recordMoved(recorded, counts), ...brakes(deps, input, { halted, counts, steps: intents.length })].map(encode),
        input.transition,
      );
      if (input.transition?.notify !== undefined) deps.onWritten();
      return {
        refusals: written.refusals.map(decode),
        steps,
        undoOn: snapshot?.runbook.inverse?.on ?? [],
        probe: probeOf(deps, snapshot),
        ...(written.head === undefined ? {} : { head: written.head }),
        ...(answers === undefined ? {} : { answers }),
      };
    },
  };
}

type NewIntent = Parameters<IntentStore['prepare']>[0][number];

interface Findings {
  readonly refusals: readonly Refusal[];
  readonly answers?: AnswersFound;
}

function only(kind: Refusal['kind'], reason: string): Findings {
  return { refusals: [{ kind, reason }] };
}

async function refusalsOf(deps: PrepareDeps, input: PrepareInput, rendered: RenderedRunbook): Promise<Findings> {
  const { proposal } = input;
  const service = findService(deps.inventory, proposal.environment, proposal.suspect);
  if (!service?.hands) return only('target', `The configuration gives Nightshift no hands on ${proposal.suspect} any more.`);
  if (targetId(service.hands.target) !== targetId(proposal.target)) return only('target', `The target of ${proposal.suspect} has changed since the proposal.`);
  const state = await deps.hands.describe(service);
  const wrong = wrongIdentity(service, state);
  if (wrong !== undefined) return only('target', wrong);
  if (input.undo) return { refusals: [] };
  const facts = await decisionFacts(deps, { proposal, decisions: input.decisions, allowUnverified: input.allowUnverified, editedFrom: input.editedFrom });
  const unasked = input.warrant === undefined ? undefined : await unaskedRefusals(deps, proposal, input.warrant);
  const checked = checkDecisions({ ...facts, decisions: input.decisions, unasked });
  const approvals = checked.refusals.map((reason): Refusal => ({ kind: 'approval', reason }));
  const freezes = freezesAt(deps.policy.freezes, proposal.environment, deps.clock.now()).map((f): Refusal => ({
    kind: 'freeze',
    reason: `A freeze is in force: ${f.name}.`,
  }));
  const unmet = rendered.preconditions.flatMap((check) => unmetCondition(check, state) ?? []);
  const preconditions = [...unmet, ...(await against(deps.hands, service, rendered, proposal))].map((reason): Refusal => ({ kind: 'precondition', reason }));
  return {
    refusals: [...approvals, ...freezes, ...((await deps.quiet?.refusals(proposal)) ?? []), ...preconditions],
    answers: { needed: checked.needed, answers: checked.findings.map((refusal, i) => ({ refusal, verified: checked.verified[i] ?? false })) },
  };
}

/** What whoever carries the steps out says against them. */
async function against(hands: Hands, service: Service, rendered: RenderedRunbook, proposal: Proposal): Promise<string[]> {
  const { target } = proposal;
  const reasons = [...(await changedSince(hands, service, rendered, proposal))];
  for (const { uses: action, with: inputs, timeoutMs } of rendered.steps) {
    const reason = await hands.unmet?.(service, { action, inputs, timeoutMs, target });
    if (reason !== undefined) reasons.push(reason);
  }
  return reasons;
}

/** Says why the target that was found is not the expected one; undefined when it is. */
export function wrongIdentity(service: Service, state: Pick<TargetState, 'account' | 'region'>): string | undefined {
  const expected = service.hands?.target;
  if (!expected || (expected.account === state.account && expected.region === state.region)) return undefined;
  return `${service.name} is expected in ${expected.account}/${expected.region}, but ${state.account}/${state.region} answered.`;
}

function unmetCondition(check: RenderedCheck, state: TargetState): string | undefined {
  const wanted = check.with['release'] ?? '';
  switch (check.check) {
    case 'release/current':
      return state.release === wanted ? undefined : `Release ${wanted} was expected to run, but it is ${state.release ?? 'not known'}.`;
    case 'release/available':
      return state.releases.includes(wanted) ? undefined : `Release ${wanted} is not available; there are ${state.releases.join(', ')}.`;
    case 'service/known':
      return undefined;
  }
}

/** What was asked has another outcome now, or a grant or key less, so what it allows is not known. */
function recordMoved(before: number | undefined, { recorded }: ActionCounts): Refusal[] {
  if (before === undefined || before === recorded) return [];
  return [{ kind: 'approval', reason: 'An outcome of this runbook was recorded in this moment, or a grant or key revoked, so what it may do is not known.' }];
}

/** The inverse of what made things worse is not held up by limits or freezes, only by the kill switch. */
function brakes(
  deps: Pick<PrepareDeps, 'policy' | 'inventory'>,
  input: PrepareInput,
  found: { readonly halted: boolean; readonly counts: ActionCounts; readonly steps: number },
): Refusal[] {
  const { halted, counts, steps } = found;
  const { policy } = deps;
  const { actionsPerHour, attemptsPerTargetPerDay } = policy.limits;
  const refusals: Refusal[] = [];
  if (halted) refusals.push({ kind: 'halt', reason: 'The kill switch is on.' });
  if (input.undo) return refusals;
  if (counts.lastHour + Math.max(1, steps) > actionsPerHour) {
    const more = steps > 1 ? `, and this takes ${String(steps)} more` : '';
    refusals.push({ kind: 'limit', reason: `${String(counts.lastHour)} actions in the last hour${more}; the limit is ${String(actionsPerHour)}.` });
  }
  if (counts.onTargetLastDay >= attemptsPerTargetPerDay) {
    refusals.push({
      kind: 'limit',
      reason: `${String(counts.onTargetLastDay)} attempts on this target in a day; the limit is ${String(attemptsPerTargetPerDay)}.`,
    });
  }
  const blast = blastRefusals(
    policy.limits,
    deps.inventory,
    { environment: input.proposal.environment, target: targetId(input.proposal.target) },
    counts.inHand,
  );
  return [...refusals, ...blast.map((reason): Refusal => ({ kind: 'limit', reason }))];
}

function preparedSteps({ proposal, decisions, undo, warrant }: PrepareInput, steps: readonly RenderedStep[], intendedAt: number): PreparedStep[] {
  const { incidentId, round } = proposal;
  const target = targetId(proposal.target);
  const persons = decisions.filter(({ verdict }) => verdict === 'approve').map(({ person }) => person);
  const approval = warrant === undefined ? persons.join(' ') : 'policy';
  return steps.map((step) => ({
    id: step.id,
    name: step.name,
    action: step.uses,
    inputs: step.with,
    token: effectToken({ incidentId, round, step: undo ? `undo:${step.id}` : step.id, target }),
    timeoutMs: step.timeoutMs,
    intendedAt,
    ...(step.idempotent ? { idempotent: step.idempotent } : {}),
    ...(approval === '' ? {} : { approval }),
  }));
}

function intentOf(proposal: Proposal, step: PreparedStep, now: number): NewIntent {
  const { incidentId, round } = proposal;
  return { token: step.token, incidentId, round, step: step.id, target: targetId(proposal.target), runbook: proposal.runbook.id, intendedAt: now };
}

function probeOf(deps: PrepareDeps, snapshot: RunbookSnapshot | undefined): Prepared['probe'] {
  const { settleMs, windowMs, minRequests } = snapshot?.runbook.probe ?? {};
  const plain = deps.verification;
  return {
    settleMs: settleMs ?? plain.settleMs,
    windowMs: windowMs ?? plain.windowMs,
    minRequests: minRequests ?? plain.minRequests,
    timeoutMs: plain.timeoutMs,
  };
}

function encode(refusal: Refusal): string {
  return JSON.stringify(refusal);
}

function decode(text: string): Refusal {
  return JSON.parse(text) as Refusal;
}

/** Throws `not_found` when the inventory no longer holds the service. */
export function requireService(inventory: Inventory, environment: string, name: string): Service {
  const service = findService(inventory, environment, name);
  if (!service) throw new NightshiftError('not_found', `The inventory holds no service ${name} in ${environment}.`);
  return service;
}
