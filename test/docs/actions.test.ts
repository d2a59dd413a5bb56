import { ACTIONS, specOf, type ActionName } from '../../domain/actions/table';
import { textOf } from './markdown';

const rows = textOf('docs/actions.md')
  .split('\n')
  .filter((line) => /^\| `/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('the table of actions names each with its inputs and what it does', () => {
  const told = rows.map(([, name = '', inputs = '', what]) => [name.replaceAll('`', ''), [...inputs.matchAll(/`([^`]+)`/g)].map(([, input]) => input), what]);
  const names = Object.keys(ACTIONS) as ActionName[];
  expect(told).toEqual(names.map((name) => [name, Object.keys(specOf(name).inputs), specOf(name).summary]));
});
