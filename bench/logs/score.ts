/** What a parser says of one line: the group that it belongs to, and the text of its template with `<*>` where something varies. */
export interface ParsedLine {
  readonly group: string;
  readonly template: string;
}

/** Shares of lines, 0 to 1. */
export interface Accuracy {
  /** Lines whose group holds exactly the lines that the truth puts together (Zhu et al. 2019, "Tools and Benchmarks for Automated Log Parsing"). */
  readonly groupingAccuracy: number;
  /** Lines whose template reads like the truth's after `comparable`. */
  readonly parsingAccuracy: number;
  /** The same without joining wildcards: only white space is made alike. */
  readonly parsingAccuracyStrict: number;
}

// Between two wildcards these say only how a value was cut into pieces: `<*>:<*>` is an address with its port, or a time of the day.
const JOINED_WILDCARDS = /<\*>(?:[.:,/@#_+-]?<\*>)+/g;

/** A template as it is compared: one space for any, and wildcards that touch each other, or with one of `. : , / @ # _ + -` between, are one. */
export function comparable(template: string): string {
  return strictly(template).replace(JOINED_WILDCARDS, '<*>');
}

function strictly(template: string): string {
  return template.replace(/\s+/g, ' ').trim();
}

/** Accuracy of what a parser says of lines, in their order, against the truth. Both have the same length, at least 1. */
export function accuracy(parsed: readonly ParsedLine[], truth: readonly ParsedLine[]): Accuracy {
  const lines = parsed.length;
  const equal = (read: (template: string) => string): number =>
    parsed.filter(({ template }, i) => read(template) === read(truth[i]?.template ?? '')).length / lines;
  return { groupingAccuracy: grouped(parsed, truth) / lines, parsingAccuracy: equal(comparable), parsingAccuracyStrict: equal(strictly) };
}

function grouped(parsed: readonly ParsedLine[], truth: readonly ParsedLine[]): number {
  const [ours, theirs] = [sizes(parsed), sizes(truth)];
  const pairs = new Map<string, number>();
  for (const [i, { group }] of parsed.entries()) {
    const pair = JSON.stringify([group, truth[i]?.group]);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  let right = 0;
  for (const [i, { group }] of parsed.entries()) {
    const other = truth[i]?.group ?? '';
    const shared = pairs.get(JSON.stringify([group, other]));
    if (shared === ours.get(group) && shared === theirs.get(other)) right += 1;
  }
  return right;
}

function sizes(lines: readonly ParsedLine[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { group } of lines) found.set(group, (found.get(group) ?? 0) + 1);
  return found;
}
