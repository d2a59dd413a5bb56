import { mergedWord, readWord, relation } from '../../../domain/log-templates/words';

test.each([
  ['started', 'started', 'same'],
  ['<n>', '<n>', 'same-value'],
  ['user=<n>', 'user=<n>', 'same'],
  ['<n>', 'all', 'value'],
  ['(<host>)', '()', 'value'],
  ['broadcast_9', 'broadcast_12', 'value'],
  ['user=ana', 'user=<id>', 'value'],
  ['user=ana', 'user=bob', 'word'],
  ['at:<n>', 'at:<hex>', 'same'],
  ['(<n>)', '(<ip>)', 'value'],
  ['LOGIN(uid=<n>)', '(uid=<n>)', 'word'],
  ['started', 'stopped', 'word'],
  ['Error:', 'Warning:', 'word'],
  ['LOOKING', 'LEADING', 'capitals'],
])('%s and %s are: %s', (known, word, expected) => {
  expect(relation(readWord(known), readWord(word))).toBe(expected);
});

test.each([
  ['ana', 'bob', '<*>'],
  ['user=ana,', 'user=bob,', 'user=<*>,'],
  ['()', '(<host>)', '(<*>)'],
  ['<n>', '<ip>', '<*>'],
  ['a:b', 'a:b:c', 'a:<*>'],
])('%s and %s become %s', (known, word, expected) => {
  expect(mergedWord(readWord(known), readWord(word)).text).toBe(expected);
});
