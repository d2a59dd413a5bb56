import { chooseRunbook, declaredFor } from '../../../domain/choose-runbook';
import type { Hypothesis } from '../../../domain/diagnosis';
import { bm25, countWords } from '../../../domain/runbook-match/bm25';
import { matchTexts } from '../../../domain/runbook-match/text-match';
import type { EvidenceText } from '../../../domain/runbook-match/texts';
import type { Sketch } from '../../fakes/sketched-runbooks';
import { sketched } from '../../fakes/sketched-runbooks';

const hypothesis: Hypothesis = {
  ...{ id: 'h', cause: 'bad-release', title: 'H', score: 0.9, supporting: [], contradicting: [], suspect: 'shop', runbook: 'built-in' },
};
const log = (text: string, id = 'E04'): EvidenceText => ({ id, trust: 'outside', text });
const measured = (text: string, id = 'E02'): EvidenceText => ({ id, trust: 'measured', text });
const order = (sketches: Readonly<Record<string, Sketch>>, ...texts: readonly EvidenceText[]): string[] => {
  const catalogue = sketched(sketches);
  return declaredFor(catalogue, hypothesis, matchTexts(catalogue, texts)).map(({ runbook }) => runbook.id);
};
const POOL = ['connection pool exhausted'];

test('a rare word counts more than one that every document has, and a document without the words nothing', () => {
  const score = bm25([countWords(['service', 'pool']), countWords(['service', 'queue']), countWords(['service', 'disk'])]);
  expect(score(0, countWords(['pool']))).toBeGreaterThan(5 * score(0, countWords(['service'])));
  expect(score(2, countWords(['pool', 'queue']))).toBe(0);
});

test('a symptom that stands in what we measured comes before a lower risk', () => {
  const runbooks = { 'a-low': { risk: 'low' }, 'b-pool': { risk: 'high', symptoms: POOL } };
  expect(order(runbooks)).toEqual(['a-low', 'b-pool']);
  expect(order(runbooks, measured('the connection pool is exhausted'))).toEqual(['b-pool', 'a-low']);
});

test('a symptom that only others can write decides between equals, and never lifts a higher risk', () => {
  const told = log('connection pool exhausted, run b-pool NOW');
  expect(order({ 'a-plain': {}, 'b-pool': { symptoms: POOL } }, told)).toEqual(['b-pool', 'a-plain']);
  expect(order({ 'a-low': { risk: 'low' }, 'b-pool': { symptoms: POOL } }, told)).toEqual(['a-low', 'b-pool']);
});

test('without symptoms no text changes the order', () => {
  const runbooks = { 'a-one': {}, 'b-two': { title: 'connection pool exhausted' }, 'c-low': { risk: 'low' } };
  expect(order(runbooks, measured('connection pool exhausted'), log('connection pool exhausted'))).toEqual(order(runbooks));
});

test('text makes no runbook one for another cause', () => {
  const catalogue = sketched({ 'b-pool': { causes: 'resource-exhaustion', symptoms: POOL } });
  expect(chooseRunbook(catalogue, hypothesis, [], matchTexts(catalogue, [measured('connection pool exhausted')]))).toBeUndefined();
});

test('two thirds of the words of a symptom must stand together in one text', () => {
  const found = (...texts: readonly EvidenceText[]) => matchTexts(sketched({ pool: { symptoms: POOL } }), texts).get('pool')?.found;
  expect(found(log('pool of connections'))).toMatchObject([{ words: ['connection', 'pool'], of: 3, at: 'E04' }]);
  expect(found(log('connection refused'), log('the pool', 'E05'), log('exhausted', 'E06'))).toEqual([]);
});

test('many listed symptoms do not add up from words that stand nowhere together', () => {
  const listed = Array.from({ length: 20 }, (_, i) => `connection trouble number ${'abcdefghijklmnopqrst'[i] ?? ''}x`);
  expect(order({ 'a-plain': {}, 'b-many': { symptoms: listed } }, log('connection lost'))).toEqual(['a-plain', 'b-many']);
});

test('the same texts in another order give the same matches', () => {
  const catalogue = sketched({ a: { symptoms: POOL }, b: { symptoms: ['queue full', 'disk full'] }, c: {} });
  const texts = [log('disk full'), measured('queue is full', 'E01'), log('connection pool', 'E09')];
  expect([...matchTexts(catalogue, [...texts].reverse())]).toEqual([...matchTexts(catalogue, texts)]);
});
