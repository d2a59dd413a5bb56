import { PlainDrain } from '../../../bench/logs/plain-drain';
import { accuracy, comparable } from '../../../bench/logs/score';

const truth = [
  { group: 'A', template: 'a <*>' },
  { group: 'A', template: 'a <*>' },
  { group: 'B', template: 'b <*>:<*> c' },
  { group: 'C', template: 'd' },
];

test('a line is grouped right only when its group holds exactly the lines of the truth', () => {
  const parsed = ['1', '1', '2', '2'].map((group) => ({ group, template: '' }));
  expect(accuracy(parsed, truth).groupingAccuracy).toBe(0.5);
});

test('a template is right when its text is, with wildcards that touch taken as one', () => {
  const parsed = ['a <*>', 'a  <*> ', 'b <*> c', 'd <*>'].map((template) => ({ group: '', template }));
  expect(accuracy(parsed, truth)).toMatchObject({ parsingAccuracy: 0.75, parsingAccuracyStrict: 0.5 });
});

test('wildcards with words or more than one sign between them stay apart', () => {
  expect(comparable('<*>##<*> <*> x<*>-<*>')).toBe('<*>##<*> <*> x<*>');
});

test('plain Drain puts lines together that are half the same', () => {
  expect(new PlainDrain().parse(['took lock 5 of a', 'took lock 6 of b', 'lost lock 6 of b']).map(({ template }) => template)).toEqual([
    'took lock <*> of <*>',
    'took lock <*> of <*>',
    'lost lock 6 of b',
  ]);
});
