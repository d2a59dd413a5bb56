import { judgeRounds } from '../../../bench/causes/judge';
import type { Truth } from '../../../bench/causes/scenarios';
import type { Assessment } from '../../../domain/steps';

const truth = (cause: Truth['cause'], remedy: Truth['remedy']): Truth => ({ cause, remedy, unknowable: cause === 'undetermined' });
const round = (cause: string, plan: object): Assessment => ({ cause, plan }) as unknown as Assessment;
const proposes = (id: string, parameters: object = {}) => ({ kind: 'propose', proposal: { runbook: { id }, parameters } });
const back = (to: string) => proposes('rollback-release', { to });

test('the right release to go back to counts, another does not', () => {
  const of = truth('bad-release', { kind: 'back', to: ['1.4.1'] });
  expect(judgeRounds(of, [round('bad-release', back('1.4.1'))])).toEqual({ causeRight: true, runbookRight: true, undeterminedRight: null });
  expect(judgeRounds(of, [round('bad-release', back('1.4.0'))]).runbookRight).toBe(false);
  expect(judgeRounds(of, [round('bad-release', proposes('restart-service'))]).runbookRight).toBe(false);
});

test('of two releases the newer one may go first, and the older one must follow', () => {
  const of = truth('bad-release', { kind: 'back', to: ['1.5.0', '1.4.0'] });
  const told = (...to: readonly string[]) =>
    judgeRounds(
      of,
      to.map((each) => round('bad-release', back(each))),
    ).runbookRight;
  expect([told('1.5.0', '1.4.0'), told('1.4.0'), told('1.5.0'), told('1.5.0', '1.5.0')]).toEqual([true, true, false, false]);
});

test('a remedy where there is nothing of ours to act on is wrong', () => {
  const of = truth('traffic-surge', { kind: 'none' });
  expect(judgeRounds(of, [round('traffic-surge', { kind: 'wait' })]).runbookRight).toBe(true);
  expect(judgeRounds(of, [round('traffic-surge', back('1.4.0'))]).runbookRight).toBe(false);
});

test('where nothing can be known a person must be asked, and only waiting is not enough', () => {
  const of = truth('undetermined', { kind: 'none' });
  const right = (cause: string, plan: object) => judgeRounds(of, [round(cause, plan)]).undeterminedRight;
  expect([right('undetermined', { kind: 'escalate' }), right('undetermined', { kind: 'wait' }), right('bad-release', back('1.4.0'))]).toEqual([
    true,
    false,
    false,
  ]);
});

test('an alert that never came is right in nothing', () => {
  expect(judgeRounds(truth('undetermined', { kind: 'none' }), [])).toEqual({ causeRight: false, runbookRight: false, undeterminedRight: false });
});
