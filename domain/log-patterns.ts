import type { LogPattern } from './evidence';
import type { LogLine } from './metrics';
import { maskLine } from './log-templates/mask';
import { TemplateMiner } from './log-templates/miner';
import { SAMPLES, sampleText } from './log-samples';
import { clip } from './plain-text';

/** Longest pattern kept; the rest of a message seldom tells more. */
const PATTERN_LENGTH = 200;
/** A line this shortly before the onset (milliseconds) belongs to it: the onset is known only as finely as the scrapes are apart. */
export const ONSET_SLACK_MS = 2_000;

interface Counted {
  readonly level: 'warn' | 'error';
  readonly before: number;
  readonly since: number;
  readonly mentions: readonly string[];
  /** The first different lines since the onset, as they were read. */
  readonly told: readonly string[];
}

/**
 * Templates of the warnings and errors with their counts before and since the onset (epoch milliseconds), new ones first, then the most frequent; at most `most`. Those that are new or
 * came more often since have a few scrubbed lines.
 * `services` are names that count as mentioned when they stand in a message as a word.
 */
export function logPatterns(lines: readonly LogLine[], onset: number, services: readonly string[], most: number): LogPattern[] {
  const mentionable = services.map((name) => ({ name, word: new RegExp(`(?<![\\w-])${name.replace(/[^\w]/g, '\\$&')}(?![\\w-])`, 'i') }));
  const told = lines.filter(({ level }) => level === 'warn' || level === 'error');
  const miner = new TemplateMiner();
  const ids = told.map(({ message }) => miner.add(message).id);
  const found = new Map<string, Counted>();
  for (const [i, line] of told.entries()) {
    // Asked once all lines are in, as later lines make templates more general.
    const pattern = clip(miner.template(ids[i] ?? '')?.text ?? maskLine(line.message), PATTERN_LENGTH);
    const mentions = mentionable.filter(({ word }) => word.test(line.message)).map(({ name }) => name);
    found.set(pattern, counted(found.get(pattern), line, onset, mentions));
  }
  return [...found]
    .map(([pattern, { told: lines, mentions, ...counts }]) => ({ pattern, ...counts, isNew: counts.before === 0, mentions: [...mentions].sort(), lines }))
    .sort((a, b) => Number(b.isNew) - Number(a.isNew) || b.since - a.since || (a.pattern < b.pattern ? -1 : 1))
    .slice(0, most)
    .map(withSamples);
}

/** Scrubbed last, so that only what is kept is paid for. */
function withSamples({ lines, ...pattern }: LogPattern & { readonly lines: readonly string[] }): LogPattern {
  const samples = [...new Set(lines.map(sampleText))].filter((text) => text !== '');
  return pattern.since > pattern.before && samples.length > 0 ? { ...pattern, samples } : pattern;
}

function counted(known: Counted | undefined, line: LogLine, onset: number, mentions: readonly string[]): Counted {
  const early = line.at < onset - ONSET_SLACK_MS;
  const told = known?.told ?? [];
  return {
    level: line.level === 'error' || known?.level === 'error' ? 'error' : 'warn',
    before: (known?.before ?? 0) + (early ? 1 : 0),
    since: (known?.since ?? 0) + (early ? 0 : 1),
    mentions: [...new Set([...(known?.mentions ?? []), ...mentions])],
    told: early ? told : withLine(told, line.message),
  };
}

function withLine(told: readonly string[], message: string): readonly string[] {
  return told.length >= SAMPLES.most || told.includes(message) ? told : [...told, message];
}
