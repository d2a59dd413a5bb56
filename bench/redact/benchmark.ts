import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pumpRedacted } from '../../cli/redact-pump';
import { REDACTED } from '../../domain/redact';
import { RedactedStream } from '../../domain/redact/stream';
import { redactThreads } from '../../workers/redact-threads';
import type { Benchmark } from '../benchmark';
import { readLogSets } from '../logs/loghub';
import { AROUND_TEXTS, AROUND_TOKENS } from './contexts';
import { Draw } from './draw';
import { hostileTexts } from './hostile';
import { INNOCENT } from './innocents';
import { NAMED, TOKENS } from './secrets';

/** What `bench redact` prints. */
export interface RedactResult {
  readonly kinds: number;
  /** Share of the secrets of which neither the whole nor one half is in the output. */
  readonly caught: number;
  /** Share of lines with nothing to hide that came out changed. */
  readonly innocentChanged: number;
  /** Megabytes a second, as the command does it with its threads, lines as they are in logs: one of fifty with a secret. */
  readonly mbPerSecond: number;
  /** Longest processor time for a hostile megabyte. */
  readonly slowestMegabyteMs: number;
  readonly slowestText: string;
  readonly secrets: number;
  readonly innocents: number;
  /** By kind, where not all were caught. */
  readonly missed: Readonly<Record<string, number>>;
  /** Of each set of innocent lines the share that was changed. */
  readonly changedBySet: Readonly<Record<string, number>>;
}

const SECRETS = 2_000;
const INNOCENTS = 20_000;
const CHUNK = 65_536;
const SPEED_BYTES = 20_000_000;
const LIMITS = { caught: 0.99, innocentChanged: 0.005, mbPerSecond: 10, slowestMegabyteMs: 1_000 } as const;

/** `bench redact`. */
export const redactBenchmark: Benchmark = {
  about: `Secrets of many kinds in made lines of logs through the code of \`nightshift redact\`: how many are gone, how many
innocent lines changed (--data DIR: LogHub's CSV files beside the made ones), megabytes a second, and the slowest of many
megabytes made to take long. About a minute.`,
  options: { data: { type: 'string' }, seed: { type: 'string' } },
  temporal: false,
  async run({ options, tell }) {
    const folder = typeof options['data'] === 'string' ? options['data'] : (['../shared/data/loghub'].find((each) => existsSync(each)) ?? '');
    const result = await benchRedact(Number(options['seed'] ?? 1), folder, tell);
    return { result, table: table(result), failures: failures(result) };
  },
};

async function benchRedact(seed: number, folder: string, tell: (line: string) => void): Promise<RedactResult> {
  const d = new Draw(seed);
  const planted = plantedLines(d);
  const missed = countMissed(planted);
  tell(`${String(planted.length)} secrets are through`);
  const innocents = {
    made: Array.from({ length: INNOCENTS }, (_, i) => (INNOCENT[i % INNOCENT.length] as (draw: Draw) => string)(d)),
    ...(await logSets(folder)),
  };
  const changed = Object.entries(innocents).map(([name, lines]) => [name, differing(lines), lines.length] as const);
  const all = changed.reduce((sum, [, , count]) => sum + count, 0);
  tell(`${String(all)} innocent lines are through`);
  const mbPerSecond = await speed(Object.values(innocents).flat(), planted);
  tell('measuring hostile megabytes');
  const slowest = hostileTexts().reduce(
    (worst, { name, text }) => {
      const ms = timeOf(text);
      return ms > worst.ms ? { name, ms } : worst;
    },
    { name: '', ms: 0 },
  );
  return {
    kinds: new Set(planted.map(({ kind }) => kind)).size,
    caught: rounded(1 - Object.values(missed).reduce((sum, count) => sum + count, 0) / planted.length),
    innocentChanged: rounded(changed.reduce((sum, [, count]) => sum + count, 0) / all),
    ...{ mbPerSecond, slowestMegabyteMs: Math.round(slowest.ms), slowestText: slowest.name, secrets: planted.length, innocents: all, missed },
    changedBySet: Object.fromEntries(changed.map(([name, count, of]) => [name, rounded(count / of)])),
  };
}

interface PlantedLine {
  readonly kind: string;
  readonly secret: string;
  readonly line: string;
}

function plantedLines(d: Draw): PlantedLine[] {
  const makers = [
    ...Object.entries(TOKENS).map(([kind, make]) => ({ kind, make, around: AROUND_TOKENS })),
    ...Object.entries(NAMED).map(([kind, make]) => ({ kind, make, around: AROUND_TEXTS })),
  ];
  return Array.from({ length: SECRETS }, (_, i) => {
    const { kind, make, around } = makers[i % makers.length] as (typeof makers)[number];
    const { secret, text } = make(d);
    return { kind, secret, line: d.one(around)(text, d) };
  });
}

