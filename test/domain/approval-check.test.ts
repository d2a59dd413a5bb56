import type { RecordedDecision, Statement } from '../../domain/approval';
import { checkDecisions, decisionRefusal } from '../../domain/approval-check';
import type { DecisionFacts } from '../../domain/approval-check';
import { signStatement } from '../../domain/approval-signature';
import type { Policy } from '../../domain/policy-types';
import { buildProposal, editProposal, proposalDigest } from '../../domain/propose';
import { snapshotOf } from '../../domain/runbook-schema';
import type { Runbook } from '../../domain/runbook';

const NOW = Date.parse('2026-11-20T10:30:00Z');
const secret = Buffer.alloc(32, 1);
const parameter = { type: 'string' as const, description: 'Release.' };
const runbook: Runbook = {
  id: 'rollback-release',
  version: 1,
  title: 'Roll back',
  description: 'Deploys an earlier release.',
  causes: ['bad-release'],
  risk: 'medium',
  reversible: false,
  parameters: { to: parameter },
  preconditions: [],
  steps: [{ id: 'deploy', name: 'Deploy ${{ parameters.to }}', uses: 'release/deploy', with: { release: '${{ parameters.to }}' }, timeoutMs: 60_000 }],
  probe: {},
};
const target = { provider: 'local', partition: 'local', account: 'a', region: 'r', kind: 'service', id: 'bookshop' };
const base = { incidentId: 'inc-1', round: 1, environment: 'prod', service: 'bookshop', suspect: 'bookshop', hypothesis: 'H1', target, author: 'carl' };
const proposal = buildProposal({ ...base, runbook: snapshotOf(runbook), parameters: { to: '1.4.0' } });
const policy: Policy = {
  rules: [],
  approvals: {
    approvers: [],
    quorum: 1,
    notAuthor: true,
    remindAfterMs: 1000,
    expireAfterMs: 2000,
    escalateTo: 'on-call',
    validForMs: 3_600_000,
    allowUnverified: false,
    breakGlass: { enabled: true, role: 'admin' },
  },
  limits: { actionsPerHour: 1, attemptsPerTargetPerDay: 1, targetsAtOnce: 1, shareOfFleet: 1 },
  brake: { incidents: 10, withinMs: 60_000 },
  freezes: [],
};
const facts: DecisionFacts = {
  proposal,
  policy,
  tier: 'standard',
  secret,
  allowUnverified: false,
  now: NOW,
  roles: { ana: 'approver', ben: 'approver', carl: 'admin', rita: 'responder' },
};

/** A decision that the door signed at 10:00 and the workflow took in a second later. */
function decision(more: Partial<RecordedDecision> = {}): RecordedDecision {
  const { acceptedAt = '2026-11-20T10:00:01.000Z', via = 'api', signature, ...rest } = more;
  const statement: Statement = {
    incidentId: 'inc-1',
    proposal: proposal.digest,
    verdict: 'approve',
    person: 'ana',
    at: '2026-11-20T10:00:00.000Z',
    acceptBy: '2026-11-20T10:00:05.000Z',
    ...rest,
  };
  return { ...statement, signature: signature ?? signStatement(secret, statement), acceptedAt, via };
}

function unsigned(more: Partial<RecordedDecision> = {}): RecordedDecision {
  const { signature: _signature, ...rest } = decision(more);
  return rest;
}

const withQuorum = (quorum: number): Policy => ({ ...policy, approvals: { ...policy.approvals, quorum } });

describe('a decision', () => {
  it('counts when signed, for this proposal, in time, by a person who may', () => {
    expect(decisionRefusal(facts, decision())).toBeNull();
    expect(checkDecisions({ ...facts, decisions: [decision()] })).toMatchObject({ refusals: [], verified: [true] });
  });

  it.each<[string, RecordedDecision, RegExp]>([
    ['altered after signing', { ...decision(), reason: 'other' }, /does not fit its words/],
    ['without a signature', unsigned(), /not signed by a door/],
    ['for another incident', decision({ incidentId: 'inc-2' }), /for incident inc-2/],
    ['for another proposal', decision({ proposal: 'e'.repeat(64) }), /another proposal \(eeeeeeeeeeee\)/],
    ['with other parameters', decision({ parameters: { to: '1.3.0' } }), /other parameters/],
    [
      'older than policy allows',
      decision({ at: '2026-11-20T09:00:00.000Z', acceptBy: '2026-11-20T09:00:05.000Z', acceptedAt: '2026-11-20T09:00:01.000Z' }),
      /older than 1h/,
    ],
    ['with a new date of acceptance on an old statement', decision({ acceptedAt: '2026-11-20T10:29:00.000Z' }), /after its door had given up/],
    ['without a date of acceptance', decision({ acceptedAt: 'soon' }), /does not say when/],
    ['of the author', decision({ person: 'carl' }), /author of the suspected change/],
    ['of a person without the role', decision({ person: 'rita' }), /has the role responder/],
    ['of a person whose keys are revoked', decision({ person: 'zoe' }), /no valid key/],
    ['of a person named like an inherited member', decision({ person: 'constructor' }), /no valid key/],
    ['by break-glass without the role', decision({ breakGlass: true }), /break-glass needs admin/],
  ])('%s does not count, and says why', (_, given, reason) => {
    expect(decisionRefusal(facts, given)).toMatch(reason);
    expect(checkDecisions({ ...facts, decisions: [given] }).refusals).toContainEqual(expect.stringMatching(reason));
  });

  it('outside an approver scope does not count', () => {
    const scoped = { ...policy, approvals: { ...policy.approvals, approvers: [{ person: 'ben', services: ['*'], environments: ['*'] }] } };
    expect(decisionRefusal({ ...facts, policy: scoped }, decision())).toMatch(/not an approver/);
  });

  it('by break-glass waives author and quorum', () => {
    expect(checkDecisions({ ...facts, policy: withQuorum(3), decisions: [decision({ person: 'carl', breakGlass: true })] }).refusals).toEqual([]);
  });
});

