import { wordsOf } from '../../../domain/runbook-match/words';

test('names in camel and snake case are taken apart, and letters are small', () => {
  expect(wordsOf('OutOfMemoryError in db_pool-2')).toEqual(['memory', 'error', 'db', 'pool']);
});

test('plurals are singular, and words that only look like plurals stay', () => {
  expect(wordsOf('queries leases connections status process analysis')).toEqual(['query', 'lease', 'connection', 'status', 'process', 'analysis']);
});

test('what masks stand for and words that stand everywhere tell nothing', () => {
  expect(wordsOf('the pool of <service> has <num> of <num> taken')).toEqual(['pool', 'taken']);
});

test('a megabyte of one kind of character is read in no time', () => {
  const begun = performance.now();
  for (const text of ['<', 'A', 'aA', '-', 's ']) wordsOf(text.repeat(1_000_000 / text.length));
  expect(performance.now() - begun).toBeLessThan(1000);
});
