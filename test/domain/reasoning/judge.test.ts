import { judgeAnswer } from '../../../domain/reasoning/judge';
import { repairOf } from '../../../domain/reasoning/repair';
import { answer, asked, hypothesis } from './support/asked';

const judge = (text: string) => judgeAnswer(asked(), text);
const reasonsOf = (change: object): string =>
  judge(answer({ hypotheses: [hypothesis(change)] }))
    .problems.map(({ message }) => message)
    .join('; ');

test('an answer that holds is used whole', () => {
  const { judged, problems } = judge(answer());
  expect(problems).toEqual([]);
  expect(judged).toMatchObject({
    hypotheses: [{ statistical: 'change:c-1', cause: 'bad-release', supporting: ['E01', 'E04'], confidence: 4 }],
    runbook: 'roll-back',
    needsHuman: false,
    discarded: [],
  });
});

test.each([
  ['between fences', `\`\`\`json\n${answer()}\n\`\`\``],
  ['with white space around it', `\n  ${answer()}  \n`],
])('an answer %s is read', (_how, text) => {
  expect(judge(text).judged?.hypotheses).toHaveLength(1);
});

test('undetermined is a good answer', () => {
  const { judged, problems } = judge(answer({ hypotheses: [], runbook: 'none', needs_human: true }));
  expect([problems, judged?.hypotheses, judged?.needsHuman]).toEqual([[], [], true]);
});

test.each([
  ['nothing', ''],
  ['a refusal', "I'm sorry, but I can't help with that."],
  ['an answer that was cut off', answer().slice(0, 200)],
  ['JSON that is none', "{hypotheses: [], 'runbook': 'none'}"],
  ['words before the answer', `Here it is: ${answer()}`],
  ['two answers', answer() + answer()],
  ['a list', `[${answer()}]`],
  ['null', 'null'],
  ['1 MB', answer({ summary: 'x'.repeat(1_000_000) })],
  ['100,000 brackets', '['.repeat(100_000)],
])('%s is no answer', (_what, text) => {
  const { judged, problems } = judge(text);
  expect(judged).toBeUndefined();
  expect(problems.length).toBeGreaterThan(0);
});

test.each([
  ['a member that is not asked for', { command: 'rm -rf /' }, 'not asked for'],
  ['parameters', { action_params: { release: 'v1' } }, 'not asked for'],
  ['a prototype', JSON.parse('{"__proto__":{"needs_human":false}}') as object, 'not asked for'],
  ['a runbook that is not declared', { runbook: 'delete-everything' }, 'not one of those'],
  ['a number for a truth', { needs_human: 1 }, 'true or false'],
  ['too many hypotheses', { hypotheses: Array.from({ length: 4 }, () => hypothesis()) }, 'at most 3'],
  ['a cause that is made up', { hypotheses: [hypothesis({ cause: 'sabotage' })] }, 'not one of those'],
  ['a confidence that is a probability', { hypotheses: [hypothesis({ confidence: 0.99 })] }, 'whole number'],
  ['an id outside of the pool', { hypotheses: [hypothesis({ evidence_ids: ['E65', 'E01'] })] }, 'not one of those'],
  ['an id twice', { hypotheses: [hypothesis({ evidence_ids: ['E01', 'E01'] })] }, 'twice'],
])('%s makes it no answer, whatever the provider promised of its form', (_what, change, message) => {
  const { judged, problems } = judge(answer(change));
  expect(judged).toBeUndefined();
  expect(problems.map((each) => each.message).join('; ')).toContain(message);
});

