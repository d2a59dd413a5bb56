import { VERDICTS } from '../../domain/names';
import { verdictText } from '../../domain/wording';

test('every verdict is told with its own word first, and only one of them says recovered', () => {
  const told = VERDICTS.map((verdict) => verdictText(verdict, 'Figures.'));
  expect(told.map((text) => text.split(/[ :]/)[0])).toEqual(VERDICTS);
  expect(told.filter((text) => /recovered/.test(text))).toEqual(['recovered: Figures.']);
  expect(told.every((text) => text.endsWith(': Figures.'))).toBe(true);
});
