import { inputProblems } from '../../../domain/actions/inputs';
import { specOf } from '../../../domain/actions/table';

const problems = (given: Readonly<Record<string, string>>): readonly string[] =>
  inputProblems('autoscaling.scale', specOf('autoscaling.scale'), given).map(({ path, message }) => `${path} ${message}`);

test('of inputs that exclude each other exactly one is given', () => {
  expect(problems({ by: '+50%' })).toEqual([]);
  expect(problems({})).toEqual(['by is missing; autoscaling.scale needs one of by, to, restore']);
  expect(problems({ by: '+50%', to: '4' })).toEqual(['to stands beside by; autoscaling.scale takes one of by, to, restore']);
});