function countMissed(planted: readonly PlantedLine[]): Record<string, number> {
  const out = through(planted.map(({ line }) => line));
  const missed: Record<string, number> = {};
  planted.forEach(({ kind, secret }, i) => {
    const half = Math.ceil(secret.length / 2);
    const halves = [secret.slice(0, half), secret.slice(-half)];
    if (halves.some((each) => (out[i] ?? '').includes(each))) missed[kind] = (missed[kind] ?? 0) + 1;
  });
  return missed;
}

/** Lines as the command turns them. */
function through(lines: readonly string[]): string[] {
  const text = Buffer.from(`${lines.join('\n')}\n`);
  return Buffer.from(redacted(text), 'latin1').toString().split('\n').slice(0, -1);
}

function redacted(bytes: Buffer): string {
  const stream = new RedactedStream(() => REDACTED);
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK) parts.push(stream.push(bytes.subarray(at, at + CHUNK).toString('latin1')));
  return parts.join('') + stream.end();
}

function differing(lines: readonly string[]): number {
  const out = through(lines);
  return lines.filter((line, i) => out[i] !== line).length;
}

async function logSets(folder: string): Promise<Record<string, readonly string[]>> {
  if (folder === '') return {};
  const named = existsSync(join(folder, 'loghub')) ? join(folder, 'loghub') : folder;
  return Object.fromEntries((await readLogSets(named)).map(({ system, lines }) => [system, lines.map((line) => line.replaceAll('\n', ' '))]));
}

/** As the command moves them: with threads, by the clock. */
async function speed(lines: readonly string[], planted: readonly PlantedLine[]): Promise<number> {
  const parts: string[] = [];
  for (let [i, size] = [0, 0]; size < SPEED_BYTES; i += 1) {
    const line = `${i % 50 === 49 ? (planted[i % planted.length]?.line ?? '') : (lines[(i * 7) % lines.length] ?? '')}\n`;
    parts.push(line);
    size += line.length;
  }
  const bytes = Buffer.from(parts.join(''));
  const chunks = Array.from({ length: Math.ceil(bytes.length / CHUNK) }, (_, i) => bytes.subarray(i * CHUNK, (i + 1) * CHUNK));
  const to = { write: (_part: string | Uint8Array, done?: () => void) => done?.() };
  const threads = redactThreads(availableParallelism(), {});
  const began = performance.now();
  await pumpRedacted({ from: Readable.from(chunks), to, mask: () => REDACTED, threads }).finally(() => threads.close());
  return Number((bytes.length / 1000 / (performance.now() - began)).toFixed(1));
}

function timeOf(text: string): number {
  const bytes = Buffer.from(text, 'latin1');
  return processorMs(() => redacted(bytes));
}

function processorMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function rounded(share: number): number {
  return Math.round(share * 100_000) / 100_000;
}

function failures(result: RedactResult): string[] {
  return [
    ...(result.caught < LIMITS.caught ? [`Of the secrets ${String(result.caught)} are gone, not ${String(LIMITS.caught)}.`] : []),
    ...(result.innocentChanged > LIMITS.innocentChanged
      ? [`Of the innocent lines ${String(result.innocentChanged)} changed, more than ${String(LIMITS.innocentChanged)}.`]
      : []),
    ...(result.mbPerSecond < LIMITS.mbPerSecond ? [`It does ${String(result.mbPerSecond)} MB/s, not ${String(LIMITS.mbPerSecond)}.`] : []),
    ...(result.slowestMegabyteMs >= LIMITS.slowestMegabyteMs ? [`A megabyte (${result.slowestText}) takes ${String(result.slowestMegabyteMs)} ms.`] : []),
  ];
}

function table(result: RedactResult): string {
  const row = (name: string, value: string | number): string => `  ${name.padEnd(46)}${String(value).padStart(12)}\n`;
  return [
    '\n',
    row('kinds of secrets', result.kinds),
    row(`gone, of ${String(result.secrets)}`, result.caught),
    row(`changed, of ${String(result.innocents)} innocent lines`, result.innocentChanged),
    row('MB/s', result.mbPerSecond),
    row('ms for the slowest hostile megabyte', result.slowestMegabyteMs),
    ...Object.entries(result.missed).map(([kind, count]) => row(`  not gone: ${kind}`, count)),
    ...Object.entries(result.changedBySet).map(([name, share]) => row(`  changed: ${name}`, share)),
  ].join('');
}
