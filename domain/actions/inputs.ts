import type { Problem } from '../errors';
import { suggestion } from '../nearest';
import { parameterComplaint } from '../parameters';
import type { ActionSpec } from './action';

/** What is wrong with the inputs of an action: missing, not taken, or of a wrong form, which is asked of those alone that `readable` says yes to. Paths are names of inputs. */
export function inputProblems(
  action: string,
  { inputs, others, oneOf }: ActionSpec,
  given: Readonly<Record<string, string>>,
  readable: (text: string) => boolean = () => true,
): Problem[] {
  const names = Object.keys(inputs);
  const missing = names.filter((name) => inputs[name]?.optional !== true && !Object.hasOwn(given, name));
  return [
    ...oneOfProblems(action, oneOf, given),
    ...missing.map((name) => ({ path: name, message: `is missing; ${action} needs it` })),
    ...Object.entries(given).flatMap(([name, text]): Problem[] => {
      const input = Object.hasOwn(inputs, name) ? inputs[name] : others;
      if (!input) return [{ path: name, message: `${action} does not take this; ${suggestion(name, names)}` }];
      const complaint = readable(text) ? parameterComplaint(input, text) : undefined;
      return complaint === undefined ? [] : [{ path: name, message: complaint }];
    }),
  ];
}

function oneOfProblems(action: string, oneOf: readonly string[] | undefined, given: Readonly<Record<string, string>>): Problem[] {
  const found = oneOf?.filter((name) => Object.hasOwn(given, name)) ?? [];
  if (!oneOf || found.length === 1) return [];
  const names = oneOf.join(', ');
  const [first = '', second] = found;
  return second === undefined
    ? [{ path: oneOf[0] ?? '', message: `is missing; ${action} needs one of ${names}` }]
    : [{ path: second, message: `stands beside ${first}; ${action} takes one of ${names}` }];
}
