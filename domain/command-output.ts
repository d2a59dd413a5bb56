import { z } from 'zod';
import { RELEASE_PATTERN } from './command-hands';
import { NightshiftError } from './errors';
import { clip, plainText } from './plain-text';
import { redact } from './redact';

/** What the command `current` says of a service. Times are epoch milliseconds. */
export interface CurrentState {
  readonly release?: string;
  /** Whatever names the process: a pid, a container's id. */
  readonly instance?: string;
  /** Start of the process, of several the oldest. */
  readonly startedAt?: number;
  readonly healthy?: boolean;
  readonly account?: string;
  readonly region?: string;
}

/** A release that can be deployed. */
export interface ReleaseEntry {
  readonly release: string;
  /** When it was deployed last, epoch milliseconds, where the command tells. */
  readonly at?: number;
  /** Who deployed it, where the command tells. */
  readonly by?: string;
}

const MOST_LINES = 1_000;
/** Numbers below this are seconds: as milliseconds they would lie in 1973. */
const FIRST_MILLISECONDS = 1e11;

const release = z.string().regex(RELEASE_PATTERN);
const line = z.string().min(1).max(200);
const time = z.union([z.number(), z.string()]).transform((value, context) => {
  const at = timeOf(value);
  if (at === undefined) context.addIssue({ code: 'custom', message: 'is not a time' });
  return at ?? 0;
});
const current = z.object({
  release: release.nullish(),
  instance: z.union([line, z.number().transform(String)]).nullish(),
  startedAt: time.nullish(),
  healthy: z.boolean().nullish(),
  account: line.nullish(),
  region: line.nullish(),
});
const entry = z.object({ release, at: time.nullish(), by: line.nullish() });

/**
 * Reads what `current` printed: one JSON object, or the release alone on the first line. Throws `unreachable` for anything else, as a guess here would decide what is done to a
 * service.
 */
export function parseCurrent(text: string): CurrentState {
  if (text.trimStart().startsWith('{')) return whole(parsed(current, text, 'current'));
  const first = (text.split('\n')[0] ?? '').trim();
  if (!RELEASE_PATTERN.test(first)) throw garbage('current', `its first line is no release: ${quoted(first)}`);
  return { release: first };
}

/**
 * Reads what `releases` printed, newest first: a line is a release, or a release, a time and who deployed it (parted by blanks), or one JSON object of those. A log of
 * deployments, in which a release comes more than once, will do. Throws `unreachable` at the first line that is something else.
 */
export function parseReleases(text: string): ReleaseEntry[] {
  const lines = text.split('\n').map((each) => each.trim());
  const entries = lines.flatMap((each, i) => (each === '' ? [] : [entryOf(each, i + 1)]));
  if (entries.length > MOST_LINES) throw garbage('releases', `it has ${entries.length} lines, at most ${MOST_LINES} are taken`);
  return entries;
}

function entryOf(text: string, number: number): ReleaseEntry {
  if (text.startsWith('{')) {
    const { release: id, ...rest } = parsed(entry, text, 'releases', `line ${number}: `);
    return { release: id, ...whole(rest) };
  }
  const [name = '', at, ...by] = text.split(/\s+/);
  if (!RELEASE_PATTERN.test(name)) throw garbage('releases', `line ${number} is no release: ${quoted(text)}`);
  const when = at === undefined ? undefined : timeOf(at);
  if (at !== undefined && when === undefined) throw garbage('releases', `line ${number}: ${quoted(at)} is no time; write ISO 8601 or seconds since 1970`);
  return { release: name, ...whole({ at: when, by: by.length > 0 ? clip(by.join(' '), 200) : undefined }) };
}

function parsed<S extends z.ZodType>(schema: S, text: string, command: string, where = ''): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw garbage(command, `${where}it begins like JSON and is none`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const wrong = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw garbage(command, `${where}${wrong}`);
}

type Whole<T> = { [K in keyof T]?: Exclude<T[K], null | undefined> };

/** A copy without the members that say nothing. */
function whole<T extends object>(value: T): Whole<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null && member !== undefined)) as Whole<T>;
}

function timeOf(value: string | number): number | undefined {
  const number = typeof value === 'number' ? value : /^\d+(\.\d+)?$/.test(value) ? Number(value) : Date.parse(value);
  if (!Number.isFinite(number) || number < 0 || Math.abs(number) > 8.64e15) return undefined;
  const isDate = typeof value === 'string' && !/^\d+(\.\d+)?$/.test(value);
  return Math.round(isDate || number >= FIRST_MILLISECONDS ? number : number * 1000);
}

function quoted(text: string): string {
  return text === '' ? 'nothing' : `"${clip(plainText(redact(text)), 60)}"`;
}

function garbage(command: string, what: string): NightshiftError {
  return new NightshiftError('unreachable', `the command ${command} printed something else than expected: ${what}`);
}
