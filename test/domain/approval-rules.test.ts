import { countApprovals, mayDecide } from '../../domain/approval-rules';
import type { DecisionContext } from '../../domain/approval-rules';
import type { Role } from '../../domain/names';
import type { ApprovalPolicy, Policy } from '../../domain/policy-types';

const context: DecisionContext = { environment: 'prod', service: 'bookshop', breakGlass: false };

function policyOf(approvals: Partial<ApprovalPolicy>): Policy {
  const defaults: ApprovalPolicy = {
    approvers: [],
    quorum: 1,
    notAuthor: false,
    remindAfterMs: 1,
    expireAfterMs: 2,
    escalateTo: 'on-call',
    validForMs: 3,
    allowUnverified: false,
    breakGlass: { enabled: false, role: 'admin' },
  };
  return {
    rules: [],
    approvals: { ...defaults, ...approvals },
    limits: { actionsPerHour: 1, attemptsPerTargetPerDay: 1, targetsAtOnce: 1, shareOfFleet: 1 },
    brake: { incidents: 10, withinMs: 60_000 },
    freezes: [],
  };
}

const ask = (approvals: Partial<ApprovalPolicy>, name: string, role: Role, more: Partial<DecisionContext> = {}) =>
  mayDecide(policyOf(approvals), { name, role }, { ...context, ...more });
const no = (reason: RegExp) => ({ allowed: false, code: 'forbidden', reason: expect.stringMatching(reason) as string });

describe('who may decide', () => {
  it.each<[Role, boolean]>([
    ['viewer', false],
    ['responder', false],
    ['approver', true],
    ['admin', true],
  ])('without a list of approvers: %s %p', (role, allowed) => {
    expect(ask({}, 'ana', role).allowed).toBe(allowed);
  });

  it('is limited to the scopes of the list, by person or role', () => {
    const approvers = [
      { person: 'ana', services: ['bookshop'], environments: ['prod'] },
      { role: 'admin' as const, services: ['*'], environments: ['*'] },
    ];
    expect(ask({ approvers }, 'Ana', 'approver')).toEqual({ allowed: true });
    expect(ask({ approvers }, 'ana', 'approver', { environment: 'demo' })).toEqual(no(/not an approver for bookshop in demo/));
    expect(ask({ approvers }, 'ana', 'approver', { service: 'payments' })).toEqual(no(/payments/));
    expect(ask({ approvers }, 'ben', 'approver')).toEqual(no(/ben is not an approver/));
    expect(ask({ approvers }, 'ben', 'admin', { service: 'payments' })).toEqual({ allowed: true });
    expect(ask({ approvers }, 'ana', 'responder')).toEqual(no(/has the role responder/));
  });

  it('reads a person with a role as both', () => {
    const approvers = [{ person: 'ana', role: 'admin' as const, services: ['*'], environments: ['*'] }];
    expect(ask({ approvers }, 'ana', 'approver').allowed).toBe(false);
    expect(ask({ approvers }, 'ana', 'admin').allowed).toBe(true);
  });

  it('leaves out the author of the change only where policy says so', () => {
    expect(ask({ notAuthor: true }, 'ana', 'admin', { author: 'Ana ' })).toEqual(no(/author of the suspected change/));
    expect(ask({ notAuthor: true }, 'ben', 'approver', { author: 'ana' }).allowed).toBe(true);
    expect(ask({ notAuthor: false }, 'ana', 'approver', { author: 'ana' }).allowed).toBe(true);
  });

  it('lets break-glass waive scope and authorship, where it is on and the role suffices', () => {
    const approvers = [{ person: 'ben', services: ['*'], environments: ['*'] }];
    const on = { approvers, notAuthor: true, breakGlass: { enabled: true, role: 'admin' as const } };
    expect(ask(on, 'ana', 'admin', { breakGlass: true, author: 'ana' })).toEqual({ allowed: true });
    expect(ask(on, 'ana', 'approver', { breakGlass: true })).toEqual(no(/break-glass needs admin/));
    expect(ask({ ...on, breakGlass: { enabled: false, role: 'admin' } }, 'ana', 'admin', { breakGlass: true })).toEqual(no(/Break-glass is off/));
  });
});

describe('a quorum', () => {
  const approve = (person: string, breakGlass?: true) => ({ person, verdict: 'approve' as const, ...(breakGlass ? { breakGlass } : {}) });

  it('counts distinct persons', () => {
    expect(countApprovals([approve('ana'), approve('ANA ')], 2)).toEqual({ persons: ['ana'], needed: 2, missing: 1, reached: false });
    expect(countApprovals([approve('ana'), approve('ben')], 2).reached).toBe(true);
  });

  it('counts no rejection, and nobody is never enough', () => {
    expect(countApprovals([{ person: 'ana', verdict: 'reject' }], 1).reached).toBe(false);
    expect(countApprovals([], 0)).toEqual({ persons: [], needed: 1, missing: 1, reached: false });
  });

  it('is waived by break-glass', () => {
    expect(countApprovals([approve('ana', true)], 3)).toMatchObject({ needed: 1, reached: true });
  });
});
