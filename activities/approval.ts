import { decisionRefusal } from '../domain/approval-check';
import type { DecisionFacts } from '../domain/approval-check';
import type { RecordedDecision } from '../domain/approval';
import { verifyStatement } from '../domain/approval-signature';
import { errorMessage, NightshiftError } from '../domain/errors';
import { findService } from '../domain/inventory';
import type { Inventory } from '../domain/inventory';
import type { Role } from '../domain/names';
import { judge, withoutRecord } from '../domain/policy';
import type { Policy } from '../domain/policy-types';
import type { Proposal } from '../domain/proposal';
import { editProposal } from '../domain/propose';
import type { RunbookSnapshot } from '../domain/runbook';
import type { IncidentActivities } from '../domain/steps';
import type { Clock } from '../ports/clock';
import type { Hands } from '../ports/hands';
import type { DoorKey, KeyStore, ProposalStore } from '../ports/store';
import { outlookOf } from './outlook';
import { snapshotOfProposal } from './snapshots';

/** What checking an answer works with. */
export interface ApprovalDeps {
  readonly policy: Policy;
  readonly inventory: Inventory;
  readonly keys: Pick<KeyStore, 'roleOf'>;
  readonly doorKey: DoorKey;
  readonly proposals: ProposalStore;
  readonly hands: Pick<Hands, 'preview'>;
  readonly clock: Clock;
}

/** Checks answers before they take effect: a rejection, and an approval with edited parameters. Approvals as proposed are checked by `prepare`. */
export function createApprovalActivities(deps: ApprovalDeps): Pick<IncidentActivities, 'checkDecision' | 'revise'> {
  return {
    async checkDecision({ proposal, decision, allowUnverified, editedFrom }) {
      const facts = await decisionFacts(deps, { proposal, decisions: [decision], allowUnverified, editedFrom });
      const reason = decisionRefusal(facts, decision);
      return reason === null ? null : { reason, verified: verifyStatement(facts.secret, decision) };
    },
    async revise({ proposal, decision, allowUnverified }) {
      const verified = verifyStatement(await deps.doorKey.secret(), decision);
      const { snapshot, fault } = await snapshotOfProposal(deps.proposals, proposal);
      if (!snapshot) return { refused: fault, verified };
      const edited = await attemptEdit(deps, proposal, snapshot, decision.parameters ?? {});
      if (typeof edited === 'string') return { refused: edited, verified };
      const facts = await decisionFacts(deps, { proposal: edited, decisions: [decision], allowUnverified, editedFrom: proposal.digest });
      const refusal = decisionRefusal({ ...facts, original: proposal }, decision);
      if (refusal !== null) return { refused: refusal, verified };
      await deps.proposals.saveProposal(edited);
      const question = { runbook: edited.runbook.id, environment: edited.environment, service: edited.suspect, tier: facts.tier };
      return { proposal: edited, policy: withoutRecord(judge(deps.policy, question, facts.now), 'its parameters were changed by hand.') };
    },
  };
}

async function attemptEdit(
  { hands, inventory }: ApprovalDeps,
  proposal: Proposal,
  runbook: RunbookSnapshot,
  parameters: Readonly<Record<string, string>>,
): Promise<Proposal | string> {
  try {
    const service = findService(inventory, proposal.environment, proposal.suspect);
    const outlook = service && (await outlookOf(hands, service, { runbook: runbook.runbook, parameters, target: proposal.target }));
    return editProposal(proposal, runbook, parameters, outlook);
  } catch (error) {
    const problems = error instanceof NightshiftError ? error.problems.map((p) => `${p.path}: ${p.message}`) : [];
    return [errorMessage(error), ...problems].join(' ');
  }
}

/** Facts that decisions on a proposal are checked against, read now. */
export async function decisionFacts(
  deps: ApprovalDeps,
  input: {
    readonly proposal: Proposal;
    readonly decisions: readonly RecordedDecision[];
    readonly allowUnverified: boolean;
    readonly editedFrom: string | undefined;
  },
): Promise<DecisionFacts> {
  const { proposal, decisions } = input;
  const persons = [...new Set(decisions.map((d) => d.person))];
  const roles = await Promise.all(persons.map(async (name): Promise<[string, Role | undefined]> => [name, await deps.keys.roleOf(name)]));
  return {
    proposal,
    policy: deps.policy,
    tier: findService(deps.inventory, proposal.environment, proposal.suspect)?.tier ?? 'critical',
    secret: await deps.doorKey.secret(),
    allowUnverified: input.allowUnverified,
    now: deps.clock.now(),
    roles: Object.fromEntries(roles),
    editedFrom: input.editedFrom,
    original: input.editedFrom === undefined ? undefined : await deps.proposals.proposal(input.editedFrom),
  };
}
