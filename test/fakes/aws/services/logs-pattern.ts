import { AwsError } from '../errors';

/** Whether a message fits a filter pattern of terms: `a "b c"` all of them, `?a ?b` one of them, `-c` not this one. JSON and columns are refused. */
export function matcherOf(pattern: string): (message: string) => boolean {
  if (/^\s*[{[]/.test(pattern)) throw new AwsError('NotImplemented', 'The fake knows patterns of terms only.', 501);
  const terms = [...pattern.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/g)].map(([, sign = '', quoted, plain = '']) => ({
    sign,
    text: quoted?.replace(/\\(.)/g, '$1') ?? plain,
  }));
  const of = (sign: string): string[] => terms.filter((term) => term.sign === sign).map(({ text }) => text);
  const [all, some, none] = [of(''), of('?'), of('-')];
  return (message) =>
    all.every((text) => message.includes(text)) &&
    (some.length === 0 || some.some((text) => message.includes(text))) &&
    !none.some((text) => message.includes(text));
}
