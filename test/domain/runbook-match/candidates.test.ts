import type { Attempt, Hypothesis } from '../../../domain/diagnosis';
import { rankByText, rankCandidates } from '../../../domain/runbook-match/candidates';
import type { CandidateQuestion } from '../../../domain/runbook-match/candidates';
import { choiceOf } from '../../../domain/runbook-match/choice';
import { matchTexts } from '../../../domain/runbook-match/text-match';
import type { EvidenceText } from '../../../domain/runbook-match/texts';
import { sketched } from '../../fakes/sketched-runbooks';

const hypothesis: Hypothesis = {
  ...{ id: 'h', cause: 'bad-release', title: 'H', score: 0.9, supporting: [], contradicting: [], suspect: 'shop', runbook: 'built-in' },
};
const catalogue = sketched({
  drain: { symptoms: ['queue is stuck', 'consumer lag grows', 'poison message'] },
  flush: { risk: 'low' },
  grow: { causes: 'resource-exhaustion', symptoms: ['queue is stuck'] },
  other: { causes: 'resource-exhaustion' },
  ticket: { parameters: '{ ticket: { description: A ticket. } }', release: '${{ parameters.ticket }}' },
});
const texts: readonly EvidenceText[] = [{ id: 'E04', trust: 'outside', text: 'WARN queue stuck since <num>' }];
const ranked = (over: Partial<CandidateQuestion> = {}) =>
  rankCandidates({ catalogue, matches: matchTexts(catalogue, texts), hypothesis, attempts: [], missing: () => [], ...over });
const reasonsOf = (id: string, over: Partial<CandidateQuestion> = {}) => ranked(over).find(({ runbook }) => runbook === id)?.reasons;

test('those that can be given come first, then those that cannot, then what only resembles the evidence', () => {
  expect(ranked().map(({ runbook, standing }) => [runbook, standing])).toEqual([
    ['flush', 'first'],
    ['drain', 'possible'],
    ['ticket', 'not'],
    ['grow', 'near'],
  ]);
});

test('each says in sentences why it stands there', () => {
  expect(reasonsOf('flush')).toEqual(['declared for bad-release', "a runbook of the team's own, which come first", 'risk low']);
  expect(reasonsOf('drain')).toEqual([
    'declared for bad-release',
    "a runbook of the team's own, which come first",
    'its symptom "queue is stuck" stands in E04, which others can write, so that it only decides between equals',
    'risk medium',
  ]);
  expect(reasonsOf('grow')?.[0]).toBe('not: declared for resource-exhaustion, and not for bad-release; text alone proposes nothing');
});

test('what keeps one from being given is its first reason', () => {
  const given: Attempt = { round: 1, hypothesis: 'h', runbook: 'flush', parameters: {}, verdict: 'unchanged' };
  expect(reasonsOf('ticket')?.[0]).toBe('not: the diagnosis cannot fill its parameters');
  expect(reasonsOf('flush', { attempts: [given] })?.[0]).toBe('not: was given in round 1 with the same values (unchanged)');
  expect(reasonsOf('flush', { missing: () => ['hands.automations'] })?.[0]).toBe('not: needs hands.automations, which shop does not have');
  expect(reasonsOf('flush', { refused: new Map([['flush', 'a deployment is under way.']]) })?.[0]).toBe('not now: a deployment is under way.');
});

test('where nothing names a remedy, there are near misses only', () => {
  expect(ranked({ hypothesis: undefined }).map(({ runbook, standing }) => [runbook, standing])).toEqual([
    ['grow', 'near'],
    ['drain', 'near'],
  ]);
});

test('for a text alone the one whose symptom stands comes before words that stand scattered', () => {
  const some = sketched({ a: { title: 'Queue queue' }, b: { symptoms: ['queue is stuck'] } });
  expect(rankByText(some, matchTexts(some, texts)).map(({ runbook }) => runbook)).toEqual(['b', 'a']);
});

test('control characters of an alert do not reach the reasons', () => {
  const told: EvidenceText = { id: 'the alert \u001b[31mPool', trust: 'outside', text: 'queue stuck' };
  expect(reasonsOf('drain', { matches: matchTexts(catalogue, [told]) })?.[2]).toContain('\\x1b[31mPool');
});

test('an incident keeps the reasons of the first, and one of each other that is worth telling', () => {
  const choice = choiceOf(ranked(), (id) => id !== 'ticket');
  expect(choice).toMatchObject({ runbook: 'flush', reasons: ['declared for bad-release', expect.any(String), 'risk low'] });
  expect(choice.others).toEqual([{ runbook: 'drain', reason: expect.stringMatching(/^possible, and comes later: .*its symptom/) as string }]);
});
