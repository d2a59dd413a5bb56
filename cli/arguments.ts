import { InvalidArgumentError } from 'commander';
import { REGION } from '../domain/aws/place';
import { durationComplaint, parseDuration } from '../domain/duration';

/** Parser of an option that takes one of a list of words; commander turns its error into exit code 2. */
export function oneOf<T extends string>(words: readonly T[]): (value: string) => T {
  return (value) => {
    const word = words.find((w) => w === value);
    if (word === undefined) throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
    return word;
  };
}

/** Parser of an option that takes some of a list of words, separated by commas. */
export function someOf<T extends string>(words: readonly T[]): (value: string) => readonly T[] {
  const one = oneOf(words);
  return (value) => value.split(',').map((part) => one(part.trim()));
}

/** Parser of a whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
    if (!(number >= least && number <= most)) throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return number;
  };
}

/** Parser of `name=value`, given again for every value; a name given twice is refused. */
export function assignment(value: string, before: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  const at = value.indexOf('=');
  const name = value.slice(0, at);
  if (at < 1) throw new InvalidArgumentError('Write it as name=value.');
  if (before !== undefined && Object.hasOwn(before, name)) throw new InvalidArgumentError(`"${name}" is given twice.`);
  return { ...before, [name]: value.slice(at + 1) };
}

/** Parser of a duration such as `10s`, at most `most` milliseconds; returns milliseconds. */
export function duration(most: number): (value: string) => number {
  return (value) => {
    const complaint = durationComplaint(value);
    if (complaint !== undefined) throw new InvalidArgumentError(`It ${complaint}.`);
    if (parseDuration(value) > most) throw new InvalidArgumentError(`It must be at most ${String(most / 1000)}s.`);
    return parseDuration(value);
  };
}

/** Regions of AWS, with commas between, after those that were given before them. */
export function regions(value: string, before: readonly string[] = []): readonly string[] {
  const named = value.split(',').map((each) => each.trim());
  if (!named.every((each) => REGION.test(each))) throw new InvalidArgumentError('It must be a region such as eu-west-1, or several with commas between.');
  return [...new Set([...before, ...named])];
}

/** Parser of an option that may be given several times; returns all values. */
export function several(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
