import type { LogPattern } from './evidence';
import type { LogLine } from './metrics';
import { clip } from './plain-text';

/** Longest pattern kept; the rest of a message seldom tells more. */
const PATTERN_LENGTH = 200;
/** A line this shortly before the onset (milliseconds) belongs to it: the onset is known only as finely as the scrapes are apart. */
export const ONSET_SLACK_MS = 2_000;

// What varies from line to line, most specific first. Quoted values go whole, as they are what callers put in.
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/"[^"\n]{0,500}"|'[^'\n]{0,500}'(?![a-z])|`[^`\n]{0,500}`/gi, '<text>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b/g, '<time>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '<ip>'],
  [/(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}:?[0-9a-f]{0,4}(?![\w:])|(?<![\w:])(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4})?(?![\w:])/gi, '<ip>'],
  [/\b0x[0-9a-f]+\b/gi, '<hex>'],
  [/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b/gi, '<hex>'],
  // Letters and digits mixed in one token: an id such as `ord-8f3a2` or `r7Kq91`.
  [/\b(?=[\w-]*[a-z])(?=[\w-]*\d[\w-]*\d)(?=[\w-]{5,})[a-z\d]+(?:[-_][a-z\d]+)*\b/gi, '<id>'],
  [/(?<![\w.])[+-]?\d+(?:[.,:]\d+)*/g, '<n>'],
];

/** A message with numbers, ids, times, addresses and quoted values replaced by placeholders, on one line, so that lines of one kind read alike. */
export function maskMessage(message: string): string {
  const line = message.slice(0, PATTERN_LENGTH * 4).replace(/\s+/g, ' ');
  return clip(MASKS.reduce((text, [what, placeholder]) => text.replace(what, placeholder), line).trim(), PATTERN_LENGTH);
}

/**
 * Patterns of the warnings and errors with their counts before and since the onset (epoch milliseconds), new ones first, then the most frequent; at most `most`.
 * `services` are names that count as mentioned when they stand in a message as a word.
 */
export function logPatterns(lines: readonly LogLine[], onset: number, services: readonly string[], most: number): LogPattern[] {
  const mentionable = services.map((name) => ({ name, word: new RegExp(`(?<![\\w-])${name.replace(/[^\w]/g, '\\$&')}(?![\\w-])`, 'i') }));
  const found = new Map<string, { level: 'warn' | 'error'; before: number; since: number; mentions: Set<string> }>();
  for (const line of lines) {
    if (line.level !== 'warn' && line.level !== 'error') continue;
    const pattern = maskMessage(line.message);
    const entry = found.get(pattern) ?? { level: line.level, before: 0, since: 0, mentions: new Set<string>() };
    if (line.level === 'error') entry.level = 'error';
    if (line.at < onset - ONSET_SLACK_MS) entry.before += 1;
    else entry.since += 1;
    for (const { name, word } of mentionable) if (word.test(line.message)) entry.mentions.add(name);
    found.set(pattern, entry);
  }
  return [...found]
    .map(([pattern, { level, before, since, mentions }]) => ({ pattern, level, before, since, isNew: before === 0, mentions: [...mentions].sort() }))
    .sort((a, b) => Number(b.isNew) - Number(a.isNew) || b.since - a.since || (a.pattern < b.pattern ? -1 : 1))
    .slice(0, most);
}
