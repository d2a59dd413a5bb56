import { RE2JS } from 're2js';
import type { Matched } from './match';

/** A matcher of Alertmanager: https://prometheus.io/docs/alerting/latest/configuration/#matcher. Regular expressions are those of RE2, which take linear time, and fit the whole value. */
export interface LabelMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

/** Longest regular expression that is taken. */
const LONGEST_PATTERN = 1000;

/** Makes a test of all matchers together. Throws an Error that says why a regular expression cannot be used. */
export function labelTest(matchers: readonly LabelMatcher[]): (of: Matched) => boolean {
  const tests = matchers.map(matcherTest);
  return (of) => tests.every((test) => test(of));
}

function matcherTest({ name, value, isRegex, isEqual }: LabelMatcher): (of: Matched) => boolean {
  const fits = isRegex ? wholeMatch(value) : (text: string): boolean => text === value;
  return (of) => {
    const text = valueOf(of, name);
    return text !== undefined && fits(text) === isEqual;
  };
}

function wholeMatch(pattern: string): (text: string) => boolean {
  if (pattern.length > LONGEST_PATTERN) throw new Error(`a regular expression is longer than ${String(LONGEST_PATTERN)} characters`);
  // As in Alertmanager, a dot stands for a line break too.
  const compiled = RE2JS.compile(pattern, RE2JS.DOTALL);
  return (text) => compiled.matches(text);
}

/** A label that an alert does not have is empty, as in Alertmanager; undefined where labels are not known at all. */
function valueOf(of: Matched, name: string): string | undefined {
  if (of.labels && Object.hasOwn(of.labels, name)) return of.labels[name];
  switch (name) {
    case 'alertname':
      return of.title;
    case 'service':
      return of.service;
    case 'environment':
      return of.environment;
    default:
      return of.labels ? '' : undefined;
  }
}