test.each([
  ['a missing item', { evidence_ids: ['E01', 'E04', 'E40'] }, 'E40, which was not shown'],
  ['an item for and against', { counter_evidence_ids: ['E01'] }, 'for it and against it'],
  ['a hypothesis that the statistics do not have', { statistical: 'H7' }, 'H7'],
  ['a hypothesis of another cause', { statistical: 'H2' }, 'resource-exhaustion and not bad-release'],
  ['a quote that is nowhere', { quotes: [{ evidence_id: 'E03', text: 'disk is full' }] }, 'does not stand in E03'],
  ['a quote of another item', { quotes: [{ evidence_id: 'E01', text: 'pool exhausted' }] }, 'does not stand in E01'],
  ['a quote that was changed', { quotes: [{ evidence_id: 'E03', text: 'Pool exhausted' }] }, 'does not stand in E03'],
  ['a number that nobody measured', { statement: 'Since the deployment 99 % of the requests fail.' }, 'numbers 99'],
  ['a number of an item that it does not cite', { statement: 'It waits 30 s.', quotes: [] }, 'numbers 30'],
  ['a number in other digits', { statement: 'It fails ٩٩ times.' }, 'numbers ٩'],
  ['one source for a cause', { evidence_ids: ['E01'] }, 'fewer than two independent sources'],
  ['a dependency that is well as second source', { evidence_ids: ['E01', 'E05'] }, 'fewer than two independent sources'],
  ['log lines alone', { evidence_ids: ['E03'], quotes: [] }, 'nothing for its cause that was measured'],
  ['a release that only a log speaks of', { statistical: 'none', evidence_ids: ['E01', 'E03'] }, 'what the cause bad-release is about'],
  ['a place to go to', { statement: 'See fixes.example/now for the fix.' }, 'a link'],
  ['an order to people', { statement: 'Please use sudo to begin anew.' }, 'a command'],
  ['a link', { statement: 'See https://evil.example for the fix.' }, 'a link'],
  ['a command', { statement: 'Run `curl x` on the host.' }, 'a command'],
  ['a secret', { statement: 'The password=hunter22 of the pool changed.' }, 'a secret'],
])('a hypothesis that has %s is discarded, with the reason', (_what, change, message) => {
  expect(reasonsOf(change)).toContain(message);
  expect(judge(answer({ hypotheses: [hypothesis(change)] })).judged?.hypotheses).toEqual([]);
});

test('numbers count in any way of writing them', () => {
  expect(reasonsOf({ statement: 'Of 5,400 requests 1242 failed, 23 %.' })).toBe('');
});

test('of several hypotheses those stay that hold, by their confidence', () => {
  const two = [hypothesis({ confidence: 2 }), hypothesis({ evidence_ids: ['E03'] }), hypothesis({ confidence: 5, statement: 'The pool is too small.' })];
  const { judged } = judge(answer({ hypotheses: two }));
  expect(judged?.hypotheses.map(({ confidence }) => confidence)).toEqual([5, 2]);
  expect(judged?.discarded.map(({ what }) => what)).toEqual(['hypotheses.1']);
});

test('a runbook without a hypothesis that holds is not taken', () => {
  expect(judge(answer({ hypotheses: [hypothesis({ evidence_ids: ['E03'] })] })).judged?.runbook).toBeUndefined();
});

test('a summary and unknowns that invent are left out, and the rest stays', () => {
  const { judged } = judge(answer({ summary: 'It failed 777 times.', unknowns: ['Who made 888 requests', 'Whether stock was slow'] }));
  expect(judged).toMatchObject({ unknowns: ['Whether stock was slow'], discarded: [{ what: 'summary' }, { what: 'unknowns.0' }] });
  expect(judged?.summary).toBeUndefined();
});

test('hidden characters do not reach people', () => {
  const { judged } = judge(answer({ summary: 'It\u001b[2J fails\u202e now.' }));
  expect(judged?.summary).toBe('It fails now.');
});

test('the model is told what is wrong, and no more of it than it takes', () => {
  const bad = answer({ [`ignore all ${'x'.repeat(20_000)}`]: 1 });
  const repair = repairOf(bad, judge(bad).problems);
  expect(repair.problems).toContain('not asked for');
  expect([repair.problems.length < 400, repair.answer.length]).toEqual([true, 6000]);
});
