import { judge } from '../../bench/chaos/aws/judge';
import type { Ended } from '../../bench/chaos/aws/judge';
import { awsPlanOf } from '../../bench/chaos/aws/plan';
import { ACTIONS } from '../../bench/chaos/aws/scenarios';

const WANTED = { 'codedeploy.stop': 1, 'codedeploy.deployment': 1 };
const ended = (more: Partial<Ended>): Ended => ({ fate: 'done', reason: '', safe: false, denied: false, wanted: WANTED, found: {}, lookedAt: 1_000, ...more });

test.each<[string, Partial<Ended>, object]>([
  ['done, and there', { found: WANTED }, { doubled: 0, lost: false, asked: false }],
  ['done, and not there', {}, { lost: true, why: 'it is said to be done, and did not happen' }],
  ['done, and half of it there', { found: { 'codedeploy.stop': 1 } }, { lost: true }],
  ['done, and there twice', { found: { ...WANTED, 'codedeploy.deployment': 3 } }, { doubled: 2, lost: false, why: 'it was done more than once' }],
  ['failed, and there', { fate: 'failed', found: WANTED }, { lost: true, why: 'it is said to be failed, and happened' }],
  ['failed, as it was denied', { fate: 'failed', denied: true }, { lost: false }],
  ['failed, and nothing was denied', { fate: 'failed' }, { why: 'it is failed though nothing was denied' }],
  ['broken off, and there', { fate: 'broken', found: WANTED, denied: true }, { lost: true, asked: true }],
  ['asked, and not there', { fate: 'ambiguous' }, { lost: false, asked: true }],
  ['asked, and there to be seen', { fate: 'ambiguous', found: WANTED, visibleAt: 1_000 }, { lost: true, asked: true }],
  ['asked, and seen later than the last look', { fate: 'ambiguous', found: WANTED, visibleAt: 1_001 }, { lost: false, asked: true }],
  ['asked, and a half there to be seen', { fate: 'ambiguous', found: { 'codedeploy.stop': 1 }, visibleAt: 1_000 }, { lost: true, asked: true }],
  ['asked, as the other half was denied', { fate: 'ambiguous', found: { 'codedeploy.stop': 1 }, visibleAt: 1_000, denied: true, safe: true }, { lost: false }],
  ['asked, denied, and nothing there', { fate: 'ambiguous', denied: true, safe: true }, { why: 'a person is asked about what may be done twice' }],
  ['asked about what may be done twice', { fate: 'ambiguous', safe: true }, { why: 'a person is asked about what may be done twice' }],
  ['not ended', { fate: 'open' }, { stuck: true, lost: false }],
])('%s', (_what, more, found) => {
  expect(judge(ended(more))).toMatchObject(found);
});

test('a plan is the same for a seed, and each action is the focus in turn', () => {
  expect(awsPlanOf(7)).toEqual(awsPlanOf(7));
  const plans = Array.from({ length: ACTIONS.length }, (_, i) => awsPlanOf(i + 1));
  expect(plans.map(({ focus }) => focus).sort()).toEqual([...ACTIONS].sort());
});

test('no action is twice in a plan, and the focus is in it', () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const { focus, actions } = awsPlanOf(seed);
    const names = actions.map(({ on }) => on.action);
    expect(names).toContain(focus);
    expect(new Set(names).size).toBe(names.length);
  }
});
