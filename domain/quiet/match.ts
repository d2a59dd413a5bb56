import type { Severity } from '../names';

/** Which alerts a rule or a silence is about; what is absent fits everything. `*` in a text stands for any characters. */
export interface AlertMatch {
  /** Name of the source that the alert came by, as it is. */
  readonly source?: string;
  readonly service?: string;
  readonly environment?: string;
  /** Name of the alert. */
  readonly title?: string;
  readonly severity?: readonly Severity[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** What is known of an alert, or of a condition that an incident remembers: that one has no labels. */
export interface Matched {
  readonly source?: string;
  readonly service: string;
  readonly environment: string;
  readonly title: string;
  readonly severity: Severity;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Does the match fit? Labels that are not known fit no wanted label. */
export function matches(match: AlertMatch, of: Matched): boolean {
  return (
    (match.source === undefined || match.source === of.source) &&
    globFits(match.service, of.service) &&
    globFits(match.environment, of.environment) &&
    globFits(match.title, of.title) &&
    (match.severity?.includes(of.severity) ?? true) &&
    Object.entries(match.labels ?? {}).every(([name, wanted]) => {
      const value = of.labels && Object.hasOwn(of.labels, name) ? of.labels[name] : undefined;
      return value !== undefined && globFits(wanted, value);
    })
  );
}

/** Does a text fit a pattern, in which `*` stands for any characters? Each part of the pattern is looked for once, so time grows with the length only. */
export function globFits(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  if (tail === undefined) return pattern === text;
  if (!text.startsWith(head) || !text.endsWith(tail) || text.length < head.length + tail.length) return false;
  let at = head.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - tail.length;
}

/** A match in one line, for people. */
export function matchText(match: AlertMatch): string {
  const { labels = {}, severity, ...plain } = match;
  const parts = [
    ...Object.entries(plain).map(([name, wanted]) => `${name} ${wanted}`),
    ...(severity ? [`severity ${severity.join(' or ')}`] : []),
    ...Object.entries(labels).map(([name, wanted]) => `label ${name}=${wanted}`),
  ];
  return parts.length === 0 ? 'everything' : parts.join(', ');
}
