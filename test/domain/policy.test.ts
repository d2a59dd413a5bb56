import fc from 'fast-check';
import { judge, withoutRecord } from '../../domain/policy';
import type { PolicyQuestion } from '../../domain/policy';
import { MODES, TIERS } from '../../domain/names';
import type { Policy, PolicyRule } from '../../domain/policy-types';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const question: PolicyQuestion = { runbook: 'rollback-release', environment: 'prod', service: 'bookshop', tier: 'critical' };

function policyOf(rules: readonly PolicyRule[], approvals: Partial<Policy['approvals']> = {}): Policy {
  return {
    rules,
    approvals: {
      approvers: [],
      quorum: 1,
      notAuthor: false,
      remindAfterMs: 1,
      expireAfterMs: 2,
      escalateTo: 'on-call',
      validForMs: 3,
      allowUnverified: false,
      breakGlass: { enabled: false, role: 'admin' },
      ...approvals,
    },
    limits: { actionsPerHour: 1, attemptsPerTargetPerDay: 1, targetsAtOnce: 1, shareOfFleet: 1 },
    brake: { incidents: 10, withinMs: 60_000 },
    freezes: [{ name: 'weekend', zone: 'UTC', environments: ['prod'], from: 'Fri 16:00', to: 'Mon 06:00' }],
  };
}

const verdict = (rules: readonly PolicyRule[], asked: Partial<PolicyQuestion> = {}) => judge(policyOf(rules), { ...question, ...asked }, NOW);

describe('policy', () => {
  it('asks where no rule speaks', () => {
    expect(verdict([])).toMatchObject({
      mode: 'approve',
      quorum: 1,
      reason: 'No rule speaks of this, so a person is asked.',
      approvers: ['anyone with the role approver'],
    });
    expect(verdict([{ mode: 'observe', service: 'other' }]).mode).toBe('approve');
  });

  it('lets the most cautious rule win, wherever it stands, and names it', () => {
    const rules: PolicyRule[] = [
      { mode: 'approve' },
      { mode: 'observe', tier: 'critical', environment: '*', reason: 'sale week' },
      { mode: 'suggest', runbook: 'rollback-release' },
    ];
    expect(verdict(rules)).toMatchObject({ mode: 'observe', reason: 'Rule 2 (critical) says observe: sale week.' });
    expect(verdict(rules, { tier: 'low' })).toMatchObject({ mode: 'suggest', reason: 'Rule 3 (rollback-release) says suggest.' });
  });

  it('never lets act on a prediction alone, whatever the rule', () => {
    const foretold = { foretold: true };
    for (const mode of ['veto', 'auto'] as const) {
      expect(verdict([{ mode }], foretold)).toMatchObject({
        mode: 'approve',
        reason: `Rule 1 (everything) says ${mode}; a person is asked all the same, as nothing is broken yet: it is only predicted.`,
      });
    }
    for (const mode of ['observe', 'shadow', 'suggest', 'approve'] as const) expect(verdict([{ mode }], foretold).mode).toBe(mode);
  });

  it('asks under auto where nobody reads the record, and says why', () => {
    const said = verdict([{ mode: 'auto', environment: 'prod' }]);
    expect(said).toMatchObject({ mode: 'auto', reason: 'Rule 1 (prod) says auto.' });
    expect(withoutRecord(said, 'no record is read here.')).toMatchObject({
      mode: 'approve',
      ceiling: 'auto',
      reason: 'Rule 1 (prod) says auto. A person is asked all the same: no record is read here.',
    });
    expect(withoutRecord(verdict([{ mode: 'shadow' }]), 'no record is read here.')).toEqual(verdict([{ mode: 'shadow' }]));
  });

  it('orders the modes by caution: a rule for a shadow outweighs one that suggests, one with a veto one that acts', () => {
    expect(verdict([{ mode: 'suggest' }, { mode: 'shadow' }]).mode).toBe('shadow');
    expect(verdict([{ mode: 'auto' }, { mode: 'veto' }]).mode).toBe('veto');
  });

  it('takes the highest quorum of all matching rules', () => {
    expect(
      verdict([{ mode: 'observe' }, { mode: 'approve', quorum: 3 }, { mode: 'auto', quorum: 2 }, { mode: 'approve', quorum: 9, service: 'other' }]).quorum,
    ).toBe(3);
  });

  it('names the approvers of this scope only', () => {
    const approvers = [
      { person: 'ana', services: ['*'], environments: ['prod'] },
      { role: 'admin' as const, services: ['bookshop'], environments: ['*'] },
      { person: 'ben', services: ['payments'], environments: ['*'] },
    ];
    expect(judge(policyOf([], { approvers }), question, NOW).approvers).toEqual(['ana', 'anyone with the role admin']);
  });

  it('tells the freezes in force without changing the mode', () => {
    expect(verdict([{ mode: 'suggest' }])).toMatchObject({ mode: 'suggest', freezes: [{ name: 'weekend', until: Date.parse('2026-11-23T06:00:00Z') }] });
    expect(verdict([], { environment: 'demo' }).freezes).toEqual([]);
  });

  it('never gets less cautious by one more rule', () => {
    const name = (...values: string[]) => fc.option(fc.constantFrom('*', ...values), { nil: undefined });
    const rule = fc
      .record({
        runbook: name('rollback-release', 'restart-service'),
        environment: name('prod', 'demo'),
        service: name('bookshop', 'payments'),
        tier: fc.option(fc.constantFrom(...TIERS), { nil: undefined }),
        mode: fc.constantFrom(...MODES),
        quorum: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
      })
      .map((each) => each as PolicyRule);
    // Where no rule speaks a person is asked, which a rule may change; of rules that speak, one more never allows more.
    const any: PolicyRule = { mode: 'auto' };
    const caution = (rules: readonly PolicyRule[]) => MODES.indexOf(verdict([any, ...rules]).mode);
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), rule, fc.nat(), (rules, extra, place) => {
        const more = rules.toSpliced(place % (rules.length + 1), 0, extra);
        return caution(more) <= caution(rules) && verdict(more).quorum >= verdict(rules).quorum;
      }),
    );
  });
});