describe('an unsigned decision', () => {
  it('counts only where that is allowed, and stays unverified', () => {
    expect(checkDecisions({ ...facts, allowUnverified: true, decisions: [unsigned({ person: 'zoe' })] })).toMatchObject({ refusals: [], verified: [false] });
  });

  it('with a wrong signature counts nowhere', () => {
    expect(decisionRefusal({ ...facts, allowUnverified: true }, decision({ signature: 'A'.repeat(43) }))).toMatch(/does not fit/);
  });

  it('is worth no more than an approver: a claimed admin cannot break the glass', () => {
    expect(decisionRefusal({ ...facts, allowUnverified: true }, unsigned({ person: 'carl', breakGlass: true }))).toMatch(/break-glass needs admin/);
    expect(decisionRefusal({ ...facts, allowUnverified: true }, unsigned({ person: 'rita' }))).toMatch(/responder/);
  });
});

describe('decisions together', () => {
  it('reach a quorum by distinct persons', () => {
    const two = { ...facts, policy: withQuorum(2) };
    expect(checkDecisions({ ...two, decisions: [decision(), decision({ person: 'ben' })] }).refusals).toEqual([]);
    expect(checkDecisions({ ...two, decisions: [decision(), decision({ reason: 'again' })] }).refusals).toEqual([
      'ana approved more than once and counts once.',
      '1 of 2 needed approvals count.',
    ]);
  });

  it('obey the quorum of a rule', () => {
    const ruled = { ...policy, rules: [{ mode: 'approve' as const, tier: 'standard' as const, quorum: 2 }] };
    expect(checkDecisions({ ...facts, policy: ruled, decisions: [decision()] }).refusals).toEqual(['1 of 2 needed approvals count.']);
  });

  it('are not harmed by a forged one beside them', () => {
    const forged = unsigned({ person: 'mallory', verdict: 'reject' });
    expect(checkDecisions({ ...facts, decisions: [forged, decision()] })).toMatchObject({ refusals: [], verified: [false, true] });
  });

  it('fall with one valid rejection', () => {
    expect(checkDecisions({ ...facts, decisions: [decision(), decision({ person: 'ben', verdict: 'reject' })] }).refusals).toEqual([
      'ben rejected this proposal.',
    ]);
  });

  it('carry nothing when there are none, when the proposal was altered, or when policy has become more cautious', () => {
    expect(checkDecisions({ ...facts, decisions: [] }).refusals).toEqual(['0 of 1 needed approvals count.']);
    const altered = { ...proposal, target: { ...target, id: 'other' } };
    expect(checkDecisions({ ...facts, proposal: altered, decisions: [decision()] }).refusals).toEqual(['The proposal is not what its digest says.']);
    const cautious = { ...policy, rules: [{ mode: 'suggest' as const }] };
    expect(checkDecisions({ ...facts, policy: cautious, decisions: [decision()] }).refusals).toEqual([
      expect.stringMatching(/Policy does not allow this any more. Rule 1/),
    ]);
  });
});

describe('edited parameters', () => {
  const edited = editProposal(proposal, snapshotOf(runbook), { to: '1.3.0' });
  const given = decision({ parameters: { to: '1.3.0' } });

  it('make a new digest, and the answer on the old one counts for it', () => {
    expect(edited.digest).not.toBe(proposal.digest);
    expect(decisionRefusal({ ...facts, proposal: edited, editedFrom: proposal.digest, original: proposal }, given)).toBeNull();
    expect(decisionRefusal({ ...facts, proposal: edited, editedFrom: proposal.digest }, given)).toBeNull();
  });

  it('do not count when it is not told which proposal was edited, or the answer had none', () => {
    expect(decisionRefusal({ ...facts, proposal: edited }, given)).toMatch(/another proposal/);
    expect(decisionRefusal({ ...facts, proposal: edited, editedFrom: proposal.digest }, decision())).toMatch(/another proposal/);
  });

  it('do not carry over to another runbook or target that happens to take the same parameters', () => {
    const other = buildProposal({ ...base, runbook: snapshotOf({ ...runbook, id: 'deploy-anything' }), parameters: { to: '1.3.0' } });
    expect(decisionRefusal({ ...facts, proposal: other, editedFrom: proposal.digest, original: proposal }, given)).toMatch(/another proposal/);
    const lied = { ...other, parameters: { to: '1.4.0' } };
    expect(decisionRefusal({ ...facts, proposal: other, editedFrom: proposal.digest, original: lied }, given)).toMatch(/another proposal/);
  });
});

describe('a proposal', () => {
  it('has a digest over every member but the digest itself', () => {
    expect(proposalDigest(proposal)).toBe(proposal.digest);
    for (const key of Object.keys(proposal).filter((each) => each !== 'digest')) {
      expect(proposalDigest({ ...proposal, [key]: 'altered' })).not.toBe(proposal.digest);
    }
  });

  it('that does not fit its runbook is not built', () => {
    expect(() => buildProposal({ ...base, runbook: snapshotOf(runbook), parameters: {} })).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });
});
