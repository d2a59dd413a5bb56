import { actsAlone, moreCautious } from '../domain/confidence/rungs';
import { defined } from '../domain/defined';
import { formatDuration } from '../domain/duration';
import type { Hypothesis } from '../domain/diagnosis';
import { incidentMode } from '../domain/incident-mode';
import type { AtHand } from '../domain/incident-mode';
import type { IncidentView } from '../domain/incident-view';
import { findService } from '../domain/inventory';
import type { Inventory, Service } from '../domain/inventory';
import { notificationId } from '../domain/notification';
import { judge } from '../domain/policy';
import { AUTONOMY_DEFAULTS } from '../domain/policy-types';
import type { Policy } from '../domain/policy-types';
import type { PolicyVerdict, Proposal } from '../domain/proposal';
import { sealWarrant, warrantFault } from '../domain/warrant';
import type { Warrant } from '../domain/warrant';
import type { Autonomy, AutonomyQuestion } from '../ports/autonomy';
import type { Clock } from '../ports/clock';
import type { DoorKey, IncidentReader, Outbox } from '../ports/store';

/** What acting without an answer rests on. */
export interface Authority {
  readonly autonomy: Autonomy;
  /** Seals what a diagnosis allows, so that nobody else can allow it. */
  readonly doorKey: Pick<DoorKey, 'secret'>;
}

/** What the mode for one incident is asked about. */
export interface ModeQuestion {
  readonly proposal: Proposal;
  readonly hypothesis: Pick<Hypothesis, 'cause' | 'score'>;
  readonly service: Service;
  readonly at: Omit<AtHand, 'score' | 'vetoMs'>;
}

interface ModeDeps {
  /** A person is asked where it is absent. */
  readonly authority?: Authority | undefined;
  readonly policy: Policy;
  readonly clock: Clock;
}

/** The mode for one incident below that of policy, and the warrant where it may act without an answer. */
export async function modeFor(
  { authority, policy, clock }: ModeDeps,
  verdict: PolicyVerdict,
  { proposal, hypothesis, service, at }: ModeQuestion,
): Promise<{ readonly policy: PolicyVerdict; readonly warrant?: Warrant }> {
  const { vetoMs } = policy.autonomy ?? AUTONOMY_DEFAULTS;
  const { cause, score } = hypothesis;
  const { corroborated } = at;
  const now = clock.now();
  const proven = await authority?.autonomy.verdictOf(questionOf(proposal, service, { ceiling: verdict.mode, cause, score, corroborated, at: now }));
  const found = incidentMode(verdict, proven, { ...at, score, vetoMs });
  const { mode } = found;
  if (authority === undefined || (mode !== 'auto' && mode !== 'veto')) return { policy: found };
  const { incidentId, digest } = proposal;
  const notBefore = mode === 'veto' ? now + vetoMs : now;
  const terms = { incidentId, proposal: digest, mode, cause, score, corroborated, notBefore };
  return { policy: found, warrant: sealWarrant(await authority.doorKey.secret(), terms) };
}

/** What preparing acts on without an answer: the incident as it is written down tells what became of the proposal. */
export interface PreparingAuthority extends Authority {
  readonly incidents: Pick<IncidentReader, 'get'>;
  /** Whether people could object to what was announced. */
  readonly outbox: Pick<Outbox, 'toldAt'>;
}

interface RecheckDeps extends ModeDeps {
  readonly authority?: PreparingAuthority | undefined;
  readonly inventory: Inventory;
}

/** Why a proposal may not begin without an answer now, a sentence each; policy, record and grants are read again. Empty where it may. */
export async function unaskedRefusals(deps: RecheckDeps, proposal: Proposal, warrant: Warrant): Promise<string[]> {
  const { authority, policy, clock, inventory } = deps;
  if (authority === undefined) return ['No record of outcomes is read here, so nothing is done without an answer.'];
  const now = clock.now();
  const fault = warrantFault(await authority.doorKey.secret(), warrant, proposal, { now, validForMs: policy.approvals.validForMs });
  if (fault !== undefined) return [fault];
  if (!isStillOpen(await authority.incidents.get(proposal.incidentId), proposal))
    return ['The proposal is not open any more: somebody objected, or it was withdrawn.'];
  const unheard = warrant.mode === 'veto' ? await unheardOf(authority.outbox, policy, proposal, now) : undefined;
  if (unheard !== undefined) return [unheard];
  const service = findService(inventory, proposal.environment, proposal.suspect);
  if (!service) return [`The configuration knows no service ${proposal.suspect} in ${proposal.environment} any more.`];
  const { environment, suspect, runbook } = proposal;
  const { mode: ceiling, reason } = judge(policy, { runbook: runbook.id, environment, service: suspect, tier: service.tier }, now);
  if (!actsAlone(ceiling)) return [`Policy does not let it act alone any more. ${reason}`];
  const { cause, score, corroborated, mode } = warrant;
  const proven = await authority.autonomy.verdictOf(questionOf(proposal, service, { ceiling, cause, score, corroborated, at: now }));
  const allowed = corroborated ? moreCautious(ceiling, proven.mode) : moreCautious('approve', proven.mode);
  if (moreCautious(allowed, mode) === mode) return [];
  return [`What may be done without an answer has fallen from ${mode} to ${allowed} meanwhile.`, ...proven.reasons.slice(0, 2)];
}

/** Nobody can object to what nobody was told: at least half of the time to object must have been left when the announcement reached a channel. */
async function unheardOf(outbox: Pick<Outbox, 'toldAt'>, policy: Policy, { incidentId, round }: Proposal, now: number): Promise<string | undefined> {
  const { vetoMs } = policy.autonomy ?? AUTONOMY_DEFAULTS;
  const told = await outbox.toldAt(notificationId(incidentId, round, 'veto'));
  if (told === undefined) return 'No channel could be told of it, so nobody could object.';
  if (now - told >= vetoMs / 2) return undefined;
  return `People could be told of it only ${formatDuration(Math.max(0, now - told))} ago, which is under half of the ${formatDuration(vetoMs)} that they have to object.`;
}

/** A warrant outlives an objection, so whoever reads one in a history could begin with it. */
function isStillOpen(view: IncidentView | undefined, { digest }: Proposal): boolean {
  if (view?.proposal?.proposal.digest !== digest || view.takenBy !== undefined) return false;
  const { state } = view.proposal;
  return (state === 'open' || state === 'approved') && (view.status === 'awaiting-approval' || view.status === 'remediating');
}

type Asked = Pick<AutonomyQuestion, 'ceiling' | 'score' | 'corroborated' | 'at'> & Pick<Hypothesis, 'cause'>;

function questionOf({ runbook, environment, suspect, risk, reversible }: Proposal, service: Service, { cause, ...asked }: Asked): AutonomyQuestion {
  const { tier, likeness } = service;
  const key = { runbook: runbook.id, hash: runbook.hash, cause, environment, service: suspect, tier, ...defined({ likeness }) };
  return { key, danger: { risk, reversible }, ...asked };
}
